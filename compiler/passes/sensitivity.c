#include "passes/sensitivity.h"

#include <stdlib.h>
#include <string.h>

#include "graph/user_error.h"
#include "passes/pattern.h"
#include "passes/reach.h"
#include "passes/squares.h"
#include "passes/tangent.h"

typedef struct Builder {
    Model *m;
    Graph *g;
    Arena *arena;   /* of the pass */
    uint32_t count; /* nodes of the step as it was */
    int32_t nown;   /* states as they were */
    Ref of;         /* what rows are asked of: {n}, or {} */
    Ref *leaf;      /* [nown] the state as it enters; 0: no one reads it */
    bool *wanted;   /* [count] a next state, or `of`, is made of it */
    bool *acts;     /* [nown][nparams] the parameter can have moved the state */
    int32_t *at;    /* [nown][nparams] the sensitivity's number among the states; 0: none */
    tl_tensor *states;
    Ref *next;
    int32_t nstates, capacity;
    int32_t rows;   /* the first state that is a row */
} Builder;

static bool is_frozen(const Model *m, int32_t p)
{
    return m->params[p].rule && m->params[p].rule->trained == TL_FROZEN;
}

static Shape tensor_shape(const tl_tensor *t) { return shape_make(t->rank, t->dim); }

/* ---- what acts on what ---- */

/* By node: parameter p moves it, at once or through a state that it moved. */
static void find_moved(const Builder *b, int32_t p, bool *moved)
{
    const Graph *g = b->g;
    for (Ref r = 1; r < b->count; r++) {
        const Node *n = node_at(g, r);
        moved[r] = (n->op == OP_PARAM && n->attr[0] == p) ||
                   (n->op == OP_STATE && b->acts[n->attr[0] * b->m->nparams + p]);
        for (uint32_t i = 0; i < n->nargs && !moved[r]; i++)
            moved[r] = carries_gradient(n, i) && moved[arg_at(g, r, i)];
    }
}

/* Until nothing more is moved. */
static void find_acts(Builder *b, int32_t p)
{
    const Model *m = b->m;
    bool *moved = arena_array(b->arena, bool, b->count), more = true;
    for (int32_t i = 0; i < b->nown; i++)
        b->acts[i * m->nparams + p] = m->states[i].learned == p;
    while (more) {
        more = false;
        find_moved(b, p, moved);
        for (int32_t i = 0; i < b->nown; i++) {
            bool *acts = &b->acts[i * m->nparams + p];
            more |= moved[m->next_state[i]] && !*acts;
            *acts |= moved[m->next_state[i]];
        }
    }
}

/* ---- further states ---- */

static int32_t add_state(Builder *b, tl_tensor t, Ref next)
{
    if (b->nstates == b->capacity) {
        int32_t more = 2 * b->capacity + 16;
        tl_tensor *states = arena_array(b->m->arena, tl_tensor, more);
        Ref *nexts = arena_array(b->m->arena, Ref, more);
        memcpy(states, b->states, (size_t)b->nstates * sizeof *states);
        memcpy(nexts, b->next, (size_t)b->nstates * sizeof *nexts);
        b->states = states;
        b->next = nexts;
        b->capacity = more;
    }
    b->states[b->nstates] = t;
    b->next[b->nstates] = next;
    return b->nstates++;
}

static tl_tensor zero_state(const char *name, Shape s)
{
    tl_tensor t = { .name = name, .rank = s.rank, .learned = -1, .scale = TL_SCALE_RAW, .init = { TL_INIT_CONSTANT, 0 } };
    memcpy(t.dim, s.dim, sizeof t.dim);
    return t;
}

/* A state that starts as the parameter does is moved by it from the first step on. */
static char *start_as_identity(Builder *b, tl_tensor *t, Shape s)
{
    size_t n = (size_t)shape_size(&s);
    if (n == 1) {
        t->init.a = 1;
        return NULL;
    }
    double *v = n <= 1024 ? arena_array(b->arena, double, n * n) : NULL;
    for (size_t i = 0; v && i < n; i++)
        v[i * n + i] = 1;
    Ref table = v ? graph_numbers(b->g, v, shape_make(1, (int32_t[]){ (int32_t)(n * n) })) : 0;
    if (!table)
        return user_sentence("%s: a learned initial state of %zu numbers is too large for forward mode", b->m->spec, n);
    int32_t index = node_at(b->g, table)->attr[0];
    t->init = (tl_init){ TL_INIT_VALUES, index };
    t->values = b->g->tables->table[index].value;
    return NULL;
}

static char *add_sensitivity(Builder *b, int32_t state, int32_t p)
{
    const tl_tensor *s = &b->m->states[state], *theta = &b->m->params[p];
    Shape own = tensor_shape(s), shape = tangent_shape((int32_t)tl_size(theta), own);
    if (shape.rank > TL_MAX_RANK)
        return user_sentence("%s: state %s has %d dimensions, which its sensitivities would have one more than; forward mode "
                             "takes up to %d", b->m->spec, s->name, s->rank, TL_MAX_RANK - 1);
    tl_tensor t = zero_state(arena_printf(b->m->arena, "sensitivity.%s.%s", s->name, theta->name), shape);
    char *error = s->learned == p ? start_as_identity(b, &t, own) : NULL;
    b->at[state * b->m->nparams + p] = add_state(b, t, 0);
    return error;
}

/* ---- a parameter's sweep ---- */

static Ref sensitivity_leaf(Builder *b, int32_t state, int32_t p)
{
    int32_t index = b->at[state * b->m->nparams + p];
    return graph_leaf(b->g, OP_STATE, index, tensor_shape(&b->states[index]), true, false, 0, 0);
}

static void seed(Builder *b, Tangents *t, int32_t p)
{
    for (int32_t i = 0; i < b->nown; i++)
        if (b->leaf[i] && b->at[i * b->m->nparams + p])
            t->of[b->leaf[i]] = sensitivity_leaf(b, i, p);
}

/* The node of the parameter in the step; 0: no one reads it. */
static Ref param_node(const Builder *b, int32_t p)
{
    for (Ref r = 1; r < b->count; r++)
        if (node_at(b->g, r)->op == OP_PARAM && node_at(b->g, r)->attr[0] == p)
            return r;
    return 0;
}

/* What the parameter does to `of`. */
static void keep_row(Builder *b, Rows rows, int32_t p, Ref row)
{
    const tl_tensor *theta = &b->m->params[p];
    if (rows == ROWS_LOSS) {
        b->m->gradient[p] = graph_reshape(b->g, row, tensor_shape(theta));
        return;
    }
    const char *name = arena_printf(b->m->arena, "jacobian.%s", theta->name);
    add_state(b, zero_state(name, node_at(b->g, row)->shape), row);
}

/* Rows are added behind all sensitivities: *row, 0 where `of` does not move. */
static char *sweep(Builder *b, int32_t p, Ref *row)
{
    Model *m = b->m;
    Tangents t = tangents_new(b->g, b->count, param_node(b, p), (int32_t)tl_size(&m->params[p]), b->arena);
    for (int32_t i = 0; i < b->nown; i++) {
        char *error = b->acts[i * m->nparams + p] ? add_sensitivity(b, i, p) : NULL;
        if (error)
            return error;
    }
    t.wanted = b->wanted;
    seed(b, &t, p);
    if (!tangents_sweep(&t))
        return user_sentence("%s:%d: %s", b->g->files[b->g->file], b->g->line, b->g->error);
    for (int32_t i = 0; i < b->nown; i++)
        if (b->at[i * m->nparams + p])
            b->next[b->at[i * m->nparams + p]] = tangent_or_zeros(&t, m->next_state[i]);
    *row = tangent_at(&t, b->of);
    return NULL;
}

/* ---- what is kept of it ---- */

static Ref *next_of(Builder *b, int32_t state, int32_t p)
{
    int32_t index = b->at[state * b->m->nparams + p];
    return index ? &b->next[index] : NULL;
}

/* By state: what one step has moved by itself, its sensitivities having been 0 or of pattern `before`. */
static bool **patterns(Builder *b, int32_t p, bool *const *before)
{
    const bool **given = arena_array(b->arena, const bool *, b->g->count);
    bool **pattern = arena_array(b->arena, bool *, b->nown + 1);
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p) && b->leaf[i]) { /* else no node reads it, and there is no leaf */
            Ref leaf = sensitivity_leaf(b, i, p);
            given[leaf] = before ? before[i] : arena_array(b->arena, bool, shape_size(&node_at(b->g, leaf)->shape));
        }
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p))
            pattern[i] = find_pattern(b->g, *next_of(b, i, p), given, b->arena);
    return pattern;
}

/* A state that starts as the parameter does. */
static void add_start(Builder *b, int32_t p, bool **pattern)
{
    const int64_t n = (int64_t)tl_size(&b->m->params[p]);
    for (int32_t i = 0; i < b->nown; i++)
        for (int64_t k = 0; b->m->states[i].learned == p && k < n; k++)
            pattern[i][k * n + k] = true;
}

/* SnAp-1: S' is 0 where one step from S = 0 leaves 0 (Menick et al., 2021), before the loss or the next step
 * see it; the start of a learned state is a step, too. */
static void mask(Builder *b, int32_t p, bool *const *pattern)
{
    for (int32_t i = 0; i < b->nown; i++) {
        Ref *next = next_of(b, i, p);
        if (!next)
            continue;
        Shape s = node_at(b->g, *next)->shape;
        double *ones = arena_array(b->arena, double, shape_size(&s));
        for (int64_t k = 0; k < shape_size(&s); k++)
            ones[k] = pattern[i][k];
        *next = graph_op2(b->g, OP_MUL, *next, graph_numbers(b->g, ones, s));
    }
}

static bool any(const bool *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (x[i])
            return true;
    return false;
}

/* Adds to a state's pattern {directions, elements} what another step leads to; whether that is more. *spread: a
 * direction that had moved elements now moves others. */
static bool widen_state(bool *pattern, const bool *further, int64_t directions, int64_t elements, bool *spread)
{
    bool more = false;
    for (int64_t d = 0; d < directions; d++) {
        bool *row = pattern + d * elements, had = any(row, elements);
        for (int64_t k = 0; k < elements; k++) {
            bool added = further[d * elements + k] && !row[k];
            more |= added;
            *spread |= added && had;
        }
        for (int64_t k = 0; k < elements; k++)
            row[k] |= further[d * elements + k];
    }
    return more;
}

/* The state in which the parameter spreads; -1: none, and what all is moved is in pattern. */
static int32_t spreads_in(Builder *b, int32_t p, bool **pattern)
{
    const Model *m = b->m;
    for (bool more = true; more;) {
        bool **further = patterns(b, p, pattern), spread = false;
        more = false;
        for (int32_t i = 0; i < b->nown; i++) {
            if (next_of(b, i, p))
                more |= widen_state(pattern[i], further[i], (int64_t)tl_size(&m->params[p]),
                                    (int64_t)tl_size(&m->states[i]), &spread);
            if (spread)
                return i;
        }
    }
    return -1;
}

/* All is carried; where a state's elements move themselves alone its pattern stays as narrow as it begins. */
static char *check_diagonal(Builder *b, int32_t p, bool **pattern)
{
    const Model *m = b->m;
    const int32_t i = spreads_in(b, p, pattern);
    if (i < 0)
        return NULL;
    return user_sentence("%s: learn = 'diagonal' is for recurrences in which no element of a state moves another of "
                         "it: here what %s does to an element of %s is carried to others; 'snap1' leaves that out, "
                         "'rtrl' carries all", m->spec, m->params[p].name, m->states[i].name);
}

/* What `of` makes of the next states sees their sensitivities as they are kept: dL/ds' S' + dL/dtheta. */
static Ref row_of_kept(Builder *b, int32_t p)
{
    Tangents t = tangents_new(b->g, b->count, param_node(b, p), (int32_t)tl_size(&b->m->params[p]), b->arena);
    t.wanted = b->wanted;
    seed(b, &t, p);
    for (int32_t i = 0; i < b->nown; i++) {
        Ref left = b->m->next_state[i];
        if (next_of(b, i, p) && node_at(b->g, left)->op != OP_STATE) /* a delay hands on what was kept before */
            t.of[left] = *next_of(b, i, p);
    }
    return tangents_sweep(&t) ? tangent_at(&t, b->of) : 0;
}

static char *keep_pattern(Builder *b, int32_t p, Ref *row)
{
    const tl_learn learn = b->m->tbptt.learn;
    if (learn != TL_LEARN_SNAP1 && learn != TL_LEARN_DIAGONAL)
        return NULL;
    bool **pattern = patterns(b, p, NULL);
    add_start(b, p, pattern);
    if (learn == TL_LEARN_DIAGONAL)
        return check_diagonal(b, p, pattern);
    mask(b, p, pattern);
    *row = *row ? row_of_kept(b, p) : 0;
    return b->g->error ? user_sentence("%s: %s", b->m->spec, b->g->error) : NULL;
}

/* ---- all of it ---- */

static Ref all_outputs(Model *m, char **error)
{
    Graph *g = m->step;
    Ref *part = arena_array(m->arena, Ref, m->noutputs + 1);
    for (int32_t i = 0; i < m->noutputs; i++) {
        Shape flat = { .rank = 1, .dim = { (int32_t)shape_size(&node_at(g, m->output[i])->shape) } };
        part[i] = graph_reshape(g, m->output[i], flat);
    }
    if (!m->noutputs)
        *error = user_sentence("%s: the model has no output to take the Jacobian of; let step return one", m->spec);
    return m->noutputs ? graph_concat(g, part, (uint32_t)m->noutputs, 0) : 0;
}

static Ref rows_of(Model *m, Rows rows, char **error)
{
    if (rows == ROWS_OUTPUT)
        return all_outputs(m, error);
    if (rows != ROWS_LOSS)
        return find_residuals(m, rows == ROWS_RESIDUAL, error);
    if (!m->loss)
        *error = user_sentence("%s: the model has no loss to learn from", m->spec);
    return m->loss;
}

static Builder begin(Model *m, Ref of, Arena *arena)
{
    size_t pairs = (size_t)m->nstates * (size_t)m->nparams + 1;
    Builder b = { .m = m, .g = m->step, .arena = arena, .count = m->step->count, .nown = m->nstates, .of = of,
                  .leaf = arena_array(arena, Ref, m->nstates + 1), .wanted = arena_array(arena, bool, m->step->count), .acts = arena_array(arena, bool, pairs),
                  .at = arena_array(arena, int32_t, pairs), .states = m->states, .next = m->next_state,
                  .nstates = m->nstates, .capacity = m->nstates };
    b.wanted[of] = true;
    for (int32_t i = 0; i < b.nown; i++)
        b.wanted[m->next_state[i]] = true;
    for (Ref r = b.count - 1; r; r--) {
        if (node_at(b.g, r)->op == OP_STATE)
            b.leaf[node_at(b.g, r)->attr[0]] = r;
        for (uint32_t i = 0; b.wanted[r] && i < node_at(b.g, r)->nargs; i++)
            b.wanted[arg_at(b.g, r, i)] = true;
    }
    return b;
}

static char *sweep_all(Builder *b, Rows rows)
{
    Model *m = b->m;
    Ref *row = arena_array(b->arena, Ref, m->nparams + 1);
    for (int32_t p = 0; p < m->nparams; p++) {
        if (is_frozen(m, p))
            continue;
        find_acts(b, p);
        char *error = sweep(b, p, &row[p]);
        error = error ? error : keep_pattern(b, p, &row[p]);
        if (error)
            return error;
    }
    b->rows = b->nstates;
    if (rows != ROWS_LOSS)
        add_state(b, zero_state("residual", node_at(b->g, b->of)->shape), b->of);
    for (int32_t p = 0; p < m->nparams; p++)
        if (row[p])
            keep_row(b, rows, p, row[p]);
    bool *reached = arena_array(m->arena, bool, m->nparams + 1);
    for (int32_t p = 0; p < m->nparams; p++)
        reached[p] = row[p] != 0;
    m->reached = reached;
    return NULL;
}

char *add_sensitivities(Model *m, Rows rows)
{
    char *error = NULL;
    if (m->head)
        return user_sentence("%s: a model with a head over its window learns by tbptt alone", m->spec);
    Ref own_end = m->step->count, of = rows_of(m, rows, &error);
    if (!of)
        return error;
    Arena *arena = arena_new();
    Builder b = begin(m, of, arena);
    m->step->derived = true;
    if (rows == ROWS_LOSS)
        m->gradient = arena_array(m->arena, Ref, m->nparams + 1);
    error = sweep_all(&b, rows);
    arena_free(arena);
    m->states = b.states;
    m->next_state = b.next;
    m->nextra = b.nstates - b.nown;
    m->nrows = b.nstates - b.rows;
    m->nstates = b.nstates;
    m->own_end = own_end;
    return error;
}
