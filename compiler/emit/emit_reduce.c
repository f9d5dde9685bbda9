/* emit_reduce.c - sums and softmax: one operand, one result, a nest over the operand's elements. */
#include <inttypes.h>
#include <stdlib.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"

/* An operation with one operand and one result, over the operand's elements. */
typedef struct Pass {
    Nest nest;
    uint32_t y, x;
    char *text;
    size_t size;
    FILE *f;
} Pass;

static void begin_pass(Emitter *e, Pass *p, Ref r, Ref over)
{
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r), *of = node_at(g, over), *operand = node_at(g, arg_at(g, r, 0));
    *p = (Pass){ .nest = nest_over(e, &of->shape, of->batched) };
    int64_t stride[MOST_DIMS];
    begin_kernel(e);
    nest_strides(&p->nest, layout_of(e, r), &n->shape, n->batched, stride);
    p->y = add_pointer(e, *layout_of(e, r), true, false, stride, p->nest.rank);
    nest_strides(&p->nest, layout_of(e, arg_at(g, r, 0)), &operand->shape, operand->batched, stride);
    p->x = add_pointer(e, *layout_of(e, arg_at(g, r, 0)), false, false, stride, p->nest.rank);
    p->f = text_open(&p->text, &p->size);
}

static void end_pass(Emitter *e, Pass *p, const char *kind)
{
    text_close(p->f, &p->text);
    call_kernel(e, kind, p->text);
}

static void print_element(const Emitter *e, Pass *p, uint32_t pointer)
{
    fprintf(p->f, "%c%u", e->pointers[pointer].written ? 'y' : 'x', pointer);
    nest_index(p->f, &p->nest, e->pointers[pointer].stride);
}

/* Moves the dims that the result keeps to the front, in order. */
static int32_t kept_dims_first(Nest *nest, Pointer *p, uint32_t y, uint32_t n)
{
    int32_t kept = 0;
    for (int32_t d = 0; d < nest->rank; d++) {
        if (!p[y].stride[d])
            continue;
        for (int32_t i = d; i > kept; i--) {
            int64_t t = nest->extent[i];
            nest->extent[i] = nest->extent[i - 1];
            nest->extent[i - 1] = t;
            for (uint32_t k = 0; k < n; k++) {
                t = p[k].stride[i];
                p[k].stride[i] = p[k].stride[i - 1];
                p[k].stride[i - 1] = t;
            }
        }
        kept++;
    }
    return kept;
}

/* The summed dims run inside: one accumulator a result. */
static void sum_inside(Emitter *e, Pass *p, const char *assign)
{
    int32_t kept = kept_dims_first(&p->nest, e->pointers, p->y, e->npointers), rank = p->nest.rank;
    nest_open(p->f, &p->nest, 0, kept, 1);
    fprintf(p->f, "%sreal sum = 0;\n", indent_text(kept + 1));
    nest_open(p->f, &p->nest, kept, rank, kept + 1);
    fprintf(p->f, "%ssum += ", indent_text(rank + 1));
    print_element(e, p, p->x);
    fputs(";\n", p->f);
    nest_close(p->f, rank - kept, kept + 1);
    fputs(indent_text(kept + 1), p->f);
    print_element(e, p, p->y);
    fprintf(p->f, "%ssum;\n", assign);
    nest_close(p->f, kept, 1);
}

/* The summed dims run outside, so that neighbours in memory are added to neighbours: the first
 * row is stored, the others are added to it. Dim 0 is summed, all others are kept. */
static void sum_outside(Emitter *e, Pass *p, const char *assign)
{
    Nest rows = p->nest;
    rows.extent[0] = 1;
    nest_open(p->f, &p->nest, 1, p->nest.rank, 1);
    Nest whole = p->nest;
    p->nest = rows;
    fputs(indent_text(p->nest.rank), p->f);
    print_element(e, p, p->y);
    fputs(assign, p->f);
    print_element(e, p, p->x);
    fputs(";\n", p->f);
    p->nest = whole;
    nest_close(p->f, p->nest.rank - 1, 1);
    fprintf(p->f, "    for (int i = 1; i < %" PRId64 "; i++)\n", p->nest.extent[0]);
    nest_open(p->f, &p->nest, 1, p->nest.rank, 2);
    fputs(indent_text(p->nest.rank + 1), p->f);
    print_element(e, p, p->y);
    fputs(" += ", p->f);
    print_element(e, p, p->x);
    fputs(";\n", p->f);
    nest_close(p->f, p->nest.rank - 1, 2);
}

static bool only_first_summed(const Nest *nest, const Pointer *y)
{
    if (nest->rank < 2 || y->stride[0])
        return false;
    for (int32_t d = 1; d < nest->rank; d++)
        if (!y->stride[d])
            return false;
    return true;
}

void emit_sum(Emitter *e, Ref r)
{
    const char *assign = layout_of(e, r)->add ? " += " : " = ";
    Pass p;
    begin_pass(e, &p, r, arg_at(graph_of(e), r, 0));
    nest_collapse(&p.nest, e->pointers, e->npointers);
    fputs("/* sum */\n", p.f);
    print_parameters(e, p.f);
    fputs("{\n", p.f);
    if (only_first_summed(&p.nest, &e->pointers[p.y]))
        sum_outside(e, &p, assign);
    else
        sum_inside(e, &p, assign);
    fputs("}\n", p.f);
    end_pass(e, &p, "sum");
}

/* Moves dim `at` to the end. */
static void dim_last(Nest *nest, Pointer *p, uint32_t n, int32_t at)
{
    for (int32_t d = at; d + 1 < nest->rank; d++) {
        int64_t t = nest->extent[d];
        nest->extent[d] = nest->extent[d + 1];
        nest->extent[d + 1] = t;
        for (uint32_t k = 0; k < n; k++) {
            t = p[k].stride[d];
            p[k].stride[d] = p[k].stride[d + 1];
            p[k].stride[d + 1] = t;
        }
    }
}

static void open_row(Pass *p)
{
    int32_t last = p->nest.rank - 1;
    nest_open(p->f, &p->nest, last, p->nest.rank, last + 1);
    fputs(indent_text(last + 2), p->f);
}

static void close_row(Pass *p)
{
    fputs(";\n", p->f);
    nest_close(p->f, 1, p->nest.rank);
}

/* The row's maximum, so that exp does not overflow. */
static void print_maximum(Emitter *e, Pass *p)
{
    const char *in = indent_text(p->nest.rank);
    fprintf(p->f, "%sreal most = -%s, sum = 0;\n", in, infinity_word(e->program->real));
    open_row(p);
    fputs("most = most > ", p->f);
    print_element(e, p, p->x);
    fputs(" ? most : ", p->f);
    print_element(e, p, p->x);
    close_row(p);
}

static void print_softmax(Emitter *e, Pass *p, const char *f)
{
    open_row(p);
    fputs("sum += ", p->f);
    print_element(e, p, p->y);
    fprintf(p->f, " = exp%s(", f);
    print_element(e, p, p->x);
    fputs(" - most)", p->f);
    close_row(p);
    open_row(p);
    print_element(e, p, p->y);
    fputs(" /= sum", p->f);
    close_row(p);
}

/* x - most first: most + log(sum) would lose the digits of log(sum) where the logits are large. */
static void print_log_softmax(Emitter *e, Pass *p, const char *f)
{
    open_row(p);
    fprintf(p->f, "sum += exp%s(", f);
    print_element(e, p, p->x);
    fputs(" - most)", p->f);
    close_row(p);
    fprintf(p->f, "%sconst real shift = log%s(sum);\n", indent_text(p->nest.rank), f);
    open_row(p);
    print_element(e, p, p->y);
    fputs(" = ", p->f);
    print_element(e, p, p->x);
    fputs(" - most - shift", p->f);
    close_row(p);
}

void emit_softmax(Emitter *e, Ref r)
{
    const Node *n = node_at(graph_of(e), r);
    const char *f = e->program->real == TL_F32 ? "f" : "";
    Pass p;
    begin_pass(e, &p, r, r);
    dim_last(&p.nest, e->pointers, e->npointers, 1 + n->attr[0]);
    fprintf(p.f, "/* %s */\n", tl_op_table[n->op].word);
    print_parameters(e, p.f);
    fputs("{\n", p.f);
    nest_open(p.f, &p.nest, 0, p.nest.rank - 1, 1);
    print_maximum(e, &p);
    if (n->op == OP_SOFTMAX)
        print_softmax(e, &p, f);
    else
        print_log_softmax(e, &p, f);
    nest_close(p.f, p.nest.rank - 1, 1);
    fputs("}\n", p.f);
    end_pass(e, &p, "softmax");
}
