#include "passes/sensitivity_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/user_error.h"
#include "passes/operations.h"
#include "passes/reach.h"
#include "passes/squares.h"


bool is_frozen(const Model *m, int32_t p)
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
void find_acts(Builder *b, int32_t p)
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
    b->reaches = moved[b->of];
}

void carry_param(Builder *b, int32_t p, bool columns, const struct Colours *colours)
{
    Model *m = b->m;
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p))
            m->carried[m->ncarried++] = (Carried){ i, p, b->at[i * m->nparams + p], columns, colours };
}

/* ---- further states ---- */

static int32_t add_state(Builder *b, tl_tensor t, Ref next)
{
    if (b->nstates == b->capacity) {
        int32_t more = 2 * b->capacity + 16;
        tl_tensor *states = arena_array(b->m->arena, tl_tensor, more);
        Ref *nexts = arena_array(b->m->arena, Ref, more);
        for (int32_t i = 0; i < b->nstates; i++) {
            states[i] = b->states[i];
            nexts[i] = b->next[i];
        }
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
static char *start_as_identity(Builder *b, tl_tensor *t, size_t n)
{
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

char *add_sensitivity(Builder *b, int32_t state, int32_t p, Shape shape)
{
    const tl_tensor *s = &b->m->states[state], *theta = &b->m->params[p];
    const size_t n = tl_size(s);
    if (shape.rank > TL_MAX_RANK)
        return user_sentence("%s: state %s has %d dimensions, which its sensitivities would have one more than; forward mode "
                             "takes up to %d", b->m->spec, s->name, s->rank, TL_MAX_RANK - 1);
    tl_tensor t = zero_state(arena_printf(b->m->arena, "sensitivity.%s.%s", s->name, theta->name), shape);
    char *error = s->learned == p && (size_t)shape_size(&shape) == n * n ? start_as_identity(b, &t, n) : NULL;
    b->at[state * b->m->nparams + p] = add_state(b, t, 0);
    return error;
}

/* ---- a parameter's sweep ---- */

Ref sensitivity_leaf(const Builder *b, int32_t state, int32_t p)
{
    int32_t index = b->at[state * b->m->nparams + p];
    return graph_leaf(b->g, OP_STATE, index, tensor_shape(&b->states[index]), true, false, 0, 0);
}

void seed_states(Builder *b, Tangents *t, int32_t p)
{
    for (int32_t i = 0; i < b->nown; i++)
        if (b->leaf[i] && b->at[i * b->m->nparams + p])
            t->of[b->leaf[i]] = sensitivity_leaf(b, i, p);
}

/* The node of the parameter in the step; 0: no one reads it. */
Ref param_node(const Builder *b, int32_t p)
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
char *sweep_param(Builder *b, int32_t p, Ref *row)
{
    Model *m = b->m;
    Tangents t = tangents_new(b->g, b->count, param_node(b, p), (int32_t)tl_size(&m->params[p]), b->arena);
    for (int32_t i = 0; i < b->nown; i++) {
        Shape shape = tangent_shape((int32_t)tl_size(&m->params[p]), tensor_shape(&m->states[i]));
        char *error = b->acts[i * m->nparams + p] ? add_sensitivity(b, i, p, shape) : NULL;
        if (error)
            return error;
    }
    t.wanted = b->wanted;
    seed_states(b, &t, p);
    if (!tangents_sweep(&t))
        return user_sentence("%s:%d: %s", b->g->files[b->g->file], b->g->line, b->g->error);
    for (int32_t i = 0; i < b->nown; i++)
        if (b->at[i * m->nparams + p])
            b->next[b->at[i * m->nparams + p]] = tangent_or_zeros(&t, m->next_state[i]);
    *row = tangent_at(&t, b->of);
    return NULL;
}

Ref *next_of(Builder *b, int32_t state, int32_t p)
{
    int32_t index = b->at[state * b->m->nparams + p];
    return index ? &b->next[index] : NULL;
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

Builder sensitivity_builder(Model *m, Ref of, Arena *arena)
{
    size_t pairs = (size_t)m->nstates * (size_t)m->nparams + 1;
    Builder b = { .m = m, .g = m->step, .arena = arena, .count = m->step->count, .nown = m->nstates, .of = of,
                  .leaf = arena_array(arena, Ref, m->nstates + 1), .wanted = arena_array(arena, bool, m->step->count),
                  .acts = arena_array(arena, bool, pairs),
                  .at = arena_array(arena, int32_t, pairs), .states = m->states, .next = m->next_state,
                  .nstates = m->nstates, .capacity = m->nstates };
    b.wanted[of] = !m->carries;
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

/* A parameter's sensitivities, and by what the model learns of them. */
static char *take_param(Builder *b, Builder *dense, int32_t p, Ref *row)
{
    Model *m = b->m;
    find_acts(b, p);
    if (m->carries && m->tbptt.learn == TL_LEARN_DIAGONAL)
        return sweep_coloured(b, dense, p);
    char *error = b->by ? propagate_param(b->by, p, row) : sweep_param(b, p, row);
    if (!error && m->carries)
        carry_param(b, p, b->by != NULL, NULL);
    return error ? error : keep_pattern(b, p, row);
}

static char *take_params(Builder *b, Builder *dense, Ref *row)
{
    Model *m = b->m;
    bool *reached = arena_array(m->arena, bool, m->nparams + 1);
    for (int32_t p = 0; p < m->nparams; p++) {
        char *error = is_frozen(m, p) ? NULL : take_param(b, dense, p, &row[p]);
        if (error)
            return error;
        reached[p] = !is_frozen(m, p) && (m->carries ? b->reaches : row[p] != 0);
    }
    m->reached = reached;
    return b->g->error ? user_sentence("%s: %s", m->spec, b->g->error) : NULL;
}

/* A copy of the model, to see what can move. */
static char *take_beside(Builder *b, Ref *row)
{
    Model *copy = model_copy(b->m);
    copy->step->derived = true;
    Builder dense = sensitivity_builder(copy, copy->loss, b->arena);
    char *error = take_params(b, &dense, row);
    model_free(copy);
    return error;
}

static char *take_all(Builder *b, Rows rows, bool propagates)
{
    Model *m = b->m;
    Ref *row = arena_array(b->arena, Ref, m->nparams + 1);
    char *error = propagates ? propagation_new(b, &b->by) : NULL;
    if (!error)
        error = m->carries && m->tbptt.learn == TL_LEARN_DIAGONAL ? take_beside(b, row) : take_params(b, NULL, row);
    if (error)
        return error;
    b->rows = b->nstates;
    if (rows != ROWS_LOSS)
        add_state(b, zero_state("residual", node_at(b->g, b->of)->shape), b->of);
    for (int32_t p = 0; p < m->nparams && !m->carries; p++)
        if (row[p])
            keep_row(b, rows, p, row[p]);
    return NULL;
}

/* Whether the loss's gradient needs no tangent of the loss: SnAp-1 alone is about what the loss sees of them. */
static void choose_credit(Model *m, Rows rows)
{
    m->carries = rows == ROWS_LOSS && m->tbptt.learn != TL_LEARN_SNAP1;
    if (m->carries)
        m->carried = arena_array(m->arena, Carried, (int64_t)m->nstates * m->nparams + 1);
    else if (rows == ROWS_LOSS)
        m->gradient = arena_array(m->arena, Ref, m->nparams + 1);
}

/* What is added must not be called as a state of the model is. */
static char *check_names(const Model *m)
{
    for (int32_t i = 0; i < m->nstates; i++) {
        const char *name = m->states[i].name;
        if (!strcmp(name, "residual") || !strncmp(name, "sensitivity.", 12) || !strncmp(name, "jacobian.", 9))
            return user_sentence("%s: a state named %s: that is what the learner itself carries; give it another name", m->spec,
                                 name);
    }
    return NULL;
}

static char *add_by(Model *m, Rows rows, bool propagates)
{
    char *error = NULL;
    if ((error = check_names(m)))
        return error;
    Ref own_end = m->step->count, of = rows_of(m, rows, &error);
    if (!of)
        return error;
    choose_credit(m, rows);
    Arena *arena = arena_new();
    Builder b = sensitivity_builder(m, of, arena);
    m->step->derived = true;
    error = take_all(&b, rows, propagates);
    arena_free(arena);
    m->states = b.states;
    m->next_state = b.next;
    m->nextra = b.nstates - b.nown;
    m->nrows = b.nstates - b.rows;
    m->nstates = b.nstates;
    m->own_end = own_end;
    return error;
}

/* ---- by which way ---- */

enum { LARGEST_JACOBIAN = 1 << 20 }; /* elements of ds'/ds, of which a node has as many numbers */

static bool may_propagate(const Model *m)
{
    size_t n = 0, most = 0;
    for (int32_t i = 0; i < m->nstates; i++)
        n += tl_size(&m->states[i]);
    for (int32_t p = 0; p < m->nparams; p++)
        most = tl_size(&m->params[p]) > most ? tl_size(&m->params[p]) : most;
    return n * n <= LARGEST_JACOBIAN && n * most <= INT32_MAX && (m->tbptt.learn == TL_LEARN_TBPTT || m->tbptt.learn == TL_LEARN_RTRL);
}

/* Of a step in one lane. */
static double cost_by(const Model *m, Rows rows, bool propagates)
{
    Model *copy = model_copy(m);
    char *error = add_by(copy, rows, propagates);
    double cost = error ? INFINITY : step_operations(copy);
    free(error);
    model_free(copy);
    return cost;
}

char *add_sensitivities(Model *m, Rows rows)
{
    if (m->head)
        return user_sentence("%s: a model with a head over its window learns by tbptt alone", m->spec);
    return add_by(m, rows, may_propagate(m) && cost_by(m, rows, true) <= cost_by(m, rows, false));
}
