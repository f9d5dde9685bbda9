#include "cli/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/blas.h>
#include <tapeless/commands.h>
#include <tapeless/sequences.h>
#include "cli/engine.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/lower.h"

enum { STEPS = 1000 }; /* of a model without data */

int narrow_of(const char *quantise)
{
    return !strcmp(quantise, "int8") ? 1 : !strcmp(quantise, "int16") ? 0 : -1;
}

void one_lane(Model *m)
{
    m->tbptt.batch = 1;
    m->tbptt.shards = 1;
}

/* ---- what is seen ---- */

typedef struct Watcher {
    const tl_interp *interp;
    const tl_program *program;
    FixedRange *range;
    bool *without_data;
    double **value; /* of those without data, from the first time on */
} Watcher;

static size_t elements(const tl_instr *in)
{
    size_t n = 1;
    for (int32_t d = 0; d < in->rank; d++)
        n *= (size_t)in->dim[d];
    return n;
}

static void note_range(FixedRange *r, const double *v, size_t n)
{
    for (size_t e = 0; e < n; e++) {
        const double x = isfinite(v[e]) ? v[e] : INFINITY; /* what is not finite stays */
        r->least = x < r->least ? x : r->least;
        r->most = x > r->most ? x : r->most;
    }
}

static void look(void *context, int32_t slot, int32_t i, int backward)
{
    Watcher *w = context;
    const tl_instr *in = &w->program->instr[i];
    const size_t n = elements(in);
    (void)slot;
    (void)backward;
    if (in->token || w->value[i])
        return;
    const double *v = tl_interp_value(w->interp, i);
    note_range(&w->range[i], v, n);
    if (w->without_data[i]) {
        w->value[i] = checked(malloc((n + 1) * sizeof *v));
        memcpy(w->value[i], v, n * sizeof *v);
    }
}

static Watcher watcher_new(const Engine *e, const tl_program *p)
{
    const size_t n = (size_t)p->count + 1;
    Watcher w = { .interp = e->interp, .program = p, .without_data = fixed_without_data(p), .range = checked(calloc(n, sizeof *w.range)),
                  .value = checked(calloc(n, sizeof *w.value)) };
    for (size_t i = 0; i < n; i++)
        w.range[i] = (FixedRange){ INFINITY, -INFINITY };
    return w;
}

static void watcher_free(Watcher *w)
{
    for (int32_t i = 0; i < w->program->count; i++)
        free(w->value[i]);
    free(w->value);
    free(w->range);
    free(w->without_data);
}

/* ---- the data ---- */

static int pack(tl_examples *x, const tl_model *m, const char *label, tl_error *e)
{
    tl_examples flat = *x;
    if (!x->sequences)
        return 0;
    int bad = tl_sequences_pack(x, m, &flat, 0, flat.sequences, 1, label, e);
    tl_examples_free(&flat);
    return bad;
}

static int read_data(tl_examples *x, tl_series *s, const tl_model *m, tl_coding *c, const tl_data_options *o, tl_error *e)
{
    if (!o->data.count && !m->ninputs && !m->ntargets) {
        *s = tl_series_empty(m, STEPS, 1);
        return 0;
    }
    return tl_dataset_load(x, c, m, &o->data, o, 0, e) || pack(x, m, o->data.item[0], e) ||
           tl_series_cut(s, m, x, 0, x->rows, x->lanes, o->data.item[0], e);
}

static int run_over(const Engine *engine, Trained *t, const tl_data_options *o, Watcher *w, tl_error *e)
{
    const tl_model *m = engine->model;
    tl_examples x = { 0 };
    tl_series s;
    tl_score score = { 0 };
    double loss;
    int bad = (m->calls_blas && tl_blas_load(e)) || read_data(&x, &s, m, &t->weights.coding, o, e);
    if (!bad) {
        tl_interp_set_watch(engine->interp, look, w);
        bad = tl_evaluate(&engine->run, t->weights.params, &s, "1", &score, e);
        tl_interp_set_watch(engine->interp, NULL, NULL);
        bad = bad || (m->has_head && tl_score_mean(m, &score, &loss, e)); /* a head sees nothing of fewer than k2 steps */
    }
    tl_examples_free(&x);
    return bad;
}

FixedProgram *calibrate(const Model *m, Trained *t, const tl_data_options *o, bool narrow, char **error)
{
    tl_error e;
    FixedProgram *f = NULL;
    if (!o->data.count && (m->ninputs || m->ntargets)) {
        *error = user_sentence("%s: a step in fixed point needs data to find the ranges of its values by, such as it was trained on: say on which "
                               "data: --calibrate FILE", m->spec);
        return NULL;
    }
    Engine *engine = engine_beside(m, TL_F64, error);
    if (!engine)
        return NULL;
    const tl_program *p = lower_step(t->arena, m);
    Watcher w = watcher_new(engine, p);
    if (run_over(engine, t, o, &w, &e))
        *error = user_sentence("%s (these are data to find ranges by, with targets as for training: --calibrate FILE)", e.text);
    else
        f = quantise(m, t->model, p, w.range, (const double *const *)w.value, t->weights.params, narrow, error);
    watcher_free(&w);
    engine_free(engine);
    return f;
}
