#include "learning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include <tapeless/init.h>
#include <tapeless/param.h>
#include <tapeless/random.h>
#include "model_passes.h"
#include "passes/learn.h"

static Model *load(const Setting *s)
{
    SmallSpec of = { .path = s->spec };
    memcpy(of.define, s->define, sizeof of.define);
    Model *m = strncmp(s->spec, "return", 6) ? load_small(&of) : load_text(s->spec);
    m->tbptt.learn = s->learn;
    m->tbptt.k1 = s->k1;
    m->tbptt.k2 = s->k2;
    m->tbptt.batch = s->lanes ? s->lanes : 1;
    m->tbptt.shards = s->shards ? s->shards : 1;
    m->tbptt.reduce = TL_REDUCE_SUM;
    m->tbptt.counted = TL_COUNT_NEW;
    m->tbptt.overlap = TL_RECOMPUTE;
    m->nprobes = 0; /* they have adjoints alone */
    m->resets = s->resets;
    m->masks = s->padding;
    m->train = (tl_train_spec){ .optimizer = { .kind = s->kind, .lr = 0.01, .lambda = 1e-3 } };
    char *error = prepare_learning(m, s->kind);
    if (error)
        fail_msg("%s: %s", s->spec, error);
    return m;
}

static void start_params(const tl_model *m, double *params)
{
    tl_error e;
    tl_random r = { 77, 0 };
    if (tl_init_params(m, params, 5, &e))
        fail_msg("%s", e.text);
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; k < tl_size(&m->params[i]); k++)
            params[tl_param_at(&m->params[i], k)] += 0.05 * tl_normal(&r);
}

static void start_sequences(tl_examples *x, const Setting *s)
{
    const size_t lanes = x->lanes, starts[3][2] = { { 17, 1 }, { 30, 1 }, { 30, 0 } };
    double *mask = calloc(STREAM * lanes, sizeof *mask), *reset = calloc(STREAM * lanes, sizeof *reset);
    assert_true(mask && reset);
    for (size_t i = 0; i < STREAM * lanes; i++)
        mask[i] = 1;
    for (int i = 0; i < 3; i++) {
        size_t at = starts[i][0], lane = starts[i][1];
        if (lane >= lanes)
            continue;
        reset[at * lanes + lane] = 1;
        for (size_t back = 1; s->padding && back <= 3; back++)
            mask[(at - back) * lanes + lane] = 0;
    }
    x->reset = reset;
    x->mask = mask;
}

void learning_begin(Learning *l, const Setting *s)
{
    tl_error e;
    char *error = NULL;
    *l = (Learning){ .m = load(s) };
    if (!(l->engine = engine_interpreter(l->m, TL_F64, &error)))
        fail_msg("%s: %s", s->spec, error);
    const tl_model *m = l->engine->model;
    random_series_new(&l->r, m, s->steps ? s->steps : STREAM, 9);
    if (s->resets)
        start_sequences(&l->r.x, s);
    if (tl_training_new(&l->t, &l->engine->run, &l->r.s, &m->train, &e))
        fail_msg("%s: %s", s->spec, e.text);
    start_params(m, l->t.buffers.params);
    tl_training_start(&l->t);
}

void learning_end(Learning *l)
{
    tl_training_free(&l->t);
    random_series_free(&l->r);
    engine_free(l->engine);
    model_free(l->m);
}

static size_t count(const tl_model *m)
{
    size_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        n += tl_size(&m->params[i]);
    return n;
}

static void add(const tl_model *m, const double *grads, double *to)
{
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; k < tl_size(&m->params[i]); k++)
            *to++ += grads[tl_param_at(&m->params[i], k)];
}

double *learning_gradient(Learning *l, size_t *n)
{
    tl_error e;
    const tl_model *m = l->engine->model;
    double *sum = calloc(*n = count(m), sizeof *sum);
    assert_non_null(sum);
    l->t.still = 1;
    while (l->t.cursor.epoch == 0) {
        if (tl_training_update(&l->t, &e))
            fail_msg("%s: %s", m->spec, e.text);
        if (l->t.updated)
            add(m, l->t.buffers.grads, sum);
    }
    return sum;
}

double *gradient_of(const Setting *s, size_t *n)
{
    Learning l;
    learning_begin(&l, s);
    double *sum = learning_gradient(&l, n);
    learning_end(&l);
    return sum;
}

void assert_close(const double *a, const double *b, size_t n, double tolerance, const char *what)
{
    double difference = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        norm += b[i] * b[i];
    }
    if (!(norm > 0) || !(difference <= tolerance * tolerance * norm))
        fail_msg("%s: differs by %g of %g", what, sqrt(difference), sqrt(norm));
}
