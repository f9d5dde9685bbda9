/* emit_loop.c - pointwise operations, fused: one loop nest, operands loaded once, values that only
 * the loop reads kept in locals. */
#include <string.h>

#include "emit/emit_internal.h"

/* The C of each pointwise operation: $0.. operands, #0.. numbers, @f the function f of the model's
 * precision in libm, %f in <tapeless/elementary.h>. Integer literals convert exactly; there are no others. */
#define C_ADD "$0 + $1"
#define C_SUB "$0 - $1"
#define C_MUL "$0 * $1"
#define C_DIV "$0 / $1"
#define C_MAX "$0 > $1 || $0 != $0 ? $0 : $1" /* NaN goes through */
#define C_MIN "$0 < $1 || $0 != $0 ? $0 : $1"
#define C_GT "$0 > $1"
#define C_GE "$0 >= $1"
#define C_LT "$0 < $1"
#define C_LE "$0 <= $1"
#define C_EQ "$0 == $1"
#define C_WHERE "choose($0, $1, $2)" /* emit_table.c says why */
#define C_NEG "-$0"
#define C_POWC "@pow($0, #0)"
#define C_CLAMP "$0 < #0 ? #0 : $0 > #1 ? #1 : $0"
#define C_TANH "%tanh($0)"
#define C_SIGMOID "%sigmoid($0)"
#define C_RELU "$0 <= 0 ? 0 : $0" /* -0 too */
#define C_SOFTPLUS "%softplus($0)"
#define C_EXP "%exp($0)"
#define C_LOG "%log($0)"
#define C_SQRT "@sqrt($0)"
#define C_ABS "@fabs($0)"
#define C_SQUARE "$0 * $0"
#define C_SIN "@sin($0)"
#define C_COS "@cos($0)"

#define FORM_POINTWISE(NAME) C_##NAME
#define FORM_COPY(NAME) "$0"
#define FORM_LEAF(NAME) NULL
#define FORM_VIEW(NAME) NULL
#define FORM_REDUCE(NAME) NULL
#define FORM_ROWWISE(NAME) NULL
#define FORM_MATMUL(NAME) NULL
#define FORM_INDEX(NAME) NULL
#define FORM_PATCH(NAME) NULL

static const char *const forms[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = FORM_##kind(NAME),
    TL_OPS(X)
#undef X
};

static void print_operand(FILE *f, const Operand *o, tl_type real)
{
    if (o->from == FROM_NUMBER)
        print_number(f, real, o->number);
    else
        fprintf(f, "%c%u", o->from == FROM_RESULT ? 't' : 'v', o->index);
}

static void print_function(FILE *f, bool elementary, const char *word, int length, tl_type real)
{
    if (elementary)
        fprintf(f, "tl_%.*s_%s", length, word, real == TL_F32 ? "f32" : "f64");
    else
        fprintf(f, "%.*s%s", length, word, real == TL_F32 ? "f" : "");
}

static void print_form(FILE *f, const Instruction *in, tl_type real)
{
    for (const char *c = forms[in->op]; *c; c++) {
        const char *word_end = c + 1;
        switch (*c) {
        case '$':
            print_operand(f, &in->operand[*++c - '0'], real);
            break;
        case '#':
            print_number(f, real, in->number[*++c - '0']);
            break;
        case '@':
        case '%':
            while (*word_end != '(')
                word_end++;
            print_function(f, *c == '%', c + 1, (int)(word_end - c - 1), real);
            c = word_end - 1;
            break;
        default:
            fputc(*c, f);
        }
    }
}

/* True if an instruction before it, or an operand before it of its own, is the same access. */
static bool is_loaded(const Kernel *k, uint32_t instruction, uint32_t operand)
{
    uint32_t access = k->body[instruction].operand[operand].index;
    for (uint32_t i = 0; i <= instruction; i++)
        for (uint32_t a = 0; a < (i < instruction ? k->body[i].noperands : operand); a++)
            if (k->body[i].operand[a].from == FROM_ACCESS && k->body[i].operand[a].index == access)
                return true;
    return false;
}

/* The operands that have not been loaded yet. */
static void print_loads(FILE *f, const Kernel *k, uint32_t instruction)
{
    const Instruction *in = &k->body[instruction];
    for (uint32_t a = 0; a < in->noperands; a++) {
        uint32_t access = in->operand[a].index;
        if (in->operand[a].from != FROM_ACCESS || is_loaded(k, instruction, a))
            continue;
        fprintf(f, "%sconst real v%u = ", indent_text(1 + k->nest.rank), access);
        print_element(f, k, &k->access[access]);
        fputs(";\n", f);
    }
}

/* "y3[i] = " */
static void print_store(FILE *f, const Kernel *k, const Instruction *in)
{
    const Access *y = &k->access[in->store];
    print_element(f, k, y);
    fputs(y->add ? " += " : " = ", f);
}

static void print_instruction(FILE *f, const Kernel *k, uint32_t i, tl_type real)
{
    const Instruction *in = &k->body[i];
    const char *indent = indent_text(1 + k->nest.rank);
    bool stored = in->store != NOT_STORED, named = in->used || !stored;
    fputs(indent, f);
    if (named)
        fprintf(f, "const real t%u = ", i);
    else
        print_store(f, k, in);
    print_form(f, in, real);
    fputs(";\n", f);
    if (named && stored) {
        fputs(indent, f);
        print_store(f, k, in);
        fprintf(f, "t%u;\n", i);
    }
}

bool is_elementary(tl_op op) { return forms[op] && strchr(forms[op], '%'); }

/* The operations in order, as many as fit a line. */
void print_loop_title(FILE *f, const Kernel *k)
{
    size_t column = 3;
    fputs("/* ", f);
    for (uint32_t i = 0; i < k->ninstructions; i++) {
        const char *word = tl_op_table[k->body[i].op].word;
        if (column + strlen(word) > 88) {
            fprintf(f, "and %u more ", k->ninstructions - i);
            break;
        }
        fprintf(f, "%s ", word);
        column += strlen(word) + 1;
    }
    fputs("*/\n", f);
}

void print_loop(FILE *f, const Kernel *k, tl_type real)
{
    nest_open(f, &k->nest, 0, k->nest.rank, 1);
    for (uint32_t i = 0; i < k->ninstructions; i++) {
        print_loads(f, k, i);
        print_instruction(f, k, i, real);
    }
    nest_close(f, k->nest.rank, 1);
}
