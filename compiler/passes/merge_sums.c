/* merge_sums.c - parameters that get the same gradient share one running sum.
 *
 * Two biases that are added to one another, as those of nn.lstm are, get the same contributions in every slot. Each has a
 * chain of accs, because the sum of each stands among the caller's gradients; that they are equal is seen only when both
 * chains are whole. One of them is kept, which all read, and legalise makes of the other gradient a copy of it: what
 * slots and lanes contribute is then summed once. */
#include "graph/checked.h"
#include "passes/window.h"

typedef struct Chains {
    const Graph *g;
    Ref *like;   /* [count] of a link: the first that sums the same terms up to there */
    Ref *before; /* [count] of a link: the one before it that adds the same term; 0: none */
    bool *inner; /* [count] goes on in another link */
} Chains;

static Ref term_of(const Graph *g, Ref link) { return arg_at(g, link, node_at(g, link)->nargs - 1); }

static void find_inner(Chains *c)
{
    for (Ref r = 1; r < c->g->count; r++) {
        const Node *n = node_at(c->g, r);
        if (n->op == OP_ACC && n->nargs == 2)
            c->inner[arg_at(c->g, r, 0)] = true;
    }
}

static bool same_link(const Chains *c, Ref a, Ref b)
{
    const Node *n = node_at(c->g, a), *m = node_at(c->g, b);
    return n->nargs == m->nargs && n->section == m->section &&
           (n->nargs == 1 || c->like[arg_at(c->g, a, 0)] == c->like[arg_at(c->g, b, 0)]);
}

/* Links with the same term are few: one for each parameter that gets it. */
static void find_alike(Chains *c, Arena *arena)
{
    Ref *last = arena_array(arena, Ref, c->g->count); /* by term */
    for (Ref r = 1; r < c->g->count; r++) {
        if (node_at(c->g, r)->op != OP_ACC)
            continue;
        Ref term = term_of(c->g, r);
        c->like[r] = r;
        for (Ref at = c->before[r] = last[term]; at; at = c->before[at])
            if (same_link(c, r, at))
                c->like[r] = c->like[at];
        last[term] = r;
    }
}

/* The whole sum that stands for r; r itself if none does. */
static Ref whole_sum(const Chains *c, Ref r)
{
    Ref first = r;
    for (Ref at = c->inner[r] ? 0 : c->before[r]; at; at = c->before[at])
        if (c->like[at] == c->like[r] && !c->inner[at])
            first = at;
    return first;
}

void merge_sums(Window *w)
{
    const Graph *old = w->graph;
    Arena *arena = arena_new();
    Chains c = { .g = old, .like = arena_array(arena, Ref, old->count), .before = arena_array(arena, Ref, old->count),
                 .inner = arena_array(arena, bool, old->count) };
    Ref *map = arena_array(arena, Ref, old->count);
    Graph *g = graph_new_like(old);
    find_inner(&c);
    find_alike(&c, arena);
    for (Ref r = 1; r < old->count; r++)
        map[r] = c.like[r] && whole_sum(&c, r) != r ? map[whole_sum(&c, r)] : graph_rebuild_mapped(g, old, r, map);
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = map[w->roots[i].node];
    arena_free(arena);
    graph_free(w->graph);
    w->graph = g;
    remove_dead(w);
}
