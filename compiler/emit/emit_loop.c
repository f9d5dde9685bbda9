/* emit_loop.c - pointwise operations, fused: one loop nest, operands loaded once, values that only
 * the loop reads kept in locals. */
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"

/* The C of each pointwise operation: $0.. operands, #0.. numbers, @f the function f of the model's
 * precision. Integer literals convert exactly; there are no others. */
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
#define C_TANH "@tanh($0)"
#define C_SIGMOID "1 / (1 + @exp(-$0))"
#define C_RELU "$0 <= 0 ? 0 : $0" /* -0 too */
#define C_SOFTPLUS "($0 > 0 ? $0 : 0) + @log1p(@exp(-@fabs($0)))"
#define C_EXP "@exp($0)"
#define C_LOG "@log($0)"
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

typedef struct Loop {
    Emitter *e;
    uint32_t unit;
    Nest nest;
    FILE *text;
} Loop;

static bool is_local(const Emitter *e, uint32_t u, Ref r)
{
    const Node *n = node_at(graph_of(e), r);
    return e->c->units->of[r] == u && is_computed(n) && is_pointwise(n);
}

static uint32_t pointer_for(Loop *l, Ref r, bool written)
{
    const Node *n = node_at(graph_of(l->e), r);
    int64_t stride[MOST_DIMS];
    nest_strides(&l->nest, layout_of(l->e, r), &n->shape, n->batched, stride);
    return add_pointer(l->e, *layout_of(l->e, r), written, n->token, stride, l->nest.rank);
}

static void collect_pointers(Loop *l)
{
    Emitter *e = l->e;
    for (uint32_t i = 0; i < unit_at(e, l->unit)->count; i++) {
        Ref r = member_at(e, l->unit, i);
        if (e->c->units->stored[r])
            pointer_for(l, r, true);
        for (uint32_t a = 0; a < node_at(graph_of(e), r)->nargs; a++) {
            Ref arg = arg_at(graph_of(e), r, a);
            if (!is_local(e, l->unit, arg) && layout_of(e, arg)->block != BLOCK_CONST)
                pointer_for(l, arg, false);
        }
    }
}

static void print_operand(Loop *l, const Ref *operand_pointer, uint32_t member, Ref arg)
{
    Emitter *e = l->e;
    if (layout_of(e, arg)->block == BLOCK_CONST) {
        print_number(l->text, e->program->real, layout_of(e, arg)->value);
        return;
    }
    if (is_local(e, l->unit, arg)) {
        for (uint32_t i = 0; i < member; i++)
            if (member_at(e, l->unit, i) == arg)
                fprintf(l->text, "t%u", i);
        return;
    }
    fprintf(l->text, "v%u", *operand_pointer);
}

static void print_form(Loop *l, uint32_t member, const Ref *pointer_of)
{
    Emitter *e = l->e;
    Ref r = member_at(e, l->unit, member);
    const Node *n = node_at(graph_of(e), r);
    for (const char *c = forms[n->op]; *c; c++) {
        const char *word_end = c + 1;
        switch (*c) {
        case '$':
            c++;
            print_operand(l, &pointer_of[*c - '0'], member, arg_at(graph_of(e), r, (uint32_t)(*c - '0')));
            break;
        case '#':
            print_number(l->text, e->program->real, n->num[*++c - '0']);
            break;
        case '@':
            while (*word_end != '(')
                word_end++;
            fprintf(l->text, "%.*s%s", (int)(word_end - c - 1), c + 1, e->program->real == TL_F32 ? "f" : "");
            c = word_end - 1;
            break;
        default:
            fputc(*c, l->text);
        }
    }
}

static bool read_inside(const Loop *l, uint32_t member)
{
    const Graph *g = graph_of(l->e);
    Ref r = member_at(l->e, l->unit, member);
    for (uint32_t i = member + 1; i < unit_at(l->e, l->unit)->count; i++) {
        Ref user = member_at(l->e, l->unit, i);
        for (uint32_t a = 0; a < node_at(g, user)->nargs; a++)
            if (arg_at(g, user, a) == r)
                return true;
    }
    return false;
}

/* Loads the member's operands that have not been loaded yet, and says which pointer each is. */
static void print_loads(Loop *l, uint32_t member, bool *loaded, Ref *pointer_of)
{
    Emitter *e = l->e;
    Ref r = member_at(e, l->unit, member);
    for (uint32_t a = 0; a < node_at(graph_of(e), r)->nargs; a++) {
        Ref arg = arg_at(graph_of(e), r, a);
        if (is_local(e, l->unit, arg) || layout_of(e, arg)->block == BLOCK_CONST)
            continue;
        uint32_t p = pointer_of[a];
        if (!loaded[p]) {
            fprintf(l->text, "%sconst real v%u = x%u", indent_text(1 + l->nest.rank), p, p);
            nest_index(l->text, &l->nest, e->pointers[p].stride);
            fputs(";\n", l->text);
            loaded[p] = true;
        }
    }
}

static void print_member(Loop *l, uint32_t member, const Ref *pointer_of, uint32_t result)
{
    Emitter *e = l->e;
    Ref r = member_at(e, l->unit, member);
    bool stored = e->c->units->stored[r], inside = read_inside(l, member);
    const char *assign = layout_of(e, r)->add ? " += " : " = ";
    fputs(indent_text(1 + l->nest.rank), l->text);
    if (inside || !stored)
        fprintf(l->text, "const real t%u = ", member);
    else {
        fprintf(l->text, "y%u", result);
        nest_index(l->text, &l->nest, e->pointers[result].stride);
        fputs(assign, l->text);
    }
    print_form(l, member, pointer_of);
    fputs(";\n", l->text);
    if (inside && stored) {
        fprintf(l->text, "%sy%u", indent_text(1 + l->nest.rank), result);
        nest_index(l->text, &l->nest, e->pointers[result].stride);
        fprintf(l->text, "%st%u;\n", assign, member);
    }
}

/* Pointer numbers by member and operand, taken before the nest is collapsed. */
typedef struct Numbers {
    Ref operand[3];
    uint32_t result;
} Numbers;

static Numbers *number_pointers(Loop *l)
{
    Emitter *e = l->e;
    uint32_t count = unit_at(e, l->unit)->count;
    Numbers *numbers = arena_array(e->arena, Numbers, count);
    for (uint32_t i = 0; i < count; i++) {
        Ref r = member_at(e, l->unit, i);
        if (e->c->units->stored[r])
            numbers[i].result = pointer_for(l, r, true);
        for (uint32_t a = 0; a < node_at(graph_of(e), r)->nargs; a++) {
            Ref arg = arg_at(graph_of(e), r, a);
            if (!is_local(e, l->unit, arg) && layout_of(e, arg)->block != BLOCK_CONST)
                numbers[i].operand[a] = pointer_for(l, arg, false);
        }
    }
    return numbers;
}

/* The operations in order, as many as fit a line. */
static void print_title(Loop *l)
{
    const Emitter *e = l->e;
    uint32_t count = unit_at(e, l->unit)->count;
    size_t column = 3;
    fputs("/* ", l->text);
    for (uint32_t i = 0; i < count; i++) {
        const char *word = tl_op_table[node_at(graph_of(e), member_at(e, l->unit, i))->op].word;
        if (column + strlen(word) > 88) {
            fprintf(l->text, "and %u more ", count - i);
            break;
        }
        fprintf(l->text, "%s ", word);
        column += strlen(word) + 1;
    }
    fputs("*/\n", l->text);
}

void emit_loop(Emitter *e, uint32_t u)
{
    char *text = NULL;
    size_t size = 0;
    const Node *lead = node_at(graph_of(e), member_at(e, u, 0));
    Loop l = { .e = e, .unit = u, .nest = nest_over(e, &lead->shape, lead->batched) };
    l.text = text_open(&text, &size);
    begin_kernel(e);
    collect_pointers(&l);
    Numbers *numbers = number_pointers(&l);
    nest_collapse(&l.nest, e->pointers, e->npointers);
    print_title(&l);
    print_parameters(e, l.text);
    fputs("{\n", l.text);
    nest_open(l.text, &l.nest, 0, l.nest.rank, 1);
    bool *loaded = arena_array(e->arena, bool, e->npointers + 1);
    for (uint32_t i = 0; i < unit_at(e, u)->count; i++) {
        print_loads(&l, i, loaded, numbers[i].operand);
        print_member(&l, i, numbers[i].operand, numbers[i].result);
    }
    nest_close(l.text, l.nest.rank, 1);
    fputs("}\n", l.text);
    text_close(l.text, &text);
    call_kernel(e, "loop", text);
}
