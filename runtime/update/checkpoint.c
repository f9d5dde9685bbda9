#include "checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "finite.h"
#include "kept.h"
#include "number.h"
#include "param.h"
#include "real.h"
#include "remembered.h"

/* ---- saving ---- */

__attribute__((format(printf, 3, 4))) static void meta(tl_st_writer *w, const char *key,
                                                       const char *format, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    tl_st_add_meta(w, key, text);
}

static void save_model(tl_st_writer *w, const tl_model *m, const void *params)
{
    tl_st_add_meta(w, "model", m->name);
    tl_st_add_meta(w, "hash", m->hash);
    tl_st_add_meta(w, "version", m->version);
    tl_st_add_meta(w, "options", m->options);
    tl_st_add_meta(w, "real", m->real == TL_F64 ? "f64" : "f32");
    for (int32_t i = 0; i < m->nparams; i++)
        tl_st_add_param(w, "", &m->params[i], m->real, params);
}

static const char *const learns[] = { TL_EACH_LEARN(TL_WORD) };

static void save_optimizer(tl_st_writer *w, const tl_optimizer *o)
{
    const tl_model *m = o->model;
    char prefix[64];
    tl_st_add_meta(w, "optimizer", tl_optimizer_name(o->spec.kind));
    for (int32_t j = 0; j < o->nmoments; j++)
        for (int32_t i = 0; i < m->nparams; i++) {
            snprintf(prefix, sizeof prefix, "optim.%s.", o->moment_name[j]);
            tl_st_add_param(w, prefix, &m->params[i], m->real, o->moment[j]);
        }
    const int64_t size = (int64_t)o->ekf.size;
    if (o->ekf.p)
        tl_st_add(w, "optim.p", TL_DT_F64, &size, 1, o->ekf.p);
}

/* Of a shard that is run here: its part of the state that enters the next window. */
static void *state_entering(const tl_training *t, int32_t i, int32_t shard)
{
    const tl_model *m = t->engine->model;
    size_t n = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->states[i]);
    size_t at = m->states[i].offset + (size_t)tl_training_entry(t) * n;
    return tl_real_at(m->real, tl_shard(&t->buffers, shard)->states, at);
}

/* In a checkpoint all lanes of a state stand in order, whatever their shards: [batch][shape...], tensor after
 * tensor. */
static void *new_states(const tl_model *m)
{
    size_t n = 1;
    for (int32_t i = 0; i < m->nstates; i++)
        n += (size_t)m->tbptt.batch * tl_size(&m->states[i]);
    return malloc(n * tl_real_size(m->real));
}

static size_t states_before(const tl_model *m, int32_t i)
{
    size_t n = 0;
    while (i-- > 0)
        n += (size_t)m->tbptt.batch * tl_size(&m->states[i]);
    return n;
}

static void *state_in_file(const tl_model *m, void *states, int32_t i, int32_t shard, size_t *bytes)
{
    size_t part = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->states[i]);
    *bytes = part * tl_real_size(m->real);
    return tl_real_at(m->real, states, states_before(m, i) + (size_t)shard * part);
}

/* All of them to rank 0. */
static void gather_states(const tl_training *t, void *states)
{
    const tl_model *m = t->engine->model;
    tl_own own = tl_own_shards(&t->buffers, m);
    for (int32_t i = 0; i < m->nstates; i++)
        for (int32_t shard = 0; shard < tl_shards(&m->tbptt); shard++) {
            size_t bytes;
            void *there = state_in_file(m, states, i, shard, &bytes);
            if (shard >= own.first && shard < own.end)
                memcpy(there, state_entering(t, i, shard), bytes);
            tl_give_to_first(t, there, bytes, shard);
        }
}

static void spread_states(const tl_training *t, void *states)
{
    const tl_model *m = t->engine->model;
    tl_own own = tl_own_shards(&t->buffers, m);
    for (int32_t i = 0; i < m->nstates; i++)
        for (int32_t shard = own.first; shard < own.end; shard++) {
            size_t bytes;
            const void *there = state_in_file(m, states, i, shard, &bytes);
            memcpy(state_entering(t, i, shard), there, bytes);
        }
}

/* Where NAME is the average: the parameters that are trained, and it in all its digits. */
static void save_averaged(tl_st_writer *w, const tl_training *t)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nparams && t->average.mean; i++) {
        tl_st_add_param(w, "optim.params.", &m->params[i], m->real, t->buffers.params);
        tl_st_add_param(w, "optim.average.", &m->params[i], TL_F64, t->average.mean);
    }
}

/* By which held_out.c knows data again. */
static void save_trained_on(tl_st_writer *w, const tl_training *t)
{
    const tl_tbptt *b = &t->engine->model->tbptt;
    meta(w, "steps", "%zu", t->data->steps);
    meta(w, "data", "%" PRIu64, t->data_hash);
    meta(w, "window", "k1=%d k2=%d batch=%d", (int)b->k1, (int)b->k2, (int)b->batch);
}

static void save_progress(tl_st_writer *w, const tl_training *t, void *states, const tl_record *r)
{
    char settings[1024];
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nstates; i++)
        tl_st_add_like(w, "state.", &m->states[i], m->tbptt.batch, m->real,
                       tl_real_at(m->real, states, states_before(m, i)));
    meta(w, "update", "%" PRIu64, t->cursor.update);
    meta(w, "epoch", "%" PRIu64, t->cursor.epoch);
    meta(w, "position", "%" PRIu64, t->cursor.position);
    meta(w, "tick", "%" PRIu64, t->cursor.tick);
    meta(w, "seed", "%" PRIu64, t->seed);
    meta(w, "run", "%" PRIu64, t->run);
    save_trained_on(w, t);
    meta(w, "learn", "%s", learns[m->tbptt.learn]);
    meta(w, "shards", "%d", (int)tl_shards(&m->tbptt));
    meta(w, "lr", "%.17g", t->spec.optimizer.lr);
    meta(w, "clip_norm", "%.17g", t->spec.clip_norm);
    meta(w, "clip_value", "%.17g", t->spec.clip_value);
    tl_settings_text(&r->settings, settings, sizeof settings);
    meta(w, "settings", "%s", settings);
    meta(w, "best", "%.17g", r->best);
    meta(w, "best_update", "%" PRIu64, r->best_update);
    meta(w, "held", "%.17g %" PRIu64, r->held, r->waited);
    if (t->spec.schedule.kind == TL_SCHEDULE_PLATEAU)
        meta(w, "plateau", "%.17g %.17g %" PRIu64, t->plateau.factor, t->plateau.best, t->plateau.waited);
    meta(w, "seconds", "%.3f", r->seconds);
    meta(w, "losses", "%" PRIu64 " %" PRIu64 " %.17g", r->epoch, r->losses, r->loss_sum);
}

/* ---- what is not finite is not saved ---- */

static int refuse(const char *path, const char *what, const tl_tensor *t, size_t i, double x, const char *where,
                  tl_error *e)
{
    char at[160];
    return tl_fail(e, "%s: not written, for %s %s%s is %g%s", path, what, t->name, tl_place_text(at, sizeof at, t, i), x,
                   where);
}

/* Of a block of parameters, or what has their layout. */
static int check_block(const tl_model *m, const void *block, const char *path, const char *what, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        size_t at = tl_param_not_finite(t, m->real, block);
        if (at < tl_size(t))
            return refuse(path, what, t, at, tl_real_get(m->real, block, tl_param_at(t, at)), "", e);
    }
    return 0;
}

static int check_moments(const tl_optimizer *o, const char *path, tl_error *e)
{
    char what[64];
    for (int32_t j = 0; j < o->nmoments; j++) {
        snprintf(what, sizeof what, "the optimizer's %s of", o->moment_name[j]);
        if (check_block(o->model, o->moment[j], path, what, e))
            return -1;
    }
    return 0;
}

static int check_states(const tl_model *m, const void *states, const char *path, tl_error *e)
{
    for (int32_t i = 0; i < m->nstates; i++) {
        const tl_tensor *t = &m->states[i];
        size_t before = states_before(m, i), n = (size_t)m->tbptt.batch * tl_size(t);
        size_t at = tl_not_finite(m->real, states, before, n);
        if (at < n)
            return refuse(path, "the state", t, at % tl_size(t), tl_real_get(m->real, states, before + at),
                          m->tbptt.batch > 1 ? " in one of the lanes" : "", e);
    }
    return 0;
}

static int write_training(const char *path, const tl_training *t, void *states, const tl_kept_list *kept,
                          const tl_coding *coding, const tl_record *r, tl_error *e)
{
    const void *weights = tl_training_weights(t);
    if (check_block(t->engine->model, t->buffers.params, path, "the parameter", e) ||
        check_block(t->engine->model, weights, path, "the average of", e) || check_moments(&t->optimizer, path, e) ||
        check_states(t->engine->model, states, path, e))
        return -1;
    tl_st_writer *w = tl_st_writer_new();
    save_model(w, t->engine->model, weights);
    save_averaged(w, t);
    save_optimizer(w, &t->optimizer);
    tl_remembered_save(w, t);
    save_progress(w, t, states, r);
    tl_kept_save(w, kept);
    tl_coding_save(coding, w);
    int bad = tl_st_write(w, path, e);
    tl_st_writer_free(w);
    return bad;
}

int tl_checkpoint_save(const char *path, const tl_training *t, const tl_coding *coding,
                       const tl_record *r, tl_error *e)
{
    const tl_exchange *x = t->buffers.exchange;
    tl_kept_list kept;
    void *states = new_states(t->engine->model);
    int bad = tl_kept_list_all(t, &kept) || !states ? tl_fail(e, "%s: not enough memory to write it", path) : 0;
    bad = tl_agree(x, bad, e);
    if (!bad) {
        gather_states(t, states);
        tl_kept_gather(t, &kept);
        bad = tl_rank(x) == 0 ? write_training(path, t, states, &kept, coding, r, e) : 0;
        bad = tl_agree(x, bad, e);
    }
    free(states);
    tl_kept_free(&kept);
    return bad;
}

/* of: the training that the weights are of, or NULL. */
static int save_weights(const char *path, const tl_model *m, const void *params, const tl_coding *coding, const tl_training *of,
                        void (*save)(const tl_coding *, tl_st_writer *), tl_error *e)
{
    if (check_block(m, params, path, "the parameter", e))
        return -1;
    tl_st_writer *w = tl_st_writer_new();
    save_model(w, m, params);
    if (coding)
        save(coding, w);
    if (of)
        save_trained_on(w, of);
    int bad = tl_st_write(w, path, e);
    tl_st_writer_free(w);
    return bad;
}

int tl_weights_save(const char *path, const tl_model *m, const void *params, const tl_coding *coding,
                    tl_error *e)
{
    return save_weights(path, m, params, coding, NULL, tl_coding_save, e);
}

int tl_weights_save_of(const char *path, const tl_training *t, const void *params, const tl_coding *coding, tl_error *e)
{
    return save_weights(path, t->engine->model, params, coding, t, tl_coding_save, e);
}

int tl_weights_export(const char *path, const tl_model *m, const void *params, const tl_coding *coding,
                      tl_error *e)
{
    return save_weights(path, m, params, coding, NULL, tl_coding_save_text, e);
}

/* ---- loading ---- */

static int has_param(const tl_model *m, const char *name)
{
    for (int32_t i = 0; i < m->nparams; i++)
        if (strcmp(m->params[i].name, name) == 0)
            return 1;
    return 0;
}

/* What stands beside the parameters in a checkpoint. Of one that a training wrote all is known, also
 * where the model's state has changed since; what somebody made by hand is looked at. */
static int stands_beside(const tl_st *st, const tl_model *m, const char *name)
{
    static const char *const sides[] = { "optim.", "state.", "data.", "kept." };
    static const char *const data[] = { "data.vocab", "data.mean", "data.sd", "data.fill" };
    int written = tl_st_meta(st, "update") != NULL;
    for (size_t i = 0; i < sizeof sides / sizeof *sides && written; i++)
        if (strncmp(name, sides[i], strlen(sides[i])) == 0)
            return 1;
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (strcmp(name, data[i]) == 0)
            return 1;
    for (int32_t i = 0; i < m->nstates; i++)
        if (strncmp(name, "state.", 6) == 0 && strcmp(name + 6, m->states[i].name) == 0)
            return 1;
    return 0;
}

static int unknown_param(const tl_st *st, const tl_model *m, const char *name, tl_error *e)
{
    const char **names = calloc((size_t)m->nparams + 1, sizeof *names), *nearest = NULL;
    for (int32_t i = 0; names && i < m->nparams; i++)
        names[i] = m->params[i].name;
    if (names)
        nearest = tl_cli_nearest(name, names);
    free(names);
    return tl_fail(e, "%s: it has a parameter '%s' that the model %s does not have%s%s%s", tl_st_label(st),
                   name, m->name, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static int check_names(const tl_st *st, const tl_model *m, tl_error *e)
{
    for (size_t i = 0; i < tl_st_count(st); i++) {
        const char *name = tl_st_at(st, i)->name;
        if (!has_param(m, name) && !stands_beside(st, m, name))
            return unknown_param(st, m, name, e);
    }
    return 0;
}

int tl_checkpoint_params(const tl_st *st, const tl_model *m, void *params, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_st_tensor *t = tl_st_need_like(st, "", &m->params[i], e);
        if (!t || tl_st_copy_param(st, t, &m->params[i], m->real, params, e))
            return -1;
    }
    return check_names(st, m, e);
}

const char *tl_checkpoint_remark(const tl_st *st, const tl_model *m, char *text, size_t size)
{
    const char *hash = tl_st_meta(st, "hash"), *options = tl_st_meta(st, "options");
    if (!hash || strcmp(hash, m->hash) == 0)
        return NULL;
    snprintf(text, size, "%s was written by another version of the model (%s [%s], now %s [%s]); "
             "its parameters have the same names and shapes", tl_st_label(st), hash,
             options ? options : "", m->hash, m->options);
    return text;
}

static int take_u64(const tl_st *st, const char *key, uint64_t *to, tl_error *e)
{
    const char *text = tl_st_meta(st, key);
    char *end;
    errno = 0;
    if (!text)
        return tl_fail(e, "%s: it has no '%s': a file of weights, not the checkpoint of a training "
                       "that could go on", tl_st_label(st), key);
    *to = strtoull(text, &end, 10);
    if (end == text || *end || errno || text[0] == '-')
        return tl_fail(e, "%s: '%s' is '%.40s', not a number", tl_st_label(st), key, text);
    return 0;
}

/* What must be the same for the training to go on as if it had not stopped. */
static int need_meta(const tl_st *st, const char *key, const char *now, tl_error *e)
{
    const char *was = tl_st_meta(st, key);
    if (was && strcmp(was, now) == 0)
        return 0;
    return tl_fail(e, "%s: the training ran with %s %s and would go on with %s; resume it with the "
                   "same, or begin anew from its weights with --start %s -c ANOTHER", tl_st_label(st), key,
                   was ? was : "unknown", now, tl_st_label(st));
}

static int take_cursor(const tl_st *st, tl_training *t, tl_error *e)
{
    uint64_t steps;
    if (take_u64(st, "update", &t->cursor.update, e) ||
        take_u64(st, "epoch", &t->cursor.epoch, e) ||
        take_u64(st, "position", &t->cursor.position, e) ||
        take_u64(st, "tick", &t->cursor.tick, e) || take_u64(st, "seed", &t->seed, e) ||
        take_u64(st, "run", &t->run, e) || take_u64(st, "steps", &steps, e))
        return -1;
    if (steps != t->data->steps)
        return tl_fail(e, "%s: the training ran on %" PRIu64 " steps a lane and these data have "
                       "%zu; resume it on the same data, cut into as many lanes and sequences", tl_st_label(st), steps,
                       t->data->steps);
    if (t->cursor.position >= steps ||
        t->cursor.position % (uint64_t)t->engine->model->tbptt.k1)
        return tl_fail(e, "%s: position %" PRIu64 " is not where an update ends", tl_st_label(st),
                       t->cursor.position);
    return 0;
}

/* The last check: a model or a window of another kind explains more. */
static int need_data(const tl_st *st, const tl_training *t, tl_error *e)
{
    uint64_t data;
    if (take_u64(st, "data", &data, e))
        return -1;
    if (data != t->data_hash)
        return tl_fail(e, "%s: the training ran on other data of this length; resume it on the "
                       "same, or begin anew from its weights with --start %s -c ANOTHER",
                       tl_st_label(st), tl_st_label(st));
    return 0;
}

static int take_covariance(const tl_st *st, tl_optimizer *o, tl_error *e)
{
    const int64_t size = (int64_t)o->ekf.size;
    const tl_st_tensor *x = o->ekf.p ? tl_st_need(st, "optim.p", &size, 1, e) : NULL;
    if (!o->ekf.p)
        return 0;
    if (!x || tl_st_copy_finite(st, x, TL_F64, o->ekf.p, e))
        return -1;
    return tl_ekf_positive(&o->ekf) ? 0 : tl_fail(e, "%s: optim.p is no covariance: an element of its diagonal is not above 0",
                                                  tl_st_label(st));
}

static int take_block(const tl_st *st, const tl_model *m, const char *prefix, tl_type real, void *block, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_st_tensor *x = tl_st_need_like(st, prefix, &m->params[i], e);
        if (!x || tl_st_copy_param(st, x, &m->params[i], real, block, e))
            return -1;
    }
    return 0;
}

static int has_block(const tl_st *st, const tl_model *m, const char *prefix)
{
    char name[512];
    snprintf(name, sizeof name, "%s%s", prefix, m->nparams ? m->params[0].name : "");
    return m->nparams && tl_st_find(st, name);
}

/* An average that was not there before begins with the parameters. */
static int take_averaged(const tl_st *st, tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    if (has_block(st, m, "optim.params.") && take_block(st, m, "optim.params.", m->real, t->buffers.params, e))
        return -1;
    if (!t->average.mean)
        return 0;
    if (has_block(st, m, "optim.average."))
        return take_block(st, m, "optim.average.", TL_F64, t->average.mean, e);
    tl_average_begin(&t->average, m, t->buffers.params);
    return 0;
}

static int take_moments(const tl_st *st, tl_optimizer *o, tl_error *e)
{
    char prefix[64];
    for (int32_t j = 0; j < o->nmoments; j++) {
        snprintf(prefix, sizeof prefix, "optim.%s.", o->moment_name[j]);
        if (take_block(st, o->model, prefix, o->model->real, o->moment[j], e))
            return -1;
    }
    return 0;
}

static int read_states(const tl_st *st, const tl_model *m, void *states, tl_error *e)
{
    for (int32_t i = 0; i < m->nstates; i++) {
        int64_t dim[TL_MAX_RANK + 1] = { m->tbptt.batch };
        char name[512];
        for (int32_t j = 0; j < m->states[i].rank; j++)
            dim[j + 1] = m->states[i].dim[j];
        snprintf(name, sizeof name, "state.%s", m->states[i].name);
        const tl_st_tensor *x = tl_st_need(st, name, dim, m->states[i].rank + 1, e);
        if (!x)
            return -1;
        if (tl_st_copy_finite(st, x, m->real, tl_real_at(m->real, states, states_before(m, i)), e))
            return -1;
    }
    return 0;
}

static int take_states(const tl_st *st, tl_training *t, tl_error *e)
{
    void *states = new_states(t->engine->model);
    if (!states)
        return tl_fail(e, "%s: not enough memory to read it", tl_st_label(st));
    int bad = read_states(st, t->engine->model, states, e);
    if (!bad)
        spread_states(t, states);
    free(states);
    return bad;
}

/* How kept steps stand in memory is their shards'. All else is the same whatever these are. */
static int check_shards(const tl_st *st, const tl_model *m, tl_error *e)
{
    char now[16];
    int32_t was = tl_checkpoint_shards(st);
    snprintf(now, sizeof now, "%d", (int)tl_shards(&m->tbptt));
    return was == tl_shards(&m->tbptt) || !tl_keeps_steps(&m->tbptt) ? 0 : need_meta(st, "shards", now, e);
}

/* Files of versions that had no other say nothing. */
static int check_learn(const tl_st *st, const tl_model *m, tl_error *e)
{
    int unsaid = !tl_st_meta(st, "learn") && m->tbptt.learn == TL_LEARN_TBPTT;
    return unsaid ? 0 : need_meta(st, "learn", learns[m->tbptt.learn], e);
}

int32_t tl_checkpoint_shards(const tl_st *st)
{
    int64_t n;
    const char *text = tl_st_meta(st, "shards");
    return text && tl_parse_whole(text, &n) && n > 0 && n <= INT32_MAX ? (int32_t)n : 1;
}

/* Numbers that a run may have been given otherwise than in the spec. */
static void take_double(const tl_st *st, const char *key, double *to)
{
    const char *text = tl_st_meta(st, key);
    double x = text ? strtod(text, NULL) : NAN;
    if (isfinite(x) && x >= 0)
        *to = x;
}

static int take_record(const tl_st *st, tl_record *r, tl_error *e)
{
    const char *best = tl_st_meta(st, "best"), *seconds = tl_st_meta(st, "seconds");
    if (take_u64(st, "best_update", &r->best_update, e))
        return -1;
    r->best = best ? strtod(best, NULL) : INFINITY;
    r->seconds = seconds ? strtod(seconds, NULL) : 0;
    const char *held = tl_st_meta(st, "held");
    if (!held || sscanf(held, "%lf %" SCNu64, &r->held, &r->waited) != 2)
        r->held = r->best, r->waited = 0;
    const char *losses = tl_st_meta(st, "losses");
    if (!losses || sscanf(losses, "%" SCNu64 " %" SCNu64 " %lf", &r->epoch, &r->losses, &r->loss_sum) != 3)
        r->epoch = r->losses = 0, r->loss_sum = 0;
    return 0;
}

/* Where the schedule was another, it begins anew. */
static int take_plateau(const tl_st *st, tl_training *t, tl_error *e)
{
    tl_plateau p;
    const char *text = tl_st_meta(st, "plateau");
    if (!text || t->spec.schedule.kind != TL_SCHEDULE_PLATEAU)
        return 0;
    if (sscanf(text, "%lf %lf %" SCNu64, &p.factor, &p.best, &p.waited) != 3 || !(p.factor >= 0 && p.factor <= 1) || isnan(p.best))
        return tl_fail(e, "%s: 'plateau' is '%.60s'; it is a factor from 0 to 1, a loss and a number of validations",
                       tl_st_label(st), text);
    t->plateau = p;
    return 0;
}

/* Without the best parameters, because there was no patience before, the lowest loss is looked for anew. */
static int take_best(const tl_st *st, tl_training *t, tl_record *r, tl_error *e)
{
    int found = tl_remembered_take_best(st, t, e);
    if (found == 0) {
        r->best = INFINITY;
        r->best_update = t->cursor.update;
    }
    return found < 0;
}

int tl_checkpoint_spec(const tl_st *st, tl_settings *settings, tl_train_spec *spec, tl_error *e)
{
    tl_error why;
    const char *text = tl_st_meta(st, "settings");
    *settings = (tl_settings){ 0 };
    if (text && (tl_settings_read(settings, text, &why) || tl_settings_apply(settings, spec, &why)))
        return tl_fail(e, "%s: what it says of its training does not fit the model: %.700s", tl_st_label(st), why.text);
    take_double(st, "lr", &spec->optimizer.lr);
    take_double(st, "clip_norm", &spec->clip_norm);
    take_double(st, "clip_value", &spec->clip_value);
    return 0;
}

int tl_checkpoint_resume(const tl_st *st, tl_training *t, tl_record *r, tl_error *e)
{
    const tl_model *m = t->engine->model;
    char window[96];
    snprintf(window, sizeof window, "k1=%d k2=%d batch=%d", (int)m->tbptt.k1, (int)m->tbptt.k2,
             (int)m->tbptt.batch);
    if (tl_checkpoint_params(st, m, t->buffers.params, e) || take_u64(st, "update", &t->cursor.update, e) ||
        need_meta(st, "real", m->real == TL_F64 ? "f64" : "f32", e) ||
        need_meta(st, "window", window, e) || check_learn(st, m, e) || check_shards(st, m, e) || take_cursor(st, t, e) ||
        need_meta(st, "optimizer", tl_optimizer_name(t->optimizer.spec.kind), e) ||
        need_data(st, t, e) || take_averaged(st, t, e) || take_moments(st, &t->optimizer, e) ||
        take_covariance(st, &t->optimizer, e) || tl_remembered_take(st, t, e) || tl_kept_take(st, t, e) || take_states(st, t, e) ||
        take_record(st, r, e) || take_plateau(st, t, e) || take_best(st, t, r, e))
        return -1;
    t->stale = 1;
    t->sum.windows = 0;
    t->optimizer.bounds.known = 0;
    return 0;
}
