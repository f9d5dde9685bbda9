#include "passes/window.h"

#include <stdlib.h>

#include "graph/checked.h"
#include "graph/text.h"

int32_t first_counted_slot(const Model *m)
{
    int32_t k2 = m->tbptt.k2, fresh = m->new_steps ? m->new_steps : m->tbptt.k1;
    switch (m->tbptt.counted) {
    case TL_COUNT_NEW: return fresh < k2 ? k2 - fresh : 0;
    case TL_COUNT_LAST: return k2 - 1;
    case TL_COUNT_ALL: break;
    }
    return 0;
}

void window_add_root(Window *w, RootKind kind, int32_t index, int32_t slot, Ref node, int32_t section)
{
    if (w->nroots == w->roots_capacity) {
        w->roots_capacity = w->roots_capacity ? 2 * w->roots_capacity : 64;
        w->roots = checked(reallocarray(w->roots, (size_t)w->roots_capacity, sizeof *w->roots));
    }
    w->roots[w->nroots++] = (Root){ kind, index, slot, node, section };
}

void window_free(Window *w)
{
    if (!w)
        return;
    graph_free(w->graph);
    free(w->roots);
    free(w->marked);
    free(w->left);
    free(w->gradient);
    free(w);
}

void window_rename(Window *w, const Ref *map)
{
    const Model *m = w->model;
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = map[w->roots[i].node];
    for (int32_t i = 0; w->marked && i < m->nprobes * w->graph->k; i++)
        w->marked[i] = map[w->marked[i]];
    for (int32_t i = 0; w->left && i < m->nstates * w->graph->k; i++)
        w->left[i] = map[w->left[i]];
    for (int32_t i = 0; w->gradient && i < m->nparams * w->graph->k; i++)
        w->gradient[i] = map[w->gradient[i]];
}

bool params_adjoin(const Model *m, int32_t index, int32_t next)
{
    const tl_tensor *t = &m->params[index], *u = &m->params[next];
    size_t behind = t->column ? (size_t)t->dim[0] : tl_size(t);
    return u->column == t->column && u->offset == t->offset + behind;
}

bool is_part_of_params(const Window *w, Ref r)
{
    const Graph *g = w->graph;
    const Node *n = node_at(g, r);
    bool adjoin = n->op == OP_CONCAT && n->attr[0] == 0;
    for (uint32_t i = 0; i < n->nargs && adjoin; i++) {
        const Node *part = node_at(g, arg_at(g, r, i));
        adjoin = part->op == OP_PARAM && part->section == 0 &&
                 (i == 0 || params_adjoin(w->model, node_at(g, arg_at(g, r, i - 1))->attr[0], part->attr[0]));
    }
    return adjoin;
}

static const char *const root_words[] = {
    [ROOT_STATE] = "state", [ROOT_PAST] = "past", [ROOT_LOSS] = "loss", [ROOT_NAMED] = "named",
    [ROOT_OUTPUT] = "output",
    [ROOT_PROBE] = "probe", [ROOT_PROBE_GRAD] = "probe_grad", [ROOT_GRAD] = "grad", [ROOT_KEEP] = "keep",
    [ROOT_STATE_GRAD] = "state_grad",
};

void window_write(const Window *w, FILE *f)
{
    text_write_graph(f, w->graph);
    for (int32_t i = 0; i < w->nroots; i++) {
        const Root *r = &w->roots[i];
        fprintf(f, "root %s %d slot %d %%%u s%d\n", root_words[r->kind], r->index, r->slot, r->node, r->section);
    }
}

void count_uses(const Window *w, uint32_t *uses)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            uses[arg_at(g, r, i)]++;
    for (int32_t i = 0; i < w->nroots; i++)
        uses[w->roots[i].node]++;
}
