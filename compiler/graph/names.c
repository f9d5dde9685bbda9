#include "graph/names.h"

static const char *field(const Graph *g, const char *table, const tl_tensor *tensors, int32_t index)
{
    const char *name = tensors[index].name;
    return *name ? arena_printf(g->arena, "%s.%s", table, name) : table;
}

/* "ss.rnn.h" of the third step is called ss[3].rnn.h, as the head calls it. */
static const char *past_name(const Model *m, const Graph *g, const Node *n)
{
    const char *name = m->past[n->attr[0]].name;
    return arena_printf(g->arena, "%.2s[%d]%s", name, n->attr[1] + 1, name + 2);
}

static const char *symbol(tl_op op)
{
    switch (op) {
    case OP_ADD: return "+";
    case OP_SUB: return "-";
    case OP_MUL: return "*";
    case OP_DIV: return "/";
    default: return NULL;
    }
}

const char *model_node_name(const Model *m, const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    int32_t i = n->attr[0];
    switch ((tl_op)n->op) {
    case OP_PARAM: return m->params[i].name;
    case OP_INPUT: return field(g, "x", m->inputs, i);
    case OP_TARGET: return field(g, "target", m->targets, i);
    case OP_STATE: return field(g, "s", m->states, i);
    case OP_PAST: return past_name(m, g, n);
    case OP_CONST: return arena_printf(g->arena, "%.9g", n->num[0]);
    case OP_TABLE: return "const(...)";
    case OP_NEG: return "-(...)";
    case OP_POWC: return arena_printf(g->arena, "(...)^%.9g", n->num[0]);
    default: break;
    }
    const char *s = symbol(n->op);
    return s ? arena_printf(g->arena, "(... %s ...)", s)
             : arena_printf(g->arena, "%s(...)", tl_op_table[n->op].word);
}
