/* emit_fixed.c - a step in fixed point as one .c and one .h that stand alone: its weights and tables as constants, a call of a
 * function of <tapeless/fixed.h> for each unit, and predictions in numbers or in units of them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"

enum { LAST = FIXED_DIMS - 1, ROOM = 110 };

/* ---- constants ---- */

static void print_numbers(FILE *f, const char *type, const char *name, int32_t index, const void *v, int bytes, int32_t n)
{
    int column = ROOM + 1;
    fprintf(f, "static const %s %s", type, name);
    if (index >= 0)
        fprintf(f, "_%d", index);
    fprintf(f, "[%d] = {", n);
    for (int32_t i = 0; i < n; i++) {
        const int32_t q = bytes == 1 ? ((const int8_t *)v)[i] : bytes == 2 ? ((const int16_t *)v)[i] : ((const int32_t *)v)[i];
        column = column > ROOM ? fprintf(f, "\n    ") : column + fprintf(f, " ");
        column += fprintf(f, "%" PRId32 "%s", q, i + 1 < n ? "," : "");
    }
    fputs("\n};\n", f);
}

static void print_weights(const FixedProgram *x, FILE *f)
{
    for (int32_t i = 0; i < x->nweights; i++) {
        const FixedWeights *w = &x->weights[i];
        fprintf(f, "\n/* {%d, %d} */\n", w->rows, w->columns);
        print_numbers(f, w->narrow ? "int8_t" : "int16_t", "weights", i, w->q, 2, w->rows * w->columns);
        if (w->factor)
            print_numbers(f, "int32_t", "factor", i, w->factor, 4, w->rows);
        if (w->shift)
            print_numbers(f, "int8_t", "shift", i, w->shift, 1, w->rows);
    }
}

static void print_constants(const FixedProgram *x, FILE *f)
{
    print_weights(x, f);
    for (int32_t i = 0; i < x->ntables; i++) {
        const FixedTable *t = &x->table[i];
        fprintf(f, "\n/* %s", tl_op_table[t->op].word);
        if (t->op == OP_POWC)
            fprintf(f, " %.9g", t->exponent);
        fprintf(f, " of what has %d bits, with %d, in %d intervals */\n", t->from, t->to, 1 << (16 - t->shift));
        print_numbers(f, "int16_t", "table", i, t->q, 2, t->count);
    }
    if (x->nconstants) {
        fputs("\n/* Numbers of the spec, and parameters that multiply nothing. */\n", f);
        print_numbers(f, "int16_t", "constants", -1, x->constant, 2, x->nconstants);
    }
    if (x->states) {
        fputs("\n/* The state before a sequence. */\n", f);
        print_numbers(f, "int16_t", "first", -1, x->first, 2, x->states);
    }
}

/* ---- units ---- */

static const char *const loops = "ijkl";

static void print_place(const FixedPlace *p, int32_t nloops, FILE *f)
{
    switch (p->block) {
    case FIXED_VALUES: fprintf(f, "v + %d", p->at); break;
    case FIXED_NARROW: fprintf(f, "(int8_t *)v + %d", p->at); break;
    case FIXED_STATE: fprintf(f, "s + %d", p->at); break;
    case FIXED_CONSTANTS: fprintf(f, "constants + %d", p->at); break;
    case FIXED_INPUT: fprintf(f, "(const int16_t *)input[%d] + %d", p->index, p->at); break;
    case FIXED_OUTPUT: fprintf(f, "(int16_t *)output[%d] + %d", p->index, p->at); break;
    case FIXED_WEIGHTS: fprintf(f, "weights_%d + %d", p->index, p->at); break;
    }
    for (int32_t d = 0; d < nloops; d++)
        if (p->stride[d])
            fprintf(f, " + %c * %d", loops[d], p->stride[d]);
}

static int open_loops(const FixedUnit *u, int32_t from, int32_t to, int indent, FILE *f)
{
    for (int32_t d = from; d < to; d++)
        if (u->extent[d] > 1)
            fprintf(f, "%*sfor (int32_t %c = 0; %c < %d; %c++)\n", 4 * indent++, "", loops[d], loops[d], u->extent[d], loops[d]);
    return indent;
}

/* Loops that go round once are not there: what they count is 0, and has no stride. */
static FixedPlace without_ones(const FixedUnit *u, FixedPlace p)
{
    for (int32_t d = 0; d < FIXED_DIMS; d++)
        if (u->extent[d] == 1)
            p.stride[d] = 0;
    return p;
}

static void print_operand(const FixedUnit *u, const FixedPlace *place, int32_t nloops, bool strided, FILE *f)
{
    const FixedPlace p = without_ones(u, *place);
    print_place(&p, nloops, f);
    if (strided)
        fprintf(f, ", %d", p.stride[LAST]);
    fputs(", ", f);
}

static void print_last_numbers(const FixedUnit *u, int32_t from, FILE *f)
{
    for (int32_t i = from; i < u->nnumbers; i++)
        fprintf(f, ", %d", u->number[i]);
    fputs(");\n", f);
}

static void print_each(const FixedUnit *u, const FixedProgram *x, FILE *f)
{
    const int indent = open_loops(u, 0, LAST, 1, f);
    fprintf(f, "%*stl_fixed_%s(", 4 * indent, "", u->function);
    print_operand(u, &u->y, LAST, true, f);
    for (int32_t k = 0; k < u->noperands; k++)
        print_operand(u, &u->operand[k], LAST, true, f);
    fprintf(f, "%d", u->extent[LAST]);
    if (u->table >= 0)
        fprintf(f, ", table_%d, %d", u->table, x->table[u->table].shift);
    print_last_numbers(u, 0, f);
}

/* Kept dims, then those that are summed, of which the last is the function's. */
static void print_sum_of(const FixedUnit *u, FILE *f)
{
    int32_t last = LAST;
    while (last > u->kept && u->extent[last] == 1)
        last--;
    const int indent = open_loops(u, 0, u->kept, 1, f);
    const FixedPlace y = without_ones(u, u->y), a = without_ones(u, u->operand[0]);
    fprintf(f, "%*s{\n%*sint32_t sum = 0;\n", 4 * indent, "", 4 * indent + 4, "");
    const int inner = open_loops(u, u->kept, last, indent + 1, f);
    fprintf(f, "%*ssum += tl_fixed_sum(", 4 * inner, "");
    print_place(&a, last, f);
    fprintf(f, ", %d, %d);\n%*s*(", a.stride[last], u->extent[last], 4 * indent + 4, "");
    print_place(&y, u->kept, f);
    fprintf(f, ") = tl_fixed_round_long(sum, %d);\n%*s}\n", u->number[0], 4 * indent, "");
}

static void print_product_of(const FixedUnit *u, const FixedProgram *x, FILE *f)
{
    const int32_t w = u->operand[0].index;
    fprintf(f, "    tl_fixed_%s(", u->function);
    print_place(&u->y, 0, f);
    fprintf(f, ", %d, %d, weights_%d, ", u->y.stride[0], u->y.stride[1], w);
    print_place(&u->operand[1], 0, f);
    fprintf(f, ", %d, %d, %d, %d, %d", u->operand[1].stride[0], u->operand[1].stride[1], u->number[0], u->number[1], u->number[2]);
    if (x->weights[w].factor)
        fprintf(f, ", factor_%d", w);
    fprintf(f, ", shift_%d);\n", w);
}

static void print_between(const FixedUnit *u, FILE *f)
{
    fputs("    tl_fixed_product(", f);
    print_place(&u->y, 0, f);
    for (int32_t k = 0; k < 2; k++) {
        fputs(", ", f);
        print_place(&u->operand[k], 0, f);
        fprintf(f, ", %d, %d", u->operand[k].stride[0], u->operand[k].stride[1]);
    }
    fprintf(f, ", %d", u->number[0]);
    print_last_numbers(u, 1, f);
}

static void print_narrow(const FixedUnit *u, FILE *f)
{
    fputs("    tl_fixed_narrow(", f);
    print_place(&u->y, 0, f);
    fputs(", ", f);
    print_place(&u->operand[0], 0, f);
    fprintf(f, ", %d", u->extent[LAST]);
    print_last_numbers(u, 0, f);
}

/* A row's place is the token times what a row has. */
static void print_row(const FixedUnit *u, const FixedProgram *x, FILE *f)
{
    const int32_t w = u->operand[0].index, token = u->operand[1].index, n = u->extent[LAST];
    fprintf(f, "    tl_fixed_%s(", u->function);
    print_place(&u->y, 0, f);
    if (x->weights[w].narrow) {
        fprintf(f, ", weights_%d, *(const int32_t *)input[%d], %d", w, token, n);
        print_last_numbers(u, 0, f);
    } else
        fprintf(f, ", 1, weights_%d + *(const int32_t *)input[%d] * %d, 1, %d, 0);\n", w, token, n, n);
}

static void print_pick(const FixedUnit *u, FILE *f)
{
    const int32_t stride = u->operand[0].stride[LAST], n = u->extent[LAST];
    fputs("    tl_fixed_move(", f);
    print_place(&u->y, 0, f);
    fputs(", 1, ", f);
    print_place(&u->operand[0], 0, f);
    fprintf(f, " + *(const int32_t *)input[%d] * %d, %d, %d", u->operand[1].index, n * stride, stride, n);
    print_last_numbers(u, 0, f);
}

static void print_window(const FixedUnit *u, FILE *f)
{
    fputs("    {\n        static const tl_fixed_window w = { ", f);
    for (int32_t i = 0; i < 11; i++)
        fprintf(f, "%s%d", i ? ", " : "", u->window[i]);
    fprintf(f, " };\n        tl_fixed_%s(", u->function);
    print_place(&u->y, 0, f);
    fputs(", ", f);
    print_place(&u->operand[0], 0, f);
    fputs(", &w);\n    }\n", f);
}

static void print_unit(const FixedProgram *x, const FixedUnit *u, FILE *f)
{
    switch (u->kind) {
    case FIXED_EACH: print_each(u, x, f); break;
    case FIXED_SUM: print_sum_of(u, f); break;
    case FIXED_PRODUCT: print_product_of(u, x, f); break;
    case FIXED_BETWEEN: print_between(u, f); break;
    case FIXED_TO_NARROW: print_narrow(u, f); break;
    case FIXED_ROW: print_row(u, x, f); break;
    case FIXED_PICK: print_pick(u, f); break;
    case FIXED_WINDOW: print_window(u, f); break;
    }
}

static void print_step(const Program *p, const FixedProgram *x, FILE *f)
{
    fprintf(f, "\nvoid %s_fixed_step(const void *const *input, void *const *output, int16_t *s, int16_t *v)\n{\n"
            "    (void)input;\n    (void)output;\n    (void)s;\n    (void)v;\n", p->model->name);
    for (int32_t i = 0, line = 0; i < x->nunits; i++) {
        const FixedUnit *u = &x->unit[i];
        if (u->file_line && u->file_line != line)
            fprintf(f, "    /* %s:%d */\n", base_name(u->file), u->file_line);
        line = u->file_line;
        print_unit(x, u, f);
    }
    fputs("}\n", f);
}

/* ---- the drivers ---- */

static void print_pointers(const tl_tensor *t, int32_t n, const char *type, const char *name, const char *from,
                           const char *unnamed, FILE *f)
{
    Arena *arena = arena_new();
    fprintf(f, "    %s const %s[] = {", type, name);
    for (int32_t i = 0; i < n; i++)
        fprintf(f, "%s %s->%s", i ? "," : "", from, member_name(arena, t, i, unnamed));
    fputs(n ? " };\n" : " NULL };\n", f);
    arena_free(arena);
}

static void print_signature(const Program *p, const char *function, const char *prefix, bool named, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "void %s_%s(%s_predictor *%s", m->name, function, m->name, named ? "p" : "");
    if (m->ninputs)
        fprintf(f, ", const %s_%sinput *%s", m->name, prefix, named ? "x" : "");
    if (m->noutputs)
        fprintf(f, ", %s_%soutput *%s", m->name, prefix, named ? "y" : "");
    fputs(")", f);
}

static void print_drivers(const Program *p, const FixedProgram *x, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "\nvoid %s_start(%s_predictor *p)\n{\n", m->name, m->name);
    if (x->states)
        fprintf(f, "    for (int32_t i = 0; i < %d; i++)\n        p->state[i] = first[i];\n}\n\n", x->states);
    else
        fputs("    p->state[0] = 0;\n}\n\n", f);
    print_signature(p, "fixed", "fixed_", true, f);
    fputs("\n{\n", f);
    print_pointers(m->inputs, m->ninputs, "const void *", "input", "x", "x", f);
    print_pointers(m->outputs, m->noutputs, "void *", "output", "y", "y", f);
    fprintf(f, "    %s_fixed_step(input, output, p->state, p->work);\n}\n", m->name);
    if (has_probabilities(p))
        fprintf(f, "\nint32_t %s_exp(uint32_t u)\n{\n    return tl_fixed_exp(u);\n}\n", m->name);
}

void emit_fixed_source(const Program *p, FILE *f)
{
    const FixedProgram *x = p->single->fixed;
    fprintf(f, "/* %s.c\n *\n", p->model->name);
    print_provenance(p, f);
    fprintf(f, " *\n * It stands alone, and has no floating point: arithmetic, then weights and tables, then the step, a call an operation. A\n"
            " * value q of so many bits is q / 2^bits; s is the state, v what the step computes. */\n#include \"%s.h\"\n\n"
            "#ifdef __GNUC__\n#define TL_UNUSED __attribute__((unused))\n#else\n#define TL_UNUSED\n#endif\n\n", p->model->name);
    print_template(f, "fixed.h");
    print_constants(x, f);
    print_step(p, x, f);
    print_drivers(p, x, f);
}

/* ---- the header ---- */

static void print_memory(const Program *p, const FixedProgram *x, FILE *f)
{
    const int state = x->states ? x->states : 1, values = x->values ? x->values : 1;
    fprintf(f, " *\n * In fixed point: weights%s of %d bits, all else of 16. Predictions alone.\n",
            x->narrow ? ", and what they multiply," : "", x->narrow ? 8 : 16);
    print_fixed_flash_and_stack(p, f);
    fprintf(f, " * RAM, bytes, of %s_predictor:\n"
            " *   state         %8d\n *   work          %8d\n * %" PRId64 " multiplications in the products of a step.\n",
            p->model->name, 2 * state, 2 * values, x->products);
}

static void print_fixed_fields(const Program *p, const char *kind, const tl_tensor *t, int32_t n, const int32_t *bits, const char *unnamed,
                               FILE *f)
{
    Arena *arena = arena_new();
    if (n)
        fprintf(f, "typedef struct %s_fixed_%s {\n", p->model->name, kind);
    for (int32_t i = 0; i < n; i++) {
        fprintf(f, "    %s %s[%zu];", t[i].vocab ? "int32_t" : "int16_t", member_name(arena, t, i, unnamed), tl_size(&t[i]));
        fprintf(f, t[i].vocab ? " /* 0 .. %d" : " /* %d bits", t[i].vocab ? t[i].vocab - 1 : bits[i]);
        if (t[i].vocab)
            print_words_of(f, p, *kind == 't', i);
        fputs(" */\n", f);
    }
    if (n)
        fprintf(f, "} %s_fixed_%s;\n", p->model->name, kind);
    arena_free(arena);
}

/* Powers of two are exact: the bits are those of the processor next door, whatever it fuses. */
static void print_scale(FILE *f, int32_t bits)
{
    print_number(f, TL_F32, ldexp(1, bits));
}

static void print_into(const Program *p, const FixedProgram *x, FILE *f)
{
    const Model *m = p->model;
    Arena *arena = arena_new();
    for (int32_t i = 0; i < m->ninputs; i++) {
        const char *member = member_name(arena, m->inputs, i, "x");
        fprintf(f, "    for (size_t i = 0; i < %zu; i++)\n        ", tl_size(&m->inputs[i]));
        if (m->inputs[i].vocab)
            fprintf(f, "a.%s[i] = x->%s[i];\n", member, member);
        else {
            fprintf(f, "a.%s[i] = %s_quantum(x->%s[i] * ", member, m->name, member);
            print_scale(f, x->input_bits[i]);
            fputs(");\n", f);
        }
    }
    arena_free(arena);
}

static void print_out_of(const Program *p, const FixedProgram *x, FILE *f)
{
    const Model *m = p->model;
    Arena *arena = arena_new();
    for (int32_t i = 0; i < m->noutputs; i++) {
        const char *member = member_name(arena, m->outputs, i, "y");
        fprintf(f, "    for (size_t i = 0; i < %zu; i++)\n        y->%s[i] = (float)b.%s[i] * ", tl_size(&m->outputs[i]), member, member);
        print_scale(f, -x->output_bits[i]);
        fputs(";\n", f);
    }
    arena_free(arena);
}

static void print_predict(const Program *p, const FixedProgram *x, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "/* The nearest; NaN is the least. */\nstatic inline int16_t %s_quantum(float v)\n{\n"
            "    return (int16_t)(!(v > -32768.0f) ? -32768 : v >= 32767.0f ? 32767 : v < 0.0f ? -(int32_t)(0.5f - v) : (int32_t)(v + 0.5f));\n"
            "}\n\n/* The same in numbers, which are rounded to units and saturate. */\nstatic inline ", m->name);
    print_signature(p, "predict", "", true, f);
    fputs("\n{\n", f);
    if (m->ninputs)
        fprintf(f, "    %s_fixed_input a;\n", m->name);
    if (m->noutputs)
        fprintf(f, "    %s_fixed_output b;\n", m->name);
    print_into(p, x, f);
    fprintf(f, "    %s_fixed(p%s%s);\n", m->name, m->ninputs ? ", &a" : "", m->noutputs ? ", &b" : "");
    print_out_of(p, x, f);
    fputs("}\n", f);
}

void emit_fixed_header(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const FixedProgram *x = p->single->fixed;
    fprintf(f, "/* %s.h - %s: steps of a sequence, quantised.\n *\n", m->name, m->name);
    print_provenance(p, f);
    print_memory(p, x, f);
    fputs(" */\n#ifndef ", f);
    print_upper(f, m->name, "_TAPELESS_H\n#define ");
    print_upper(f, m->name, "_TAPELESS_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n");
    print_size(p, f, "_STEP_STATE_SIZE", x->states, " /* elements */");
    print_size(p, f, "_STEP_WORK_SIZE", 2 * (int64_t)x->values, " /* bytes */");
    emit_places(p, f);
    fprintf(f, "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\ntypedef float %s_real;\n", m->name);
    emit_fields(p, f);
    fputs("\n/* Likewise in units: q of b bits is q / 2^b. */\n", f);
    print_fixed_fields(p, "input", m->inputs, m->ninputs, x->input_bits, "x", f);
    print_fixed_fields(p, "output", m->outputs, m->noutputs, x->output_bits, "y", f);
    fprintf(f, "\n/* Start before the first step of each sequence; then a step: outputs are its own. Tokens must be of the vocabulary. */\n"
            "typedef struct %s_predictor {\n    int16_t state[%d], work[%d];\n} %s_predictor;\n\nvoid %s_start(%s_predictor *);\n", m->name,
            x->states ? x->states : 1, x->values ? x->values : 1, m->name, m->name, m->name);
    print_signature(p, "fixed", "fixed_", false, f);
    fprintf(f, ";\n/* With one array a field, and memory as the predictor has it. */\n"
            "void %s_fixed_step(const void *const *input, void *const *output, int16_t *state, int16_t *work);\n\n", m->name);
    print_predict(p, x, f);
    if (has_probabilities(p)) {
        fprintf(f, "\n/* 2^30 e^(-u / 2^16). */\nint32_t %s_exp(uint32_t u);\n", m->name);
        print_probabilities(p, f);
    }
    fputs("\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", f);
}
