#include "passes/step_derivatives.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/step_adjoint.h"
#include "passes/tangent.h"

typedef struct Builder {
    const Model *from;
    const StepOptions *o;
    StepDerivatives *d;
    Model *m;           /* d->model */
    Graph *g;
    Arena *arena;       /* of the pass */
    int32_t nleaves;    /* inputs of m that are arguments, or parts of one; they come first */
    Ref *map;           /* [from->step->count] the copy of what a result needs */
    Ref *result;        /* [nresults] */
    Ref *adjoint;       /* [nleaves] 0: none */
    Ref **by;           /* [nleaves][nresults + nleaves] tangents of results, of adjoints; 0: it does not move them */
    bool second;        /* second derivatives are asked for */
    Ref *along;         /* [nresults] tangents along what is given */
} Builder;

static Shape tensor_shape(const tl_tensor *t) { return shape_make(t->rank, t->dim); }
static Shape shape_at(const Graph *g, Ref r) { return node_at(g, r)->shape; }

/* ---- names ---- */

/* CasADi's: a letter, then letters, digits and single underscores. */
static const char *plain(Arena *arena, const char *prefix, const char *name)
{
    char *text = arena_printf(arena, "%s%s", prefix, name), *to = text;
    for (const char *c = text; *c; c++) {
        bool fine = isalnum((unsigned char)*c) && (unsigned char)*c < 128;
        if (fine || (to > text && to[-1] != '_'))
            *to++ = fine ? *c : '_';
    }
    to -= to > text && to[-1] == '_';
    *to = '\0';
    return isalpha((unsigned char)*text) ? text : arena_printf(arena, "x%s", text);
}

static bool is_taken(const StepDerivatives *d, const char *name)
{
    for (int32_t i = 0; i < d->narguments; i++)
        if (!strcmp(d->argument[i].name, name))
            return true;
    for (int32_t i = 0; i < d->nresults; i++)
        if (!strcmp(d->result[i].name, name))
            return true;
    return !strcmp(name, "null") || !strcmp(name, "jac") || !strcmp(name, "hess");
}

static const char *new_name(Builder *b, const char *prefix, const char *name)
{
    const char *text = plain(b->m->arena, prefix, name), *tried = text;
    for (int n = 2; is_taken(b->d, tried); n++)
        tried = arena_printf(b->m->arena, "%s%d", text, n);
    return tried;
}

static const char *or_else(const char *name, const char *unnamed) { return *name ? name : unnamed; }

static void add_argument(StepDerivatives *d, const char *name, size_t size, bool params)
{
    d->argument[d->narguments++] = (StepVector){ name, (int32_t)size, params };
}

static void add_result(StepDerivatives *d, const char *name, size_t size)
{
    d->result[d->nresults++] = (StepVector){ name, (int32_t)size, false };
}

static void name_vectors(Builder *b)
{
    const Model *m = b->from;
    StepDerivatives *d = b->d;
    size_t params = 0;
    for (int32_t i = 0; i < m->ninputs; i++)
        add_argument(d, new_name(b, "", or_else(m->inputs[i].name, "x")), tl_size(&m->inputs[i]), false);
    for (int32_t i = 0; i < m->nstates; i++)
        add_argument(d, new_name(b, "s_", m->states[i].name), tl_size(&m->states[i]), false);
    for (int32_t i = 0; i < m->nparams; i++)
        params += tl_size(&m->params[i]);
    if (b->o->params)
        add_argument(d, new_name(b, "", "p"), params, true);
    for (int32_t i = 0; i < m->noutputs; i++)
        add_result(d, new_name(b, "", or_else(m->outputs[i].name, "y")), tl_size(&m->outputs[i]));
    for (int32_t i = 0; i < m->nstates; i++)
        add_result(d, new_name(b, "next_", m->states[i].name), tl_size(&m->states[i]));
}

/* ---- the derived model and its inputs ---- */

static void add_input(Builder *b, const char *name, Shape s, StepInput input)
{
    tl_tensor t = { .name = name, .rank = s.rank, .type = TL_F64, .learned = -1, .scale = TL_SCALE_RAW };
    memcpy(t.dim, s.dim, sizeof t.dim);
    b->d->input[b->m->ninputs] = input;
    b->m->inputs[b->m->ninputs++] = t;
}

/* A part of an argument: all of it but of the parameters. */
static void add_parts(Builder *b, StepInputKind kind)
{
    const Model *m = b->from;
    int32_t from = 0;
    for (int32_t i = 0; i < m->ninputs; i++)
        add_input(b, m->inputs[i].name, tensor_shape(&m->inputs[i]), (StepInput){ kind, i, 0 });
    for (int32_t i = 0; i < m->nstates; i++)
        add_input(b, m->states[i].name, tensor_shape(&m->states[i]), (StepInput){ kind, m->ninputs + i, 0 });
    for (int32_t i = 0; b->o->params && i < m->nparams; i++) {
        add_input(b, m->params[i].name, tensor_shape(&m->params[i]),
                  (StepInput){ kind, m->ninputs + m->nstates, from });
        from += (int32_t)tl_size(&m->params[i]);
    }
}

static Model *new_model(Builder *b)
{
    const Model *from = b->from;
    Arena *arena = arena_new();
    Model *m = arena_array(arena, Model, 1);
    int32_t parts = from->ninputs + from->nstates + from->nparams, results = from->noutputs + from->nstates;
    *m = (Model){ .arena = arena, .name = from->name, .spec = from->spec, .hash = from->hash, .options = from->options,
                  .noptions = from->noptions, .loss_name = "custom", .train = from->train, .rolled = from->rolled,
                  .params = from->params, .nparams = b->o->params ? 0 : from->nparams,
                  .tbptt = { .k1 = 1, .k2 = 1, .batch = 1, .shards = 1, .counted = TL_COUNT_ALL,
                             .reduce = TL_REDUCE_SUM, .overlap = TL_RECOMPUTE } };
    m->inputs = arena_array(arena, tl_tensor, 2 * parts + results + 1);
    m->params = arena_array(arena, tl_tensor, from->nparams + 1);
    memcpy(m->params, from->params, (size_t)from->nparams * sizeof *m->params);
    m->step = graph_new(0, 1);
    m->step->derived = true;
    m->step->tables = from->step->tables ? from->step->tables : tables_new(arena);
    for (int32_t i = 0; i < from->step->nfiles; i++)
        graph_file(m->step, from->step->files[i]);
    b->d->input = arena_array(arena, StepInput, 2 * parts + results + 1);
    b->d->argument = arena_array(arena, StepVector, parts + 1);
    b->d->result = arena_array(arena, StepVector, results + 1);
    return m;
}

/* ---- the step, of arguments ---- */

static Ref input_leaf(Builder *b, int32_t index)
{
    return graph_leaf(b->g, OP_INPUT, index, tensor_shape(&b->m->inputs[index]), true, false, 0, 0);
}

static Ref converted(Graph *g, Ref x, tl_op scale, tl_op shift, const StepUnits *u)
{
    Shape s = shape_at(g, x);
    Ref sd = graph_numbers(g, u->sd, s), mean = graph_numbers(g, u->mean, s);
    if (shift == OP_SUB)
        return graph_op2(g, scale, graph_op2(g, shift, x, mean), sd);
    return graph_op2(g, shift, graph_op2(g, scale, x, sd), mean);
}

static bool has_units(const StepUnits *u, int32_t i) { return u && u[i].mean; }

static Ref copy_leaf(Builder *b, const Node *n)
{
    const Model *m = b->from;
    int32_t i = n->attr[0];
    switch (n->op) {
    case OP_INPUT:
        return has_units(b->o->input, i) ? converted(b->g, input_leaf(b, i), OP_DIV, OP_SUB, &b->o->input[i])
                                         : input_leaf(b, i);
    case OP_STATE: return input_leaf(b, m->ninputs + i);
    case OP_PARAM:
        return b->o->params ? input_leaf(b, m->ninputs + m->nstates + i)
                            : graph_leaf(b->g, OP_PARAM, i, n->shape, false, false, 0, 0);
    case OP_DROPMASK: return graph_const(b->g, 1, n->shape);
    case OP_TABLE: return graph_table(b->g, i, n->shape);
    case OP_CONST: return graph_const(b->g, n->num[0], n->shape);
    default: break;
    }
    assume(false, "a leaf %s of what a step gives", tl_op_table[n->op].word);
    return 0;
}

static bool *find_needed(const Builder *b)
{
    const Model *m = b->from;
    bool *needed = arena_array(b->arena, bool, m->step->count);
    for (int32_t i = 0; i < m->noutputs; i++)
        needed[m->output[i]] = true;
    for (int32_t i = 0; i < m->nstates; i++)
        needed[m->next_state[i]] = true;
    for (Ref r = m->step->count - 1; r; r--)
        for (uint32_t i = 0; needed[r] && i < node_at(m->step, r)->nargs; i++)
            needed[arg_at(m->step, r, i)] = true;
    return needed;
}

static void copy_step(Builder *b)
{
    const Graph *from = b->from->step;
    const bool *needed = find_needed(b);
    b->map = arena_array(b->arena, Ref, from->count);
    for (Ref r = 1; r < from->count; r++) {
        const Node *n = node_at(from, r);
        if (!needed[r])
            continue;
        b->g->file = n->file;
        b->g->line = n->line;
        b->map[r] = tl_op_table[n->op].kind == TL_LEAF ? copy_leaf(b, n) : graph_rebuild_mapped(b->g, from, r, b->map);
        assume(b->map[r], "a node of a step: %s", b->g->error ? b->g->error : "");
    }
}

static void find_results(Builder *b)
{
    const Model *m = b->from;
    b->result = arena_array(b->arena, Ref, m->noutputs + m->nstates + 1);
    for (int32_t i = 0; i < m->noutputs; i++) {
        Ref y = b->map[m->output[i]];
        b->result[i] = has_units(b->o->output, i) ? converted(b->g, y, OP_MUL, OP_ADD, &b->o->output[i]) : y;
    }
    for (int32_t i = 0; i < m->nstates; i++)
        b->result[m->noutputs + i] = b->map[m->next_state[i]];
}

/* ---- sweeps ---- */

static void add_adjoints(Builder *b)
{
    int32_t n = b->d->nresults, *cotangent = arena_array(b->arena, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        cotangent[i] = b->m->ninputs;
        add_input(b, arena_printf(b->m->arena, "w_%s", b->d->result[i].name), shape_at(b->g, b->result[i]),
                  (StepInput){ STEP_COTANGENT, i, 0 });
    }
    b->adjoint = arena_array(b->arena, Ref, b->nleaves + 1);
    add_step_adjoints(b->m, b->nleaves, b->result, cotangent, n, b->adjoint);
}

/* What results, or adjoints too, are made of. */
static bool *find_wanted(const Builder *b, Ref count, bool adjoints)
{
    bool *wanted = arena_array(b->arena, bool, count);
    for (int32_t i = 0; i < b->d->nresults; i++)
        wanted[b->result[i]] = true;
    for (int32_t i = 0; adjoints && i < b->nleaves; i++)
        wanted[b->adjoint[i]] = true;
    for (Ref r = count - 1; r; r--)
        for (uint32_t i = 0; wanted[r] && i < node_at(b->g, r)->nargs; i++)
            wanted[arg_at(b->g, r, i)] = true;
    return wanted;
}

static bool sweep_leaf(Builder *b, int32_t leaf, Ref count, const bool *wanted)
{
    int32_t n = b->d->nresults;
    Tangents t = tangents_new(b->g, count, input_leaf(b, leaf), (int32_t)tl_size(&b->m->inputs[leaf]), b->arena);
    t.wanted = wanted;
    b->by[leaf] = arena_array(b->arena, Ref, n + b->nleaves);
    if (!tangents_sweep(&t))
        return false;
    for (int32_t i = 0; i < n; i++)
        b->by[leaf][i] = tangent_at(&t, b->result[i]);
    for (int32_t i = 0; i < b->nleaves; i++)
        b->by[leaf][n + i] = b->second && b->adjoint[i] ? tangent_at(&t, b->adjoint[i]) : 0;
    return !b->g->error;
}

static bool sweep_leaves(Builder *b)
{
    /* Leaves of all arguments before `count`, so that a sweep meets them. */
    for (int32_t i = 0; i < b->nleaves; i++)
        input_leaf(b, i);
    Ref count = b->g->count;
    const bool *wanted = find_wanted(b, count, b->second);
    b->by = arena_array(b->arena, Ref *, b->nleaves + 1);
    for (int32_t i = 0; i < b->nleaves; i++)
        if (!sweep_leaf(b, i, count, wanted))
            return false;
    return true;
}

/* One direction, whose part in every leaf is given. */
static bool sweep_along(Builder *b)
{
    int32_t first = b->m->ninputs;
    Ref count = b->g->count;
    add_parts(b, STEP_TANGENT);
    Tangents t = tangents_new(b->g, count, 0, 1, b->arena);
    t.wanted = find_wanted(b, count, false);
    for (int32_t i = 0; i < b->nleaves; i++) {
        Ref given = input_leaf(b, first + i);
        t.of[input_leaf(b, i)] = graph_reshape(b->g, given, tangent_shape(1, shape_at(b->g, given)));
    }
    b->along = arena_array(b->arena, Ref, b->d->nresults + 1);
    if (!tangents_sweep(&t))
        return false;
    for (int32_t i = 0; i < b->d->nresults; i++)
        b->along[i] = tangent_at(&t, b->result[i]);
    return !b->g->error;
}

/* ---- blocks ---- */

/* Argument a is leaf a; the last one may be parameters, a leaf each. */
static int32_t end_leaf(const Builder *b, int32_t a) { return b->d->argument[a].params ? b->nleaves : a + 1; }

static int32_t leaf_size(const Builder *b, int32_t leaf) { return (int32_t)tl_size(&b->m->inputs[leaf]); }

static Ref matrix(Graph *g, Ref x, int32_t rows, int32_t columns)
{
    return x ? graph_reshape(g, x, shape_make(2, (int32_t[]){ rows, columns }))
             : graph_const(g, 0, shape_make(2, (int32_t[]){ rows, columns }));
}

/* One behind the other along a dim. */
static Ref joined(Graph *g, const Ref *part, int32_t n, int32_t dim)
{
    return n == 1 ? part[0] : graph_concat(g, part, (uint32_t)n, dim);
}

/* {size of a, size of value `of`}: the tangents of by[leaf][of], of a's leaves. */
static Ref derivative(Builder *b, int32_t a, int32_t of, int32_t size)
{
    int32_t n = end_leaf(b, a) - a;
    Ref *part = arena_array(b->arena, Ref, n + 1);
    bool any = false;
    for (int32_t i = 0; i < n; i++) {
        Ref moved = b->by[a + i][of];
        any |= moved != 0;
        part[i] = matrix(b->g, moved, leaf_size(b, a + i), size);
    }
    return any ? joined(b->g, part, n, 0) : 0;
}

/* {size of by, size of of}: d adjoint of argument `of` / d argument `by`. */
static Ref second_derivative(Builder *b, int32_t of, int32_t by)
{
    int32_t n = end_leaf(b, of) - of;
    Ref *part = arena_array(b->arena, Ref, n + 1);
    bool any = false;
    for (int32_t i = 0; i < n; i++) {
        int32_t size = leaf_size(b, of + i);
        part[i] = derivative(b, by, b->d->nresults + of + i, size);
        any |= part[i] != 0;
        part[i] = part[i] ? part[i] : matrix(b->g, 0, b->d->argument[by].size, size);
    }
    return any ? joined(b->g, part, n, 1) : 0;
}

static StepFunction *new_function(Builder *b, StepFunctionKind kind, int32_t blocks)
{
    StepFunction *f = &b->d->function[kind];
    f->block = arena_array(b->m->arena, StepBlock, blocks + 1);
    return f;
}

static void add_block(StepFunction *f, Ref node, int32_t rows, int32_t columns, bool params)
{
    f->block[f->nblocks++] = (StepBlock){ node, rows, columns, params };
}

static void add_of_results(Builder *b, StepFunctionKind kind, const Ref *value)
{
    StepFunction *f = new_function(b, kind, b->d->nresults);
    for (int32_t r = 0; r < b->d->nresults; r++)
        add_block(f, value[r], b->d->result[r].size, 1, false);
}

static void add_jacobian(Builder *b)
{
    const StepDerivatives *d = b->d;
    StepFunction *f = new_function(b, STEP_JACOBIAN, d->nresults * d->narguments);
    for (int32_t r = 0; r < d->nresults; r++)
        for (int32_t a = 0; a < d->narguments; a++) {
            const StepVector *of = &d->result[r], *by = &d->argument[a];
            add_block(f, derivative(b, a, r, of->size), of->size, by->size, by->params);
        }
}

static Ref whole_adjoint(Builder *b, int32_t a)
{
    int32_t n = end_leaf(b, a) - a;
    Ref *part = arena_array(b->arena, Ref, n + 1);
    bool any = false;
    for (int32_t i = 0; i < n; i++) {
        any |= b->adjoint[a + i] != 0;
        part[i] = matrix(b->g, b->adjoint[a + i], 1, leaf_size(b, a + i));
    }
    return any ? joined(b->g, part, n, 1) : 0;
}

static void add_reverse(Builder *b)
{
    StepFunction *f = new_function(b, STEP_REVERSE, b->d->narguments);
    for (int32_t a = 0; a < b->d->narguments; a++)
        add_block(f, whole_adjoint(b, a), b->d->argument[a].size, 1, b->d->argument[a].params);
}

/* Of argument a's adjoint. By cotangents it is the Jacobian, turned. */
static void add_reverse_row(Builder *b, StepFunction *f, int32_t a)
{
    const StepDerivatives *d = b->d;
    const StepVector *of = &d->argument[a];
    for (int32_t i = 0; i < d->narguments; i++)
        add_block(f, second_derivative(b, a, i), of->size, d->argument[i].size, of->params || d->argument[i].params);
    for (int32_t i = 0; i < d->nresults; i++)
        add_block(f, 0, of->size, d->result[i].size, of->params);
    for (int32_t i = 0; i < d->nresults; i++) {
        Ref jacobian = derivative(b, a, i, d->result[i].size);
        add_block(f, jacobian ? graph_op1(b->g, OP_TRANSPOSE, jacobian) : 0, of->size, d->result[i].size, of->params);
    }
}

static void add_functions(Builder *b)
{
    const StepDerivatives *d = b->d;
    b->g->file = 0;
    b->g->line = 0;
    add_of_results(b, STEP_VALUES, b->result);
    add_of_results(b, STEP_FORWARD, b->along);
    if (b->o->forward_alone)
        return;
    add_jacobian(b);
    add_reverse(b);
    if (!b->second)
        return;
    StepFunction *f = new_function(b, STEP_REVERSE_JACOBIAN, d->narguments * (d->narguments + 2 * d->nresults));
    for (int32_t a = 0; a < d->narguments; a++)
        add_reverse_row(b, f, a);
}

/* ---- all of it ---- */

static char *refuse(const Model *m)
{
    if (m->head)
        return user_sentence("%s: a head looks at a whole window; a step alone gives no output", m->spec);
    for (int32_t i = 0; i < m->ninputs; i++)
        if (m->inputs[i].vocab)
            return user_sentence("%s: input %s is a token, and a step with derivatives takes real numbers alone; let it "
                                 "take what the token is mapped to, a real(n)", m->spec, or_else(m->inputs[i].name, "x"));
    if (m->noutputs + m->nstates == 0)
        return user_sentence("%s: a step gives nothing: it has no output and no state", m->spec);
    return NULL;
}

static char *build(Builder *b)
{
    b->d->model = b->m = new_model(b);
    b->g = b->m->step;
    name_vectors(b);
    add_parts(b, STEP_ARGUMENT);
    b->nleaves = b->m->ninputs;
    b->second = !b->o->params || b->d->argument[b->d->narguments - 1].size <= MOST_SECOND;
    copy_step(b);
    find_results(b);
    if (!b->o->forward_alone)
        add_adjoints(b);
    if ((b->o->forward_alone || sweep_leaves(b)) && sweep_along(b))
        add_functions(b);
    return b->g->error ? user_sentence("%s: %s", b->from->spec, b->g->error) : NULL;
}

StepDerivatives *step_derivatives(const Model *m, const StepOptions *o, char **error)
{
    if ((*error = refuse(m)))
        return NULL;
    StepDerivatives *d = checked(calloc(1, sizeof *d));
    Builder b = { .from = m, .o = o, .d = d, .arena = arena_new() };
    *error = build(&b);
    arena_free(b.arena);
    if (!*error)
        return d;
    step_derivatives_free(d);
    return NULL;
}

void step_derivatives_free(StepDerivatives *d)
{
    if (d)
        model_free(d->model);
    free(d);
}
