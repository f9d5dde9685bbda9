/* diagonal.c - real-time recurrent learning of recurrences in which no element of a state moves another (Zucchet, Meier, Schug,
 * Mujika & Sacramento, "Online learning of long-range dependencies", 2023): found by what the graph can move, not by a name.
 *
 * Each element of a parameter then moves one element of a state for ever, and directions that never meet are one (colours.h):
 * S is {colours, state}, as large as the parameter and not as many times as large as there are units. A sum over directions
 * cannot be taken apart in the loss, where all elements meet, so its gradient is made of three parts, the states that the step
 * leaves being values of their own:
 *
 *     dL/dtheta = sum over states of dL/ds' S'  +  dL/ds S  +  dL/dtheta        the last two past s'
 *
 * dL/ds', dL/ds are tangents of the loss along the elements of the state alone. Where a parameter's elements move several
 * elements each (a scalar that every unit reads) it has a direction an element, as in sensitivity.c. */
#include <string.h>

#include "graph/user_error.h"
#include "passes/colours.h"
#include "passes/sensitivity_internal.h"

typedef struct Parts {
    Builder *b;
    bool *past;  /* [count] the loss is made of it, but not by way of a next state */
    Ref *left;   /* [nown] dL/ds' {elements}; 0: none */
    Ref *enters; /* [nown] dL/ds */
} Parts;

static int32_t state_size(const Builder *b, int32_t i) { return (int32_t)tl_size(&b->m->states[i]); }

/* ---- the loss along states ---- */

/* A next state that the step computes; one that it hands on is what entered, or a parameter. */
static bool is_left(const Builder *b, int32_t i)
{
    Ref r = b->m->next_state[i];
    for (int32_t k = 0; k < i; k++)
        if (b->m->next_state[k] == r)
            return false; /* it is one value, whoever takes it */
    return tl_op_table[node_at(b->g, r)->op].kind != TL_LEAF;
}

static void find_past(Parts *s)
{
    const Builder *b = s->b;
    bool *made = arena_array(b->arena, bool, b->count);
    for (int32_t i = 0; i < b->nown; i++)
        made[b->m->next_state[i]] |= is_left(b, i);
    s->past[b->of] = true;
    for (Ref r = b->count - 1; r; r--)
        for (uint32_t i = 0; s->past[r] && !made[r] && i < node_at(b->g, r)->nargs; i++)
            s->past[arg_at(b->g, r, i)] = true;
    for (Ref r = 1; r < b->count; r++)
        s->past[r] &= !made[r];
}

/* dL along the elements of value r, which stand for themselves; 0: none. */
static Ref loss_along(const Parts *s, Ref r, bool leaf)
{
    Builder *b = s->b;
    Shape shape = node_at(b->g, r)->shape;
    Tangents t = tangents_new(b->g, b->count, leaf ? r : 0, (int32_t)shape_size(&shape), b->arena);
    t.wanted = s->past;
    if (!leaf)
        t.of[r] = tangent_identity(b->g, shape);
    return tangents_sweep(&t) ? tangent_at(&t, b->of) : 0;
}

static Parts parts_new(Builder *b)
{
    Parts s = { .b = b, .past = arena_array(b->arena, bool, b->count), .left = arena_array(b->arena, Ref, b->nown + 1),
                .enters = arena_array(b->arena, Ref, b->nown + 1) };
    find_past(&s);
    for (int32_t i = 0; i < b->nown; i++) {
        s.left[i] = is_left(b, i) ? loss_along(&s, b->m->next_state[i], false) : 0;
        s.enters[i] = b->leaf[i] ? loss_along(&s, b->leaf[i], true) : 0;
    }
    return s;
}

/* ---- a parameter's gradient ---- */

static Ref table(Graph *g, const int32_t *values, int32_t n, Shape s)
{
    double *v = arena_array(g->arena, double, n);
    for (int32_t i = 0; i < n; i++)
        v[i] = values[i];
    return graph_numbers(g, v, s);
}

/* {ranks x state elements, columns} as {rows, columns}: each row from where it moves the state, 0 where it does not. */
static Ref pick_rows(Graph *g, const Colours *c, const int32_t *moves, int32_t elements, Ref from, Arena *arena)
{
    int32_t all = c->ranks * elements;
    bool same = all == c->rows;
    double *chosen = arena_array(arena, double, (int64_t)c->rows * all);
    for (int32_t r = 0; r < c->rows; r++) {
        int32_t at = moves[r] < 0 ? -1 : c->rank[r] * elements + moves[r];
        same = same && at == r;
        if (at >= 0)
            chosen[(int64_t)r * all + at] = 1;
    }
    if (same)
        return from;
    return graph_matmul(g, graph_numbers(g, chosen, shape_make(2, (int32_t[]){ c->rows, all })), from, false, false, false);
}

/* dL/ds S, {rows, columns}: S {colours, state...}, along {elements}. */
static Ref contract(const Builder *b, const Colours *c, int32_t state, Ref sensitivity, Ref along)
{
    Graph *g = b->g;
    int32_t n = state_size(b, state), all = colours_count(c);
    Ref z = graph_reshape(g, sensitivity, shape_make(2, (int32_t[]){ all, n }));
    z = graph_op2(g, OP_MUL, z, along);
    z = graph_op1(g, OP_TRANSPOSE, graph_reshape(g, z, shape_make(3, (int32_t[]){ c->ranks, c->columns, n })));
    z = graph_reshape(g, z, shape_make(2, (int32_t[]){ c->ranks * n, c->columns }));
    return pick_rows(g, c, c->moves[state], n, z, b->arena);
}

static Ref added(Graph *g, Ref a, Ref b) { return a && b ? graph_op2(g, OP_ADD, a, b) : a ? a : b; }

/* Past the states, along the parameter's elements: {elements}. */
static Ref direct(const Parts *s, int32_t p)
{
    Ref node = param_node(s->b, p);
    return node && s->past[node] ? loss_along(s, node, true) : 0;
}

static Ref gradient(const Parts *s, const Colours *c, int32_t p)
{
    Builder *b = s->b;
    Graph *g = b->g;
    Ref sum = direct(s, p);
    if (sum)
        sum = graph_reshape(g, sum, shape_make(2, (int32_t[]){ c->rows, c->columns }));
    for (int32_t i = 0; i < b->nown; i++) {
        Ref *next = next_of(b, i, p);
        if (next && s->left[i])
            sum = added(g, sum, contract(b, c, i, *next, s->left[i]));
        if (next && s->enters[i])
            sum = added(g, sum, contract(b, c, i, sensitivity_leaf(b, i, p), s->enters[i]));
    }
    return sum;
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
    int32_t n = state_size(b, state), all = colours_count(c);
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
        char *error = add_sensitivity(b, i, p, colours_count(c));
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
        elements[i] = state_size(b, i);
    Shape shape = shape_make(b->m->params[p].rank, b->m->params[p].dim);
    *coloured = find_colours(c, &shape, pattern, elements, b->nown, b->arena);
    return NULL;
}

static char *sweep_one(const Parts *s, Builder *dense, int32_t p, Ref *row)
{
    Builder *b = s->b;
    Colours c;
    bool coloured;
    char *error = colour(b, dense, p, &c, &coloured);
    if (error)
        return error;
    find_acts(b, p);
    if (!coloured)
        return sweep_param(b, p, row);
    error = sweep_colours(b, &c, p);
    *row = error ? 0 : gradient(s, &c, p);
    return error;
}

static char *sweep_params(Builder *b, Builder *dense, bool *reached)
{
    Model *m = b->m;
    const Parts s = parts_new(b);
    for (int32_t p = 0; p < m->nparams; p++) {
        Ref row = 0;
        char *error = is_frozen(m, p) ? NULL : sweep_one(&s, dense, p, &row);
        if (error)
            return error;
        if (row)
            m->gradient[p] = graph_reshape(b->g, row, shape_make(m->params[p].rank, m->params[p].dim));
        reached[p] = row != 0;
    }
    return b->g->error ? user_sentence("%s: %s", m->spec, b->g->error) : NULL;
}

char *sweep_coloured(Builder *b, bool *reached)
{
    Model *copy = model_copy(b->m);
    copy->step->derived = true;
    Builder dense = sensitivity_builder(copy, copy->loss, b->arena);
    char *error = sweep_params(b, &dense, reached);
    model_free(copy);
    return error;
}
