/* check.c - what every pass may assume of a window, checked between passes in debug builds. */
#include "graph/shape.h"
#include "graph/user_error.h"
#include "schedule/layout.h"

static void check_section(const Window *w, Ref r, const char *after)
{
    const Graph *g = w->graph;
    const Node *n = node_at(g, r);
    assume(n->section >= 0 && n->section <= section_epilogue(g), "after %s: %%%u has section %d", after, r, n->section);
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref a = arg_at(g, r, i);
        assume(a && a < r, "after %s: %%%u uses %%%u", after, r, a);
        assume(node_at(g, a)->section <= n->section, "after %s: %%%u of section %d uses %%%u of section %d", after,
               r, n->section, a, node_at(g, a)->section);
    }
}

/* A running sum is in place after every slot, whichever was the last to add. */
static void check_slot(const Window *w, Ref r, const char *after)
{
    const Graph *g = w->graph;
    const Node *n = node_at(g, r);
    if (!w->training || n->op == OP_STATE || n->section == 0)
        return;
    for (uint32_t i = 0; i < n->nargs; i++) {
        const Node *a = node_at(g, arg_at(g, r, i));
        assume(a->op == OP_ACC || section_runs_before(g, a->section, n->section),
               "after %s: %%%u of section %d uses %%%u of section %d, which need not have run", after, r, n->section,
               arg_at(g, r, i), a->section);
    }
}

static void check_shape(const Window *w, Ref r, const char *after)
{
    Graph *g = w->graph;
    const Node *n = node_at(g, r);
    Node again = *n;
    const char *wrong = shape_rule(g, &again, g->args + n->args, n->nargs);
    assume(!wrong, "after %s: %%%u: %s", after, r, wrong);
    assume(shape_equal(&again.shape, &n->shape) && again.batched == n->batched,
           "after %s: %%%u has the shape %s", after, r, shape_text(g->arena, &n->shape));
}

static void check_roots(const Window *w, const char *after)
{
    for (int32_t i = 0; i < w->nroots; i++) {
        const Root *root = &w->roots[i];
        const Node *n = node_at(w->graph, root->node);
        assume(root->node && root->node < w->graph->count, "after %s: root %d", after, i);
        assume(n->section <= root->section, "after %s: root %d is ready in section %d, wanted in %d", after, i,
               n->section, root->section);
        assume(root->kind == ROOT_KEEP || n->batched == (root->kind != ROOT_GRAD),
               "after %s: root %d has the wrong lanes", after, i);
    }
}

void check_window(const Window *w, const char *after)
{
    assume(!w->graph->error, "after %s: a pass built a node that is wrong: %s", after, w->graph->error);
    for (Ref r = 1; r < w->graph->count; r++) {
        check_section(w, r, after);
        check_slot(w, r, after);
        check_shape(w, r, after);
    }
    check_roots(w, after);
}
