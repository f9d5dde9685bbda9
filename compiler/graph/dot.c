#include "graph/dot.h"

static const char *leaf_name(const Model *m, const Node *n)
{
    const char *name = "";
    switch (n->op) {
    case OP_PARAM: name = m->params[n->attr[0]].name; break;
    case OP_INPUT: name = m->inputs[n->attr[0]].name; break;
    case OP_TARGET: name = m->targets[n->attr[0]].name; break;
    case OP_STATE: name = m->states[n->attr[0]].name; break;
    case OP_PAST: name = m->past[n->attr[0]].name; break;
    default: break;
    }
    return name;
}

static void write_node(const Model *m, Ref r, FILE *f)
{
    const Graph *g = m->step;
    const Node *n = node_at(g, r);
    bool leaf = tl_op_table[n->op].kind == TL_LEAF;
    fprintf(f, "  n%u [label=\"%s %s", r, tl_op_table[n->op].word, leaf_name(m, n));
    if (n->op == OP_CONST)
        fprintf(f, "%g", n->num[0]);
    fprintf(f, "\\n%s\"%s];\n", shape_text(g->arena, &n->shape), leaf ? " shape=box" : "");
    for (uint32_t i = 0; i < n->nargs; i++)
        fprintf(f, "  n%u -> n%u;\n", arg_at(g, r, i), r);
}

void dot_write(const Model *m, FILE *f)
{
    fprintf(f, "digraph %s {\n  node [fontname=monospace shape=ellipse];\n", m->name);
    for (Ref r = 1; r < m->step->count; r++)
        write_node(m, r, f);
    for (int32_t i = 0; i < m->nstates; i++)
        fprintf(f, "  next%d [label=\"next %s\" shape=box];\n  n%u -> next%d;\n", i, m->states[i].name, m->next_state[i], i);
    for (int32_t i = 0; i < m->noutputs; i++)
        fprintf(f, "  out%d [label=\"output %s\" shape=box];\n  n%u -> out%d;\n", i, m->outputs[i].name, m->output[i], i);
    if (m->loss)
        fprintf(f, "  loss [shape=box];\n  n%u -> loss;\n", m->loss);
    fprintf(f, "}\n");
}
