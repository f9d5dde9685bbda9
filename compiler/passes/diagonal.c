/* diagonal.c - real-time recurrent learning of recurrences in which no element of a state moves another (Zucchet, Meier, Schug,
 * Mujika & Sacramento, "Online learning of long-range dependencies", 2023): found by what the graph can move, not by a name.
 *
 * Each element of a parameter then moves one element of a state for ever, and directions that never meet are one (colours.h):
 * S is {colours, state}, as large as the parameter, and not as many times as large as there are units. Where a parameter's
 * elements move several elements each (a scalar that every unit reads) it has a direction an element, as in sensitivity.c. */
#include "graph/user_error.h"
#include "passes/colours.h"
#include "passes/sensitivity_internal.h"

static Ref table(Graph *g, const int32_t *values, int32_t n, Shape s)
{
    double *v = arena_array(g->arena, double, n);
    for (int32_t i = 0; i < n; i++)
        v[i] = values[i];
    return graph_numbers(g, v, s);
}

/* ---- a parameter's sweep ---- */

/* {colours, shape of the parameter}: 1 where an element has the colour. */
static Ref seed_colours(Builder *b, const Colours *c, int32_t p)
{
    Graph *g = b->g;
    const tl_tensor *t = &b->m->params[p];
    int32_t n = (int32_t)tl_size(t), all = colours_count(c), *colour = arena_array(b->arena, int32_t, n);
    int32_t *ordinal = arena_array(b->arena, int32_t, all);
    for (int32_t i = 0; i < n; i++)
        colour[i] = c->rank[i / c->columns] * c->columns + i % c->columns;
    for (int32_t i = 0; i < all; i++)
        ordinal[i] = i;
    Ref same = graph_op2(g, OP_EQ, table(g, ordinal, all, shape_make(2, (int32_t[]){ all, 1 })),
                         table(g, colour, n, shape_make(2, (int32_t[]){ 1, n })));
    return graph_reshape(g, same, tangent_shape(all, shape_make(t->rank, t->dim)));
}

/* A state that starts as the parameter does: what each element moves. */
static void start_coloured(Builder *b, const Colours *c, int32_t state, int32_t p)
{
    tl_tensor *t = &b->states[b->at[state * b->m->nparams + p]];
    int32_t n = (int32_t)tl_size(&b->m->states[state]), all = colours_count(c);
    double *v = arena_array(b->arena, double, (int64_t)all * n);
    for (int32_t i = 0; i < c->rows * c->columns; i++)
        v[(int64_t)(c->rank[i / c->columns] * c->columns + i % c->columns) * n + i] = 1;
    Ref r = graph_numbers(b->g, v, shape_make(1, (int32_t[]){ all * n }));
    if (node_at(b->g, r)->op == OP_CONST) {
        t->init.a = node_at(b->g, r)->num[0];
        return;
    }
    int32_t index = node_at(b->g, r)->attr[0];
    t->init = (tl_init){ TL_INIT_VALUES, index };
    t->values = b->g->tables->table[index].value;
}

static char *sweep_colours(Builder *b, const Colours *c, int32_t p)
{
    Model *m = b->m;
    Tangents t = tangents_new(b->g, b->count, 0, colours_count(c), b->arena);
    for (int32_t i = 0; i < b->nown; i++) {
        if (!b->acts[i * m->nparams + p])
            continue;
        const tl_tensor *s = &m->states[i];
        char *error = add_sensitivity(b, i, p, tangent_shape(colours_count(c), shape_make(s->rank, s->dim)));
        if (error)
            return error;
        if (m->states[i].learned == p)
            start_coloured(b, c, i, p);
    }
    t.wanted = b->wanted;
    if (param_node(b, p))
        t.of[param_node(b, p)] = seed_colours(b, c, p);
    seed_states(b, &t, p);
    if (!tangents_sweep(&t))
        return user_sentence("%s:%d: %s", b->g->files[b->g->file], b->g->line, b->g->error);
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p))
            *next_of(b, i, p) = tangent_or_zeros(&t, m->next_state[i]);
    return NULL;
}

/* ---- all of it ---- */

/* By states as the dense sweep of a copy of the model finds them. False: it has a direction an element. */
static char *colour(Builder *b, Builder *dense, int32_t p, Colours *c, bool *coloured)
{
    bool **pattern;
    Ref row;
    find_acts(dense, p);
    char *error = sweep_param(dense, p, &row);
    error = error ? error : find_diagonal(dense, p, &pattern);
    if (error)
        return error;
    int64_t *elements = arena_array(b->arena, int64_t, b->nown + 1);
    for (int32_t i = 0; i < b->nown; i++)
        elements[i] = (int64_t)tl_size(&b->m->states[i]);
    Shape shape = shape_make(b->m->params[p].rank, b->m->params[p].dim);
    *coloured = find_colours(c, &shape, pattern, elements, b->nown, b->m->arena);
    return NULL;
}

char *sweep_coloured(Builder *b, Builder *dense, int32_t p)
{
    Colours *c = arena_array(b->m->arena, Colours, 1);
    bool coloured;
    Ref unused;
    char *error = colour(b, dense, p, c, &coloured);
    if (error)
        return error;
    error = coloured ? sweep_colours(b, c, p) : sweep_param(b, p, &unused);
    if (!error)
        carry_param(b, p, false, coloured ? c : NULL);
    return error;
}
