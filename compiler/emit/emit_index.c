/* emit_index.c - what a token addresses: rows of an embedding, an element of a vector; and dropout's
 * masks, addressed by step. Tokens were checked against the vocabulary when they were read. */
#include <inttypes.h>
#include <stdlib.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "graph/user_error.h"

typedef struct Lookup {
    const char *assign; /* " = " or " += " */
    int64_t lanes, count; /* elements moved for each lane */
    int64_t x_lane, x_stride, y_lane, y_stride, row, token_lane;
} Lookup;

static void pointers(Emitter *e, Ref r)
{
    static const int64_t none[MOST_DIMS];
    const Graph *g = graph_of(e);
    begin_kernel(e);
    add_pointer(e, *layout_of(e, r), true, false, none, MOST_DIMS);
    add_pointer(e, *layout_of(e, arg_at(g, r, 0)), false, false, none, MOST_DIMS);
    add_pointer(e, *layout_of(e, arg_at(g, r, 1)), false, true, none, MOST_DIMS);
}

static void print_clear(Emitter *e, FILE *f, const Layout *y, const Node *n)
{
    int64_t outer = n->shape.rank == 2 ? n->shape.dim[0] : 1, inner = n->shape.dim[n->shape.rank - 1];
    int64_t outer_stride = n->shape.rank == 2 ? y->stride[0] : 0, lanes = n->batched ? graph_of(e)->lanes : 1;
    fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", lanes);
    fprintf(f, "        for (int i = 0; i < %" PRId64 "; i++)\n", outer);
    fprintf(f, "            for (int j = 0; j < %" PRId64 "; j++)\n", inner);
    fprintf(f, "                y0[b * %" PRId64 " + i * %" PRId64 " + j * %" PRId64 "] = 0;\n", y->lane,
            outer_stride, y->stride[n->shape.rank - 1]);
}

static void print_gather(FILE *f, const Lookup *l)
{
    fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", l->lanes);
    fprintf(f, "        for (int j = 0; j < %" PRId64 "; j++)\n", l->count);
    fprintf(f, "            y0[b * %" PRId64 " + j * %" PRId64 "]%sx1[x2[b * %" PRId64 "] * %" PRId64 " + j * %" PRId64
            "];\n", l->y_lane, l->y_stride, l->assign, l->token_lane, l->row, l->x_stride);
}

static void print_pick(FILE *f, const Lookup *l)
{
    fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", l->lanes);
    fprintf(f, "        y0[b * %" PRId64 "]%sx1[b * %" PRId64 " + x2[b * %" PRId64 "] * %" PRId64 "];\n", l->y_lane,
            l->assign, l->x_lane, l->token_lane, l->x_stride);
}

static void print_unpick(FILE *f, const Lookup *l)
{
    fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", l->lanes);
    fprintf(f, "        y0[b * %" PRId64 " + x2[b * %" PRId64 "] * %" PRId64 "] += x1[b * %" PRId64 "];\n", l->y_lane,
            l->token_lane, l->y_stride, l->x_lane);
}

static void print_scatter(FILE *f, const Lookup *l)
{
    fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", l->lanes);
    fprintf(f, "        for (int j = 0; j < %" PRId64 "; j++)\n", l->count);
    fprintf(f, "            y0[x2[b * %" PRId64 "] * %" PRId64 " + j * %" PRId64 "] += x1[b * %" PRId64 " + j * %" PRId64
            "];\n", l->token_lane, l->row, l->y_stride, l->x_lane, l->x_stride);
}

static Lookup lookup(const Emitter *e, Ref r)
{
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r), *x = node_at(g, arg_at(g, r, 0)), *token = node_at(g, arg_at(g, r, 1));
    const Layout *ly = layout_of(e, r), *lx = layout_of(e, arg_at(g, r, 0));
    bool lanes = n->batched || x->batched || token->batched;
    Lookup l = { .assign = ly->add ? " += " : " = ", .lanes = lanes ? g->lanes : 1,
                 .x_lane = lx->lane, .y_lane = ly->lane, .token_lane = layout_of(e, arg_at(g, r, 1))->lane };
    if (x->shape.rank)
        l.x_stride = lx->stride[x->shape.rank - 1];
    if (n->shape.rank) {
        l.y_stride = ly->stride[n->shape.rank - 1];
        l.count = n->shape.dim[n->shape.rank - 1];
    }
    l.row = n->op == OP_GATHER ? lx->stride[0] : ly->stride[0];
    return l;
}

void emit_index(Emitter *e, Ref r)
{
    char *text = NULL;
    size_t size = 0;
    const Node *n = node_at(graph_of(e), r);
    Lookup l = lookup(e, r);
    FILE *f = text_open(&text, &size);
    pointers(e, r);
    fprintf(f, "/* %s */\n", tl_op_table[n->op].word);
    print_parameters(e, f);
    fputs("{\n", f);
    if ((n->op == OP_UNPICK || n->op == OP_SCATTER) && !layout_of(e, r)->add)
        print_clear(e, f, layout_of(e, r), n);
    switch (n->op) {
    case OP_GATHER: print_gather(f, &l); break;
    case OP_PICK: print_pick(f, &l); break;
    case OP_UNPICK: print_unpick(f, &l); break;
    default: print_scatter(f, &l);
    }
    fputs("}\n", f);
    text_close(f, &text);
    call_kernel(e, tl_op_table[n->op].word, text);
}

void emit_dropmask(Emitter *e, Ref r)
{
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r);
    assume(n->op == OP_DROPMASK, "%%%u is not computed", r);
    fprintf(e->body, "    tl_dropmask_%s(", e->program->real == TL_F32 ? "f32" : "f64");
    print_pointer(e, layout_of(e, r));
    fprintf(e->body, ", %d, %" PRId64 ", ", g->lanes, shape_size(&n->shape));
    print_number(e->body, TL_F64, n->num[0]);
    fprintf(e->body, ", win->seed, win->tick - %d, %d);\n", g->k - 1 - slot_of_section(g, n->section), n->attr[0]);
}
