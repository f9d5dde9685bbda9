/* fit.c - `tapeless train` over arrays: the same updates, bit for bit, of the model's own parameters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tapeless/commands.h>
#include <tapeless/dataset.h>
#include <tapeless/evaluation.h>
#include <tapeless/iterations.h>
#include <tapeless/pool.h>
#include <tapeless/real.h>
#include <tapeless/sequences.h>
#include <tapeless/settings.h>
#include <tapeless/training.h>

#include "native.h"

/* Examples over the caller's arrays, or sequences packed into memory of our own. */
typedef struct Part {
    tl_examples flat, packed; /* packed.rows 0: flat is in lanes already, the caller's arrays as they are */
    tl_series series;
} Part;

struct tlp_fit {
    tlp_model *model;
    tl_train_spec spec;
    Part train, valid;
    int has_valid, trains;
    tl_training t;
    tl_evaluation validation;
    tl_pool *pool;
    int32_t threads;
    int64_t epochs, updates; /* -1: any number */
    uint64_t planned, losses;
    double loss_sum, best;
    uint64_t best_update;
    double *named; /* [2][nnamed] sums of the losses with names, as loss_sum; their means at the last validation */
    int ended; /* the epoch has, and its losses begin anew */
};

/* ---- data ---- */

static tl_examples view(const tl_model *m, const tlp_data *d)
{
    return (tl_examples){ .rows = d->rows, .lanes = d->lanes, .input = d->input, .target = d->target, .mask = d->mask,
                          .weight = d->weight, .reset = d->reset, .first = d->first, .sequences = d->sequences,
                          .ninputs = m->ninputs, .ntargets = m->ntargets };
}

static int pack(Part *p, const tl_model *m, size_t from, size_t to, size_t lanes, const char *label, tl_error *e)
{
    return tl_sequences_pack(&p->packed, m, &p->flat, from, to, lanes, label, e) ||
           tl_series_cut(&p->series, m, &p->packed, 0, p->packed.rows, p->packed.lanes, label, e);
}

/* Rows of a single sequence to score: in the batch's lanes where they suffice, else in one. */
static int cut_valid(Part *p, const tl_model *m, size_t from, const char *label, tl_error *e)
{
    const size_t batch = (size_t)m->tbptt.batch, rows = p->flat.rows - from;
    const size_t lanes = p->flat.lanes == 1 && rows < 2 * batch ? 1 : batch;
    return tl_series_cut(&p->series, m, &p->flat, from, p->flat.rows, lanes, label, e);
}

static int pack_valid(Part *p, const tl_model *m, size_t from, const char *label, tl_error *e)
{
    const size_t n = p->flat.sequences - from;
    return pack(p, m, from, p->flat.sequences, tl_dataset_lanes(m, n), label, e);
}

static int open_sequences(tlp_fit *f, const tl_model *m, double apart, tl_error *e)
{
    const tl_examples *x = &f->train.flat;
    const size_t n = tl_sequences_training(x->first, x->sequences, apart);
    if (pack(&f->train, m, 0, n, (size_t)m->tbptt.batch, "X", e))
        return -1;
    f->valid.flat = *x;
    f->has_valid = n < x->sequences;
    return f->has_valid ? pack_valid(&f->valid, m, n, "valid", e) : 0;
}

static int open_rows(tlp_fit *f, const tl_model *m, double apart, tl_error *e)
{
    const tl_examples *x = &f->train.flat;
    const size_t rows = tl_training_rows(x->rows, apart);
    if (tl_series_cut(&f->train.series, m, x, 0, rows, (size_t)m->tbptt.batch, "X", e))
        return -1;
    f->valid.flat = *x;
    f->has_valid = rows < x->rows;
    return f->has_valid ? cut_valid(&f->valid, m, rows, "valid", e) : 0;
}

static int open_valid(tlp_fit *f, const tl_model *m, const tlp_data *d, tl_error *e)
{
    f->valid.flat = view(m, d);
    f->has_valid = 1;
    return d->sequences ? pack_valid(&f->valid, m, 0, "valid", e) : cut_valid(&f->valid, m, 0, "valid", e);
}

/* Windows must be compiled for what the data ask of them. */
static int check_compiled(const tlp_fit *f, const tl_model *m, tl_error *e)
{
    if (!m->has_mask && tl_series_check_padding(&f->train.series, "X", e))
        return tl_fail(e, "mask: a sequence goes on behind padding, which %s was not compiled for: "
                       "tapeless.compile(..., masks=True)", m->name);
    if (m->has_reset || !tl_series_restarts(&f->train.series, m->tbptt.carry))
        return 0;
    return tl_fail(e, "%s: sequences start inside of the data's lanes, which %s was not compiled for: "
                   "tapeless.compile(..., resets=True)", f->train.flat.sequences ? "X" : "reset", m->name);
}

enum { ENDLESS = 1 << 30 }; /* steps, where there are no data and all are alike */

static int open_data(tlp_fit *f, const tl_model *m, const tlp_data *d, const tlp_plan *plan, tl_error *e)
{
    const double apart = plan->valid ? 0 : plan->apart;
    if (!m->ninputs && !m->ntargets) {
        f->train.series = tl_series_empty(m, ENDLESS, (size_t)m->tbptt.batch);
        return 0;
    }
    f->train.flat = view(m, d);
    if (d->sequences ? open_sequences(f, m, apart, e) : open_rows(f, m, apart, e))
        return -1;
    return check_compiled(f, m, e) || (plan->valid && open_valid(f, m, plan->valid, e)) ? -1 : 0;
}

/* ---- beginning ---- */

static int take_spec(tlp_fit *f, const tl_model *m, const char *text, tl_error *e)
{
    tl_settings settings = { 0 };
    f->spec = m->train;
    if (tl_settings_read(&settings, text, e) || tl_settings_apply(&settings, &f->spec, e))
        return -1;
    tl_optimizer_kind kind = f->spec.optimizer.kind, had = m->train.optimizer.kind;
    if (kind == had || (!tl_takes_rows(kind) && !tl_takes_rows(had)))
        return 0;
    return tl_fail(e, "%s: it was compiled for %s, which needs other code than %s: tapeless.compile(..., optimizer=\"%s\")",
                   m->name, tl_optimizer_name(had), tl_optimizer_name(kind), tl_optimizer_name(kind));
}

static uint64_t planned(const tlp_fit *f)
{
    uint64_t n = f->epochs >= 0 ? (uint64_t)f->epochs * tl_training_epoch_updates(&f->t) : 0;
    return f->updates >= 0 && (!n || (uint64_t)f->updates < n) ? (uint64_t)f->updates : n;
}

static int check_plan(const tlp_fit *f, tl_error *e)
{
    const tl_schedule_spec *s = &f->spec.schedule;
    const tl_optimizer_spec *o = &f->spec.optimizer;
    if (tl_schedule_needs_run(s) && !f->planned)
        return tl_fail(e, "the %s schedule needs to know the length of the run: give epochs or updates",
                       tl_schedule_name(s->kind));
    if (s->kind == TL_SCHEDULE_PLATEAU && !f->has_valid)
        return tl_fail(e, "reduce_on_plateau follows the loss of held-out data, and there are none: give valid");
    if (tl_is_whole_record(o->kind) && o->patience && !f->has_valid)
        return tl_fail(e, "patience = %lld of %s waits for the loss of held-out data, and there are none: give valid",
                       (long long)o->patience, tl_optimizer_name(o->kind));
    return 0;
}

static int begin(tlp_fit *f, const tlp_data *d, const tlp_plan *plan, tl_error *e)
{
    const tl_model *m = f->model->m;
    const tl_engine *engine = &f->model->library->engine;
    if (take_spec(f, m, plan->settings, e) || open_data(f, m, d, plan, e) ||
        tl_shard_pool(engine, 1, plan->threads, &f->pool, &f->threads, e) ||
        tl_training_new(&f->t, engine, &f->train.series, &f->spec, e))
        return -1;
    f->trains = 1;
    if (!(f->named = calloc(2 * (size_t)m->nnamed + 1, sizeof *f->named)))
        return tl_fail(e, "out of memory");
    f->t.pool = f->pool;
    f->t.seed = plan->seed;
    f->t.run = f->planned = planned(f);
    if (check_plan(f, e))
        return -1;
    memcpy(f->t.buffers.params, f->model->params, m->param_size * tl_real_size(m->real));
    tl_training_start(&f->t);
    return f->has_valid ? tl_evaluation_new(&f->validation, engine, tl_training_weights(&f->t), &f->valid.series, f->threads, 0, e)
                        : 0;
}

tlp_fit *tlp_fit_new(tlp_model *model, const tlp_data *d, const tlp_plan *plan, tl_error *e)
{
    tlp_fit *f = calloc(1, sizeof *f);
    if (!f) {
        tl_fail(e, "out of memory");
        return NULL;
    }
    *f = (tlp_fit){ .model = model, .epochs = plan->epochs, .updates = plan->updates, .best = INFINITY };
    if (!begin(f, d, plan, e))
        return f;
    tlp_fit_free(f);
    return NULL;
}

void tlp_fit_free(tlp_fit *f)
{
    if (!f)
        return;
    tl_evaluation_free(&f->validation);
    if (f->trains)
        tl_training_free(&f->t);
    tl_pool_free(f->pool);
    tl_examples_free(&f->train.packed);
    tl_examples_free(&f->valid.packed);
    free(f->named);
    free(f);
}

/* ---- running ---- */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int finished(const tlp_fit *f)
{
    const tl_cursor *c = &f->t.cursor;
    return (f->updates >= 0 && c->update >= (uint64_t)f->updates) || (f->epochs >= 0 && c->epoch >= (uint64_t)f->epochs) ||
           f->t.whole.stop;
}

static void begin_epoch(tlp_fit *f)
{
    f->loss_sum = f->losses = f->ended = 0;
    memset(f->named, 0, (size_t)f->model->m->nnamed * sizeof *f->named);
}

static void add_losses(tlp_fit *f)
{
    f->loss_sum += f->t.loss;
    f->losses++;
    for (int32_t i = 0; i < f->model->m->nnamed; i++)
        f->named[i] += f->t.named[i];
}

static int update(tlp_fit *f, tl_error *e)
{
    const uint64_t epoch = f->t.cursor.epoch;
    if (f->ended)
        begin_epoch(f);
    if (tl_training_update(&f->t, e))
        return -1;
    if (f->t.updated)
        add_losses(f);
    f->ended = f->t.cursor.epoch != epoch;
    return 0;
}

static void tell(const tlp_fit *f, tlp_progress *p)
{
    const tl_training *t = &f->t;
    *p = (tlp_progress){ .update = t->cursor.update, .epoch = t->cursor.epoch, .planned = f->planned,
                         .loss = f->losses ? f->loss_sum / (double)f->losses : NAN, .last = t->loss, .norm = t->norm,
                         .lr = t->lr, .epoch_ended = f->ended, .over = finished(f) };
    if (tl_is_whole_record(f->spec.optimizer.kind))
        p->truncated = t->whole.at.truncated;
    if (t->whole.stop)
        snprintf(p->stop, sizeof p->stop, "%s", tl_stop_word(t->whole.stop));
}

static void give_params(const tlp_fit *f)
{
    const tl_model *m = f->model->m;
    memcpy(f->model->params, tl_training_weights(&f->t), m->param_size * tl_real_size(m->real));
}

int tlp_fit_run(tlp_fit *f, double seconds, tlp_progress *p, tl_error *e)
{
    const double end = now() + seconds;
    int bad = 0;
    while (!bad && !finished(f)) {
        bad = update(f, e);
        if (f->ended || now() >= end)
            break;
    }
    give_params(f);
    tell(f, p);
    return bad;
}

/* ---- held-out data ---- */

int tlp_fit_has_valid(const tlp_fit *f) { return f->has_valid; }

int tlp_fit_validate(tlp_fit *f, double *loss, tlp_progress *p, tl_error *e)
{
    tl_progress quiet = { 0 };
    const size_t n = (size_t)f->model->m->nnamed;
    tl_score score = { .named = memset(f->named + n, 0, n * sizeof *f->named) };
    tl_training_weights(&f->t);
    tl_evaluation_run(&f->validation, f->pool, &score);
    if (tl_score_mean(f->model->m, &score, loss, e))
        return -1;
    tl_plateau_note(&f->t.plateau, &f->spec.schedule, f->t.cursor.update, *loss);
    if (*loss < f->best) {
        f->best = *loss;
        f->best_update = f->t.cursor.update;
        tl_whole_record_keep(&f->t);
    } else {
        tl_iterations_lose_patience(&quiet, &f->t, f->best_update);
        give_params(f);
    }
    tell(f, p);
    return 0;
}

void tlp_fit_named(const tlp_fit *f, double *loss, double *valid)
{
    const int32_t n = f->model->m->nnamed;
    for (int32_t i = 0; i < n; i++) {
        loss[i] = f->losses ? f->named[i] / (double)f->losses : NAN;
        valid[i] = f->named[n + i];
    }
}

static int evaluate(const tlp_model *model, Part *p, const char *text, tl_score *score, tl_error *e)
{
    const tl_engine *engine = &model->library->engine;
    tl_evaluation v;
    tl_pool *pool;
    int32_t threads;
    if (tl_threads_read(text, tl_evaluation_parts(model->m, &p->series), &threads, e) || tl_pool_new(&pool, threads, e))
        return -1;
    int bad = tl_evaluation_new(&v, engine, model->params, &p->series, threads, 0, e);
    if (!bad) {
        tl_evaluation_run(&v, pool, score);
        tl_evaluation_free(&v);
    }
    tl_pool_free(pool);
    return bad;
}

int tlp_score(const tlp_model *model, const tlp_data *d, const char *threads, double *loss, double *named, tl_error *e)
{
    const tl_model *m = model->m;
    Part p = { .flat = view(m, d) };
    tl_score score = { .named = memset(named, 0, (size_t)m->nnamed * sizeof *named) };
    int bad = d->sequences ? pack(&p, m, 0, d->sequences, 1, "X", e)
                           : tl_series_cut(&p.series, m, &p.flat, 0, d->rows, d->lanes, "X", e);
    bad = bad || evaluate(model, &p, threads, &score, e) || tl_score_mean(m, &score, loss, e);
    tl_examples_free(&p.packed);
    return bad ? -1 : 0;
}
