/* model_text.c - a Model as text, a table row a line, and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/model.h"
#include "graph/text.h"
#include "graph/user_error.h"

/* ---- the words of the enumerations ---- */

static const char *const init_words[] = { TL_EACH_INIT(TL_WORD) NULL };
static const char *const trained_words[] = { TL_EACH_TRAINED(TL_WORD) NULL };
static const char *const counted_words[] = { TL_EACH_COUNTED(TL_WORD) NULL };
static const char *const reduce_words[] = { TL_EACH_REDUCE(TL_WORD) NULL };
static const char *const learn_words[] = { TL_EACH_LEARN(TL_WORD) NULL };
static const char *const overlap_words[] = { TL_EACH_OVERLAP(TL_WORD) NULL };
static const char *const optimizer_words[] = { TL_EACH_OPTIMIZER(TL_WORD) NULL };
static const char *const scale_words[] = { TL_EACH_SCALE(TL_WORD) NULL };
static const char *const schedule_words[] = { TL_EACH_SCHEDULE(TL_WORD) NULL };

/* ---- writing ---- */

static void write_tensor(FILE *f, const char *kind, const tl_tensor *t)
{
    fprintf(f, "%s %s {", kind, *t->name ? t->name : "-");
    for (int32_t i = 0; i < t->rank; i++)
        fprintf(f, i ? ", %d" : "%d", t->dim[i]);
    fprintf(f, "} %d %s %.17g %d\n", t->vocab, init_words[t->init.kind], t->init.a, t->learned);
}

/* Of the parameters that have one, by their index. */
static void write_rules(FILE *f, const Model *m)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_rule *r = m->params[i].rule;
        if (r)
            fprintf(f, "rule %d %s %.17g %.17g %.17g %.17g %.17g\n", i, trained_words[r->trained], r->lr,
                    r->weight_decay, r->min, r->max, r->max_norm);
    }
}

static void write_table(FILE *f, const char *kind, const tl_tensor *t, int32_t n, const Ref *nodes)
{
    for (int32_t i = 0; i < n; i++)
        write_tensor(f, kind, &t[i]);
    for (int32_t i = 0; nodes && i < n; i++)
        fprintf(f, "%s-node %u\n", kind, nodes[i]);
}

/* A line for each that is not free. */
static void write_scales(FILE *f, const char *kind, const tl_tensor *t, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (t[i].scale != TL_SCALE_FREE)
            fprintf(f, "scale %s %d %s\n", kind, i, scale_words[t[i].scale]);
}

static void write_train(FILE *f, const tl_train_spec *s)
{
    const tl_optimizer_spec *o = &s->optimizer;
    fprintf(f, "optimizer %s", optimizer_words[o->kind]);
#define WRITE(name) fprintf(f, " %.17g", o->name);
    TL_EACH_OPTIMIZER_NUMBER(WRITE)
#undef WRITE
#define WRITE(name) fprintf(f, " %lld", (long long)o->name);
    TL_EACH_OPTIMIZER_WHOLE(WRITE) TL_EACH_OPTIMIZER_FLAG(WRITE)
#undef WRITE
    fputc('\n', f);
    fprintf(f, "schedule %s", schedule_words[s->schedule.kind]);
#define WRITE(name) fprintf(f, " %lld", (long long)s->schedule.name);
    TL_EACH_SCHEDULE_WHOLE(WRITE)
#undef WRITE
#define WRITE(name) fprintf(f, " %.17g", s->schedule.name);
    TL_EACH_SCHEDULE_NUMBER(WRITE)
#undef WRITE
    fprintf(f, "\nclip %.17g %.17g\nupdates %lld %.17g\n", s->clip_norm, s->clip_value, (long long)s->accumulate,
            s->average);
}

static void write_head(FILE *f, const Model *m)
{
    if (!m->head)
        return;
    fprintf(f, "head %u\n", m->head);
    write_table(f, "past", m->past, m->npast, m->past_node);
    for (int32_t i = 0; i < m->npast; i++)
        fprintf(f, "past-state %d\n", m->past_state[i]);
}

void model_write(const Model *m, FILE *f)
{
    const tl_tbptt *b = &m->tbptt;
    fprintf(f, "model %s\nspec %s\n", m->name, m->spec);
    for (int32_t i = 0; i < m->noptions; i++)
        fprintf(f, "option %s %s\n", m->options[i].name, m->options[i].value);
    fprintf(f, "tbptt %d %d %d %d %s %s %s %s %d %d %d %d %d\n", b->k1, b->k2, b->batch, tl_shards(b), counted_words[b->counted],
            reduce_words[b->reduce], overlap_words[b->overlap], learn_words[b->learn], b->carry, m->resets, m->masks, m->lags, m->rolled);
    write_train(f, &m->train);
    text_write_graph(f, m->step);
    fprintf(f, "loss %s %u\n", m->loss_name, m->loss);
    write_table(f, "param", m->params, m->nparams, NULL);
    write_rules(f, m);
    write_table(f, "input", m->inputs, m->ninputs, NULL);
    write_table(f, "target", m->targets, m->ntargets, NULL);
    write_table(f, "state", m->states, m->nstates, m->next_state);
    write_table(f, "output", m->outputs, m->noutputs, m->output);
    write_scales(f, "input", m->inputs, m->ninputs);
    write_scales(f, "target", m->targets, m->ntargets);
    write_scales(f, "output", m->outputs, m->noutputs);
    write_table(f, "probe", m->probes, m->nprobes, m->probe);
    write_table(f, "named", m->named, m->nnamed, m->named_node);
    write_head(f, m);
    fprintf(f, "end\n");
}

/* ---- reading ---- */

static bool read_choice(TextReader *t, const char *const *words, int32_t *out)
{
    const char *w;
    *out = 0;
    text_word(t, &w);
    for (int32_t i = 0; words[i]; i++)
        if (!strcmp(words[i], w)) {
            *out = i;
            return true;
        }
    return text_fail(t, "'%.40s' is not one of the words that stand here", w);
}

static bool read_int32(TextReader *t, int32_t lo, int32_t *out)
{
    int64_t v;
    if (!text_int(t, lo, INT32_MAX, &v))
        return false;
    *out = (int32_t)v;
    return true;
}

static bool read_numbers(TextReader *t, double *const *out, int n)
{
    for (int i = 0; i < n; i++)
        if (!text_number(t, out[i]))
            return false;
    return true;
}

static bool read_tbptt(TextReader *t, Model *m)
{
    tl_tbptt *b = &m->tbptt;
    int32_t counted, reduce, overlap, learn, resets, masks, lags, rolled;
    if (!read_int32(t, 1, &b->k1) || !read_int32(t, 1, &b->k2) || !read_int32(t, 1, &b->batch) ||
        !read_int32(t, 1, &b->shards) || b->batch % b->shards ||
        !read_choice(t, counted_words, &counted) || !read_choice(t, reduce_words, &reduce) ||
        !read_choice(t, overlap_words, &overlap) || !read_choice(t, learn_words, &learn) || !read_int32(t, 0, &b->carry) ||
        !read_int32(t, 0, &resets) || !read_int32(t, 0, &masks) || !read_int32(t, 0, &lags) ||
        !read_int32(t, 0, &rolled))
        return false;
    m->resets = resets;
    m->masks = masks;
    m->lags = lags;
    m->rolled = rolled;
    b->counted = (tl_counted)counted;
    b->reduce = (tl_reduce)reduce;
    b->overlap = (tl_overlap)overlap;
    b->learn = (tl_learn)learn;
    return true;
}

static bool read_optimizer(TextReader *t, tl_optimizer_spec *o)
{
    int32_t kind;
#define AT(name) &o->name,
    double *const numbers[] = { TL_EACH_OPTIMIZER_NUMBER(AT) };
    int64_t *const wholes[] = { TL_EACH_OPTIMIZER_WHOLE(AT) };
    int32_t *const flags[] = { TL_EACH_OPTIMIZER_FLAG(AT) };
#undef AT
    if (!read_choice(t, optimizer_words, &kind) || !read_numbers(t, numbers, sizeof numbers / sizeof *numbers))
        return false;
    o->kind = (tl_optimizer_kind)kind;
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
        if (!text_int(t, 0, INT64_MAX, wholes[i]))
            return false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!read_int32(t, 0, flags[i]))
            return false;
    return true;
}

static bool read_schedule(TextReader *t, tl_schedule_spec *s)
{
    int32_t kind;
#define AT(name) &s->name,
    int64_t *const wholes[] = { TL_EACH_SCHEDULE_WHOLE(AT) };
    double *const numbers[] = { TL_EACH_SCHEDULE_NUMBER(AT) };
#undef AT
    if (!read_choice(t, schedule_words, &kind))
        return false;
    s->kind = (tl_schedule_kind)kind;
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
        if (!text_int(t, 0, INT64_MAX, wholes[i]))
            return false;
    return read_numbers(t, numbers, sizeof numbers / sizeof *numbers);
}

static void *add_row(Arena *arena, void *rows, int32_t *n, size_t size)
{
    char *bigger = arena_alloc(arena, (size_t)*n + 1, size);
    if (*n)
        memcpy(bigger, rows, (size_t)*n * size);
    ++*n;
    return bigger;
}

static bool valid_rule(const tl_rule *r)
{
    return isfinite(r->lr) && r->lr >= 0 && isfinite(r->weight_decay) && r->weight_decay >= 0 && r->min <= r->max &&
           r->min < INFINITY && r->max > -INFINITY && isfinite(r->max_norm) && r->max_norm >= 0;
}

static bool read_rule(TextReader *t, Model *m)
{
    int64_t i;
    int32_t trained;
    tl_rule *r = arena_array(t->arena, tl_rule, 1);
    double *const numbers[] = { &r->lr, &r->weight_decay, &r->min, &r->max, &r->max_norm };
    if (!text_int(t, 0, (int64_t)m->nparams - 1, &i) || !read_choice(t, trained_words, &trained) ||
        !read_numbers(t, numbers, 5))
        return false;
    r->trained = (tl_trained)trained;
    m->params[i].rule = r;
    return valid_rule(r) || text_fail(t, "no update could follow this rule");
}

static bool read_tensor(TextReader *t, tl_tensor **table, int32_t *n)
{
    Shape s;
    int32_t kind;
    tl_tensor row = { 0 };
    if (!text_word(t, &row.name) || !text_shape(t, &s) || !read_int32(t, 0, &row.vocab) ||
        !read_choice(t, init_words, &kind) || !text_number(t, &row.init.a) || !read_int32(t, -1, &row.learned))
        return false;
    row.name = strcmp(row.name, "-") ? row.name : "";
    row.rank = s.rank;
    memcpy(row.dim, s.dim, sizeof row.dim);
    row.init.kind = (tl_init_kind)kind;
    row.type = row.vocab ? TL_I32 : TL_F32;
    *table = add_row(t->arena, *table, n, sizeof row);
    (*table)[*n - 1] = row;
    return true;
}

static bool read_scale(TextReader *t, Model *m)
{
    static const char *const kinds[] = { "input", "target", "output", NULL };
    const struct { tl_tensor *row; int32_t n; unsigned may; } tables[] = { /* `may`: bit i for scale i */
        { m->inputs, m->ninputs, 1u << TL_SCALE_RAW },
        { m->targets, m->ntargets, 1u << TL_SCALE_RAW | 1u << TL_SCALE_PROBABILITY },
        { m->outputs, m->noutputs, 1u << TL_SCALE_LOGIT | 1u << TL_SCALE_QUANTILE },
    };
    int32_t kind, scale;
    int64_t i;
    if (!read_choice(t, kinds, &kind) || !text_int(t, 0, (int64_t)tables[kind].n - 1, &i) ||
        !read_choice(t, scale_words, &scale))
        return false;
    if (!(tables[kind].may >> scale & 1) || tables[kind].row[i].vocab)
        return text_fail(t, "%s %d has no such scale", kinds[kind], (int)i);
    tables[kind].row[i].scale = (tl_scale)scale;
    return true;
}

static bool read_node(TextReader *t, const Graph *g, Ref lowest, Ref *out)
{
    int64_t v;
    if (!g)
        return text_fail(t, "the graph must come first");
    if (!text_int(t, lowest, (int64_t)g->count - 1, &v))
        return false;
    *out = (Ref)v;
    return true;
}

static bool add_node(TextReader *t, const Graph *g, Ref **nodes, int32_t *n)
{
    *nodes = add_row(t->arena, *nodes, n, sizeof **nodes);
    return read_node(t, g, 1, &(*nodes)[*n - 1]);
}

typedef struct Counts {
    int32_t next, output, probe, named, past, past_state;
} Counts;

/* A head may have no node of its own: then it begins where the graph ends. */
static bool read_head(TextReader *t, Model *m)
{
    int64_t v;
    if (!m->step)
        return text_fail(t, "the graph must come first");
    if (!text_int(t, 1, (int64_t)m->step->count, &v))
        return false;
    m->head = (Ref)v;
    return true;
}

static bool add_past_state(TextReader *t, Model *m, int32_t *n)
{
    m->past_state = add_row(t->arena, m->past_state, n, sizeof *m->past_state);
    return read_int32(t, -1, &m->past_state[*n - 1]);
}

static bool read_line(TextReader *t, Model *m, const char *word, Counts *c)
{
    double *const clip[] = { &m->train.clip_norm, &m->train.clip_value };
    if (!strcmp(word, "model"))
        return text_word(t, &m->name);
    if (!strcmp(word, "spec"))
        return text_rest(t, &m->spec);
    if (!strcmp(word, "option")) {
        m->options = add_row(t->arena, m->options, &m->noptions, sizeof *m->options);
        Option *o = &m->options[m->noptions - 1];
        return text_word(t, &o->name) && text_rest(t, &o->value);
    }
    if (!strcmp(word, "tbptt"))
        return read_tbptt(t, m);
    if (!strcmp(word, "optimizer"))
        return read_optimizer(t, &m->train.optimizer);
    if (!strcmp(word, "schedule"))
        return read_schedule(t, &m->train.schedule);
    if (!strcmp(word, "clip"))
        return read_numbers(t, clip, 2);
    if (!strcmp(word, "updates"))
        return text_int(t, 0, INT64_MAX, &m->train.accumulate) && text_number(t, &m->train.average);
    if (!strcmp(word, "graph"))
        return m->step ? text_fail(t, "a second graph") : (m->step = text_read_graph(t)) != NULL;
    if (!strcmp(word, "loss"))
        return text_word(t, &m->loss_name) && read_node(t, m->step, 0, &m->loss);
    if (!strcmp(word, "param"))
        return read_tensor(t, &m->params, &m->nparams);
    if (!strcmp(word, "rule"))
        return read_rule(t, m);
    if (!strcmp(word, "input"))
        return read_tensor(t, &m->inputs, &m->ninputs);
    if (!strcmp(word, "target"))
        return read_tensor(t, &m->targets, &m->ntargets);
    if (!strcmp(word, "state"))
        return read_tensor(t, &m->states, &m->nstates);
    if (!strcmp(word, "output"))
        return read_tensor(t, &m->outputs, &m->noutputs);
    if (!strcmp(word, "scale"))
        return read_scale(t, m);
    if (!strcmp(word, "probe"))
        return read_tensor(t, &m->probes, &m->nprobes);
    if (!strcmp(word, "named"))
        return read_tensor(t, &m->named, &m->nnamed);
    if (!strcmp(word, "state-node"))
        return add_node(t, m->step, &m->next_state, &c->next);
    if (!strcmp(word, "output-node"))
        return add_node(t, m->step, &m->output, &c->output);
    if (!strcmp(word, "probe-node"))
        return add_node(t, m->step, &m->probe, &c->probe);
    if (!strcmp(word, "named-node"))
        return add_node(t, m->step, &m->named_node, &c->named);
    if (!strcmp(word, "head"))
        return read_head(t, m);
    if (!strcmp(word, "past"))
        return read_tensor(t, &m->past, &m->npast);
    if (!strcmp(word, "past-node"))
        return add_node(t, m->step, &m->past_node, &c->past);
    if (!strcmp(word, "past-state"))
        return add_past_state(t, m, &c->past_state);
    return text_fail(t, "'%.40s' does not begin a line", word);
}

/* ---- what the tables and the graph must agree on ---- */

static bool same_shape(const tl_tensor *t, const Node *n)
{
    Shape s = shape_make(t->rank, t->dim);
    return shape_equal(&s, &n->shape);
}

static bool check_table(TextReader *t, const Model *m, tl_op op, const tl_tensor *table, int32_t count)
{
    for (Ref r = 1; r < m->step->count; r++) {
        const Node *n = node_at(m->step, r);
        if (n->op != op)
            continue;
        int32_t i = n->attr[0];
        if (i < 0 || i >= count || !same_shape(&table[i], n) || n->token != (table[i].vocab > 0) || n->nargs > 1 ||
            n->batched != (op != OP_PARAM))
            return text_fail(t, "node %%%u does not fit its table", r);
    }
    return true;
}

static bool check_nodes(TextReader *t, const Model *m, const char *what, const tl_tensor *table, int32_t count,
                        const Ref *nodes, int32_t nnodes)
{
    if (nnodes != count)
        return text_fail(t, "%d %ss but %d nodes", count, what, nnodes);
    for (int32_t i = 0; i < count; i++)
        if (!same_shape(&table[i], node_at(m->step, nodes[i])))
            return text_fail(t, "%s %d has another shape than its node", what, i);
    return true;
}

/* Finds what the rows start from. */
static bool check_values(TextReader *t, const Model *m, tl_tensor *rows, int32_t n)
{
    const Tables *tables = m->step->tables;
    for (int32_t i = 0; i < n; i++) {
        double a = rows[i].init.a;
        if (rows[i].init.kind != TL_INIT_VALUES)
            continue;
        if (!tables || !(a >= 0 && a < tables->n) || a != floor(a) ||
            tables->table[(int32_t)a].count != tl_size(&rows[i]))
            return text_fail(t, "%s starts from numbers that are not there", rows[i].name);
        rows[i].values = tables->table[(int32_t)a].value;
    }
    return true;
}

/* Quantiles have levels, which ascend as often as there are elements of a target. */
static bool check_levels(TextReader *t, const Model *m)
{
    for (int32_t i = 0; i < m->noutputs; i++) {
        const tl_tensor *o = &m->outputs[i];
        if ((o->scale == TL_SCALE_QUANTILE) != (o->values != NULL))
            return text_fail(t, "output %d has levels and is no quantile, or the other way round", i);
        for (size_t k = 0; o->values && k < tl_size(o); k++)
            if (!(o->values[k] > 0 && o->values[k] < 1))
                return text_fail(t, "output %d has a level that is not between 0 and 1", i);
    }
    return true;
}

static bool check_learned(TextReader *t, const Model *m)
{
    for (int32_t i = 0; i < m->nstates; i++)
        if (m->states[i].learned >= m->nparams)
            return text_fail(t, "state %d starts from a parameter that is not there", i);
    return true;
}

/* The head sees the steps, and no step sees the head. */
static bool check_head(TextReader *t, const Model *m, const Counts *c)
{
    if (c->past_state != m->npast || (m->npast && !m->head))
        return text_fail(t, "the head's tables do not fit it");
    for (int32_t i = 0; i < m->npast; i++)
        if (m->past_state[i] >= m->nstates || m->past_node[i] >= m->head ||
            (m->past_state[i] >= 0 && m->past_node[i] != m->next_state[m->past_state[i]]))
            return text_fail(t, "past value %d is of no step", i);
    for (int32_t i = 0; m->head && i < m->nstates; i++)
        if (m->next_state[i] >= m->head)
            return text_fail(t, "state %d depends on the head", i);
    for (Ref r = 1; r < m->step->count; r++) {
        const Node *n = node_at(m->step, r);
        if (n->op == OP_PAST && (r < m->head || n->attr[1] < 0 || n->attr[1] >= m->tbptt.k2))
            return text_fail(t, "node %%%u is no value of a past step", r);
    }
    return true;
}

static bool check_named(TextReader *t, const Model *m)
{
    for (int32_t i = 0; i < m->nnamed; i++)
        if (m->named[i].rank || m->named[i].vocab || node_at(m->step, m->named_node[i])->token)
            return text_fail(t, "named loss %d is not a scalar", i);
    return !m->nnamed || m->loss || text_fail(t, "there are named losses and no loss");
}

static bool check_model(TextReader *t, const Model *m, const Counts *c)
{
    if (!m->name || !m->spec || !m->step || !m->loss_name || !m->tbptt.k1)
        return text_fail(t, "the model is incomplete");
    if (m->loss && (node_at(m->step, m->loss)->shape.rank || node_at(m->step, m->loss)->token))
        return text_fail(t, "the loss is not a scalar");
    return check_table(t, m, OP_PARAM, m->params, m->nparams) &&
           check_table(t, m, OP_INPUT, m->inputs, m->ninputs) &&
           check_table(t, m, OP_TARGET, m->targets, m->ntargets) &&
           check_table(t, m, OP_STATE, m->states, m->nstates) &&
           check_nodes(t, m, "state", m->states, m->nstates, m->next_state, c->next) &&
           check_nodes(t, m, "output", m->outputs, m->noutputs, m->output, c->output) &&
           check_nodes(t, m, "probe", m->probes, m->nprobes, m->probe, c->probe) &&
           check_nodes(t, m, "named", m->named, m->nnamed, m->named_node, c->named) && check_named(t, m) &&
           check_table(t, m, OP_PAST, m->past, m->npast) &&
           check_nodes(t, m, "past", m->past, m->npast, m->past_node, c->past) && check_head(t, m, c) &&
           check_learned(t, m) && check_values(t, m, m->params, m->nparams) &&
           check_values(t, m, m->states, m->nstates) && check_values(t, m, m->outputs, m->noutputs) && check_levels(t, m);
}

static bool read_model(TextReader *t, Model *m)
{
    Counts c = { 0 };
    const char *word;
    for (;;) {
        if (!text_next_line(t))
            return text_fail(t, "the text ends early");
        text_word(t, &word);
        if (!strcmp(word, "end"))
            return check_model(t, m, &c);
        if (!read_line(t, m, word, &c))
            return false;
    }
}

Model *model_read(const char *text, size_t length, char **error)
{
    Arena *arena = arena_new();
    Model *m = arena_array(arena, Model, 1);
    m->arena = arena;
    TextReader t = { .at = text, .end = text + length, .arena = arena };
    if (read_model(&t, m))
        return m;
    *error = checked(strdup(t.error ? t.error : "the text is not a model"));
    model_free(m);
    return NULL;
}

Model *model_copy(const Model *m)
{
    char *text = NULL, *error = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    model_write(m, f);
    text_close(f);
    Model *copy = model_read(text, size, &error);
    assume(copy != NULL, "a model's own text: %s", error);
    copy->spec = arena_strdup(copy->arena, m->spec);
    copy->hash = m->hash ? arena_strdup(copy->arena, m->hash) : NULL;
    free(text);
    return copy;
}

void model_free(Model *m)
{
    if (!m)
        return;
    graph_free(m->step);
    arena_free(m->arena);
}
