#include "passes/linear.h"

#include "graph/arena.h"
#include "graph/user_error.h"
#include "passes/sensitivity_internal.h"

/* By node: 1 + the number of a trained parameter that it is made of in any way, through what stops gradients too; 0: of
 * none. */
static int32_t *find_made_of(const Model *m, Arena *arena)
{
    const Graph *g = m->step;
    int32_t *of = arena_array(arena, int32_t, g->count);
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_PARAM && !is_frozen(m, n->attr[0]))
            of[r] = 1 + n->attr[0];
        for (uint32_t i = 0; i < n->nargs && !of[r]; i++)
            of[r] = of[arg_at(g, r, i)];
    }
    return of;
}

static char *moves_state(const Model *m, int32_t p, int32_t state)
{
    return user_sentence("%s: ridge solves for parameters that the output is linear in, and %s moves the state %s; freeze it with "
                         "trainable = false, or take lm", m->spec, m->params[p].name, m->states[state].name);
}

static char *check_states(const Model *m, const int32_t *of)
{
    for (int32_t i = 0; i < m->nstates - m->nextra; i++) {
        int32_t learned = m->states[i].learned, p = of[m->next_state[i]] - 1;
        if (p < 0 && learned >= 0 && !is_frozen(m, learned))
            p = learned;
        if (p >= 0)
            return moves_state(m, p, i);
    }
    return NULL;
}

/* The first of the rows is the residual, the others are called jacobian.NAME. */
static char *check_rows(const Model *m, const int32_t *of)
{
    for (int32_t i = m->nstates - m->nrows + 1; i < m->nstates; i++)
        if (of[m->next_state[i]])
            return user_sentence("%s: ridge solves for parameters that the output is linear in, and what %s does to it depends on "
                                 "%s; freeze one with trainable = false, or take lm", m->spec, m->states[i].name + sizeof "jacobian",
                                 m->params[of[m->next_state[i]] - 1].name);
    return NULL;
}

char *check_linear(const Model *m)
{
    Arena *arena = arena_new();
    const int32_t *of = find_made_of(m, arena);
    char *error = check_states(m, of);
    if (!error)
        error = check_rows(m, of);
    arena_free(arena);
    return error;
}
