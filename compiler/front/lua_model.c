/* lua_model.c - the model's tables, filled by the prelude, which has checked what goes in. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/settings.h>
#include "front/front.h"
#include "graph/checked.h"

/* ---- fields of the table on top of the stack ---- */

static const char *text_field(lua_State *L, const char *name)
{
    lua_getfield(L, -1, name);
    const char *s = arena_strdup(front_of(L)->arena, luaL_checkstring(L, -1));
    lua_pop(L, 1);
    return s;
}

static double number_field(lua_State *L, const char *name)
{
    lua_getfield(L, -1, name);
    if (!lua_isnumber(L, -1))
        front_fail(L, "internal: field %s is a %s", name, luaL_typename(L, -1));
    double v = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return v;
}

static int32_t int_field(lua_State *L, const char *name) { return (int32_t)number_field(L, name); }

static bool bool_field(lua_State *L, const char *name)
{
    lua_getfield(L, -1, name);
    bool v = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return v;
}

static int32_t choice_field(lua_State *L, const char *name, const char *const *words)
{
    const char *w = text_field(L, name);
    for (int32_t i = 0; words[i]; i++)
        if (!strcmp(words[i], w))
            return i;
    return front_fail(L, "internal: field %s is %s", name, w);
}

static Ref node_field(lua_State *L, const char *name)
{
    lua_getfield(L, -1, name);
    Ref r = front_node(L, lua_gettop(L))->ref;
    lua_pop(L, 1);
    return r;
}

/* ---- declarations ---- */

/* { trainable, lr, weight_decay, min, max, max_norm }, or nil */
static const tl_rule *rule_field(lua_State *L)
{
    tl_rule *r = NULL;
    lua_getfield(L, -1, "rule");
    if (lua_istable(L, -1)) {
        r = arena_array(front_of(L)->arena, tl_rule, 1);
        *r = (tl_rule){ .trained = bool_field(L, "trainable") ? TL_TRAINED : TL_FROZEN, .lr = number_field(L, "lr"),
                        .weight_decay = number_field(L, "weight_decay"), .min = number_field(L, "min"),
                        .max = number_field(L, "max"), .max_norm = number_field(L, "max_norm") };
    }
    lua_pop(L, 1);
    return r;
}

static tl_tensor tensor(lua_State *L)
{
    static const char *const inits[] = { TL_EACH_INIT(TL_WORD) NULL };
    tl_tensor t = { .name = text_field(L, "name"),
                    .vocab = int_field(L, "vocab"),
                    .learned = int_field(L, "learned") };
    lua_getfield(L, -1, "shape");
    Shape s = front_shape(L, lua_gettop(L));
    lua_pop(L, 1);
    t.rank = s.rank;
    memcpy(t.dim, s.dim, sizeof t.dim);
    t.type = t.vocab ? TL_I32 : TL_F32;
    t.scale = bool_field(L, "raw") ? TL_SCALE_RAW : TL_SCALE_FREE;
    t.init.kind = (tl_init_kind)choice_field(L, "init", inits);
    t.init.a = number_field(L, "a");
    if (t.init.kind == TL_INIT_VALUES)
        t.values = front_of(L)->graph->tables->table[(int32_t)t.init.a].value;
    t.rule = rule_field(L);
    return t;
}

typedef struct Table {
    const char *kind;
    tl_op op;
    tl_tensor **tensors;
    int32_t *count;
} Table;

static Table table_by_kind(lua_State *L, const char *kind)
{
    Model *m = front_of(L)->model;
    Table tables[] = { { "param", OP_PARAM, &m->params, &m->nparams },
                       { "input", OP_INPUT, &m->inputs, &m->ninputs },
                       { "target", OP_TARGET, &m->targets, &m->ntargets },
                       { "state", OP_STATE, &m->states, &m->nstates } };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (!strcmp(tables[i].kind, kind))
            return tables[i];
    front_fail(L, "internal: no table is called %s", kind);
    return tables[0];
}

/* (kind, list of { name, shape, vocab, init, a, learned, rule }) -> list of leaves */
static int core_declare(lua_State *L)
{
    Front *f = front_of(L);
    Table t = table_by_kind(L, luaL_checkstring(L, 1));
    luaL_checktype(L, 2, LUA_TTABLE);
    *t.count = (int32_t)compat_len(L, 2);
    *t.tensors = arena_array(f->arena, tl_tensor, *t.count);
    lua_createtable(L, *t.count, 0);
    for (int32_t i = 0; i < *t.count; i++) {
        lua_rawgeti(L, 2, i + 1);
        tl_tensor *row = &(*t.tensors)[i];
        *row = tensor(L);
        lua_pop(L, 1);
        front_here(L);
        front_push_node(L, graph_leaf(f->graph, t.op, i, shape_make(row->rank, row->dim),
                                      t.op != OP_PARAM, row->vocab > 0, 0, 0));
        lua_rawseti(L, 3, i + 1);
    }
    return 1;
}

static void shape_of(const Graph *g, Ref r, tl_tensor *t)
{
    const Node *n = node_at(g, r);
    t->rank = n->shape.rank;
    memcpy(t->dim, n->shape.dim, sizeof t->dim);
    t->learned = -1;
}

/* ---- what bce compares ---- */

static bool is_view(const Node *n)
{
    return n->op == OP_RESHAPE || n->op == OP_TRANSPOSE || n->op == OP_SLICE || n->op == OP_CONCAT ||
           n->op == OP_EXPAND || n->op == OP_STOP || n->op == OP_PROBE;
}

/* Marks the fields that `target` is made of as raw: every target, whatever was done with it, and an input that
 * is only looked at in parts, as where a model shall say again what it reads. */
static void keep_raw(Front *f, Ref target)
{
    const Graph *g = f->graph;
    unsigned char *seen = checked(calloc(target + 1, 1)); /* 2: by views alone */
    seen[target] = 2;
    for (Ref r = target; r > 0; r--) {
        const Node *n = node_at(g, r);
        if (seen[r] && n->op == OP_TARGET)
            f->model->targets[n->attr[0]].scale = TL_SCALE_RAW;
        if (seen[r] == 2 && n->op == OP_INPUT)
            f->model->inputs[n->attr[0]].scale = TL_SCALE_RAW;
        for (uint32_t i = 0; seen[r] && i < n->nargs; i++) {
            unsigned char how = seen[r] == 2 && is_view(n) ? 2 : 1, *to = &seen[g->args[n->args + i]];
            *to = how > *to ? how : *to;
        }
    }
    free(seen);
}

static Ref unshaped(const Graph *g, Ref r)
{
    while (node_at(g, r)->op == OP_RESHAPE)
        r = g->args[node_at(g, r)->args];
    return r;
}

/* (logits, target): the target is a probability. */
static int core_probability(lua_State *L)
{
    Front *f = front_of(L);
    Ref *logits = arena_array(f->arena, Ref, f->nlogits + 1);
    if (f->nlogits)
        memcpy(logits, f->logits, (size_t)f->nlogits * sizeof *logits);
    logits[f->nlogits++] = unshaped(f->graph, front_node(L, 1)->ref);
    f->logits = logits;
    keep_raw(f, front_node(L, 2)->ref);
    const Node *target = node_at(f->graph, unshaped(f->graph, front_node(L, 2)->ref));
    if (target->op == OP_TARGET)
        f->model->targets[target->attr[0]].scale = TL_SCALE_PROBABILITY;
    return 0;
}

static bool is_logit(const Front *f, Ref output)
{
    for (int32_t i = 0; i < f->nlogits; i++)
        if (f->logits[i] == unshaped(f->graph, output))
            return true;
    return false;
}

/* (outputs, list of levels, one for each element): the outputs are quantiles. */
static int core_quantiles(lua_State *L)
{
    Front *f = front_of(L);
    int32_t n = f->nlevelled;
    Ref *levelled = arena_array(f->arena, Ref, n + 1);
    int32_t *levels = arena_array(f->arena, int32_t, n + 1);
    if (n) {
        memcpy(levelled, f->levelled, (size_t)n * sizeof *levelled);
        memcpy(levels, f->levels, (size_t)n * sizeof *levels);
    }
    levelled[n] = unshaped(f->graph, front_node(L, 1)->ref);
    levels[n] = (int32_t)luaL_checkinteger(L, 2);
    f->levelled = levelled;
    f->levels = levels;
    f->nlevelled++;
    return 0;
}

/* Says of an output what it is. */
static void find_scale(const Front *f, Ref output, tl_tensor *t)
{
    t->scale = is_logit(f, output) ? TL_SCALE_LOGIT : TL_SCALE_FREE;
    for (int32_t i = 0; i < f->nlevelled; i++)
        if (f->levelled[i] == unshaped(f->graph, output)) {
            t->scale = TL_SCALE_QUANTILE;
            t->init = (tl_init){ TL_INIT_VALUES, f->levels[i] };
            t->values = f->graph->tables->table[f->levels[i]].value;
        }
}

static void grow_probes(Front *f)
{
    Model *m = f->model;
    if (m->nprobes < f->probes_capacity)
        return;
    f->probes_capacity = f->probes_capacity ? 2 * f->probes_capacity : 16;
    tl_tensor *tensors = arena_array(f->arena, tl_tensor, f->probes_capacity);
    Ref *nodes = arena_array(f->arena, Ref, f->probes_capacity);
    if (m->nprobes) {
        memcpy(tensors, m->probes, (size_t)m->nprobes * sizeof *tensors);
        memcpy(nodes, m->probe, (size_t)m->nprobes * sizeof *nodes);
    }
    m->probes = tensors;
    m->probe = nodes;
}

/* (name, x): x is watched. Probes are in the order in which they are made. */
static int core_probe(lua_State *L)
{
    Front *f = front_of(L);
    Model *m = f->model;
    const char *name = arena_strdup(f->arena, luaL_checkstring(L, 1));
    grow_probes(f);
    Ref r = m->probe[m->nprobes] = front_node(L, 2)->ref;
    m->probes[m->nprobes].name = name;
    shape_of(f->graph, r, &m->probes[m->nprobes++]);
    return 0;
}

/* (list of { name, node, state }, state -1 for an output) -> for each of the k2 steps, oldest first,
 * a list of what the head sees of them. From here on nodes are the head's. */
static int core_past(lua_State *L)
{
    Front *f = front_of(L);
    Model *m = f->model;
    int32_t k2 = (int32_t)luaL_checknumber(L, 2);
    m->npast = (int32_t)compat_len(L, 1);
    m->past = arena_array(f->arena, tl_tensor, m->npast + 1);
    m->past_node = arena_array(f->arena, Ref, m->npast + 1);
    m->past_state = arena_array(f->arena, int32_t, m->npast + 1);
    for (int32_t i = 0; i < m->npast; i++) {
        lua_rawgeti(L, 1, i + 1);
        m->past_node[i] = node_field(L, "node");
        m->past_state[i] = int_field(L, "state");
        shape_of(f->graph, m->past_node[i], &m->past[i]);
        m->past[i].name = text_field(L, "name");
        lua_pop(L, 1);
    }
    m->head = f->graph->count;
    front_here(L);
    lua_createtable(L, k2, 0);
    for (int32_t slot = 0; slot < k2; slot++) {
        lua_createtable(L, m->npast, 0);
        for (int32_t i = 0; i < m->npast; i++) {
            Shape s = shape_make(m->past[i].rank, m->past[i].dim);
            front_push_node(L, graph_past(f->graph, i, slot, s, 0));
            lua_rawseti(L, -2, i + 1);
        }
        lua_rawseti(L, -2, slot + 1);
    }
    return 1;
}

/* ---- the whole ---- */

static void read_tbptt(lua_State *L, Model *m)
{
    static const char *const counted[] = { TL_EACH_COUNTED(TL_WORD) NULL };
    static const char *const reduce[] = { TL_EACH_REDUCE(TL_WORD) NULL };
    static const char *const overlap[] = { TL_EACH_OVERLAP(TL_WORD) NULL };
    static const char *const learn[] = { TL_EACH_LEARN(TL_WORD) NULL };
    tl_tbptt *b = &m->tbptt;
    b->k1 = int_field(L, "k1");
    b->k2 = int_field(L, "k2");
    b->batch = int_field(L, "batch");
    b->shards = int_field(L, "shards");
    b->counted = (tl_counted)choice_field(L, "loss", counted);
    b->reduce = (tl_reduce)choice_field(L, "reduce", reduce);
    b->overlap = (tl_overlap)choice_field(L, "overlap", overlap);
    b->learn = (tl_learn)choice_field(L, "learn", learn);
    b->carry = bool_field(L, "carry");
    m->resets = bool_field(L, "resets");
    m->masks = bool_field(L, "masks");
    m->lags = bool_field(L, "lags");
    m->rolled = !bool_field(L, "unroll");
}

static void read_optimizer(lua_State *L, tl_optimizer_spec *o)
{
    static const char *const kinds[] = { TL_EACH_OPTIMIZER(TL_WORD) NULL };
    o->kind = (tl_optimizer_kind)choice_field(L, "kind", kinds);
#define READ(name) o->name = number_field(L, #name);
    TL_EACH_OPTIMIZER_NUMBER(READ)
#undef READ
#define READ(name) o->name = (int64_t)number_field(L, #name);
    TL_EACH_OPTIMIZER_WHOLE(READ)
#undef READ
#define READ(name) o->name = bool_field(L, #name);
    TL_EACH_OPTIMIZER_FLAG(READ)
#undef READ
}

static void read_schedule(lua_State *L, tl_schedule_spec *s)
{
    static const char *const kinds[] = { TL_EACH_SCHEDULE(TL_WORD) NULL };
    s->kind = (tl_schedule_kind)choice_field(L, "kind", kinds);
#define READ(name) s->name = (int64_t)number_field(L, #name);
    TL_EACH_SCHEDULE_WHOLE(READ)
#undef READ
#define READ(name) s->name = number_field(L, #name);
    TL_EACH_SCHEDULE_NUMBER(READ)
#undef READ
}

/* Factors of each parameter, which the prelude sees to (rules.lua). */
static bool is_of_parameters(const char *name)
{
    return !strcmp(name, "train.optimizer.decay") || !strcmp(name, "train.group") || !strcmp(name, "train.freeze");
}

/* What the command line sets of it. The runtime's table of fields, so that a trainer that stands alone takes
 * the same. */
static void apply_settings(lua_State *L, tl_train_spec *t)
{
    tl_error e;
    tl_settings settings = { 0 };
    const SpecOptions *o = front_of(L)->options;
    for (int i = 0; i < o->nsets; i++) {
        char text[160];
        if (strncmp(o->sets[i].name, "train.", 6) || is_of_parameters(o->sets[i].name))
            continue;
        snprintf(text, sizeof text, "%.90s=%.64s", o->sets[i].name, o->sets[i].value);
        if (tl_settings_add(&settings, text, &e))
            front_fail(L, "%s", e.text);
    }
    if (tl_settings_apply(&settings, t, &e))
        front_fail(L, "%s", e.text);
}

static void read_train(lua_State *L, tl_train_spec *t)
{
    lua_getfield(L, -1, "optimizer");
    read_optimizer(L, &t->optimizer);
    lua_pop(L, 1);
    lua_getfield(L, -1, "schedule");
    read_schedule(L, &t->schedule);
    lua_pop(L, 1);
    t->clip_norm = number_field(L, "clip_norm");
    t->clip_value = number_field(L, "clip_value");
    t->average = number_field(L, "average");
    t->accumulate = (int64_t)number_field(L, "accumulate");
    apply_settings(L, t);
}

static void read_options(lua_State *L, Front *f)
{
    Model *m = f->model;
    m->noptions = (int32_t)compat_len(L, -1);
    m->options = arena_array(f->arena, Option, m->noptions);
    for (int32_t i = 0; i < m->noptions; i++) {
        lua_rawgeti(L, -1, i + 1);
        m->options[i] = (Option){ text_field(L, "name"), text_field(L, "value") };
        XXH64_update(f->hash, m->options[i].name, strlen(m->options[i].name) + 1);
        XXH64_update(f->hash, m->options[i].value, strlen(m->options[i].value) + 1);
        lua_pop(L, 1);
    }
}

static void read_outputs(lua_State *L, Front *f)
{
    Model *m = f->model;
    m->noutputs = (int32_t)compat_len(L, -1);
    m->outputs = arena_array(f->arena, tl_tensor, m->noutputs);
    m->output = arena_array(f->arena, Ref, m->noutputs);
    for (int32_t i = 0; i < m->noutputs; i++) {
        lua_rawgeti(L, -1, i + 1);
        m->outputs[i].name = text_field(L, "name");
        m->output[i] = node_field(L, "node");
        shape_of(f->graph, m->output[i], &m->outputs[i]);
        find_scale(f, m->output[i], &m->outputs[i]);
        lua_pop(L, 1);
    }
}

static void read_next_state(lua_State *L, Front *f)
{
    Model *m = f->model;
    m->next_state = arena_array(f->arena, Ref, m->nstates);
    for (int32_t i = 0; i < m->nstates; i++) {
        lua_rawgeti(L, -1, i + 1);
        m->next_state[i] = front_node(L, lua_gettop(L))->ref;
        lua_pop(L, 1);
    }
}

/* A loss that depends on no data is still one value for each lane. */
static Ref lane_loss(lua_State *L, Front *f, const char *name)
{
    Ref r = node_field(L, name);
    return node_at(f->graph, r)->batched ? r : graph_expand(f->graph, r, (Shape){ 0 }, true);
}

static void read_named(lua_State *L, Front *f)
{
    Model *m = f->model;
    m->nnamed = (int32_t)compat_len(L, -1);
    m->named = arena_array(f->arena, tl_tensor, m->nnamed + 1);
    m->named_node = arena_array(f->arena, Ref, m->nnamed + 1);
    for (int32_t i = 0; i < m->nnamed; i++) {
        lua_rawgeti(L, -1, i + 1);
        m->named[i] = (tl_tensor){ .name = text_field(L, "name"), .learned = -1 };
        m->named_node[i] = lane_loss(L, f, "node");
        lua_pop(L, 1);
    }
}

static int core_finish(lua_State *L)
{
    Front *f = front_of(L);
    static const struct {
        const char *name;
        void (*read)(lua_State *, Front *);
    } parts[] = { { "options", read_options },
                  { "outputs", read_outputs },
                  { "named", read_named },
                  { "next_state", read_next_state } };
    lua_settop(L, 1);
    f->model->loss_name = text_field(L, "loss_name");
    f->model->loss = lane_loss(L, f, "loss");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        lua_getfield(L, 1, parts[i].name);
        parts[i].read(L, f);
        lua_settop(L, 1);
    }
    lua_getfield(L, 1, "tbptt");
    read_tbptt(L, f->model);
    lua_getfield(L, 1, "train");
    read_train(L, &f->model->train);
    return 0;
}

/* The -D of the command line: a list of { name, value }. */
static int core_defines(lua_State *L)
{
    const SpecOptions *o = front_of(L)->options;
    lua_newtable(L);
    for (int i = 0; i < o->ndefines; i++) {
        lua_newtable(L);
        lua_pushstring(L, o->defines[i].name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, o->defines[i].value);
        lua_setfield(L, -2, "value");
        lua_pushstring(L, o->defines[i].from);
        lua_setfield(L, -2, "from");
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* What the command line sets: a list of { name, value, given }. */
static int core_sets(lua_State *L)
{
    const SpecOptions *o = front_of(L)->options;
    lua_newtable(L);
    for (int i = 0; i < o->nsets; i++) {
        lua_newtable(L);
        lua_pushstring(L, o->sets[i].name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, o->sets[i].value);
        lua_setfield(L, -2, "value");
        lua_pushstring(L, o->sets[i].given);
        lua_setfield(L, -2, "given");
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* matches(pattern, name): a shell's pattern, in which no character of a name is special. */
static int core_matches(lua_State *L)
{
    lua_pushboolean(L, fnmatch(luaL_checkstring(L, 1), luaL_checkstring(L, 2), 0) == 0);
    return 1;
}

void front_open_model(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "declare", core_declare },   { "probability", core_probability }, { "quantiles", core_quantiles },
        { "probe", core_probe },       { "past", core_past },
        { "finish", core_finish },
        { "defines", core_defines }, { "sets", core_sets }, { "matches", core_matches }, { NULL, NULL }
    };
    compat_set_functions(L, functions);
}
