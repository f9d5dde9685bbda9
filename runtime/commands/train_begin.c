/* A training before its first update: what is asked for, files, data, parameters. */
#include "train_begin.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alike.h"
#include "commands.h"
#include "file.h"
#include "init.h"
#include "iterations.h"
#include "log_file.h"
#include "lr_find.h"
#include "output.h"
#include "patience.h"
#include "plot.h"
#include "weights.h"

static int check_files(const tl_train_run *r, tl_error *e)
{
    if (r->o->lr_find)
        return 0;
    int there = tl_file_exists(r->path);
    if (r->o->resume && r->o->start)
        return tl_fail(e, "--start begins anew with given weights, --resume goes on: choose one");
    if (r->o->resume && r->o->overwrite)
        return tl_fail(e, "--overwrite begins anew, --resume goes on: choose one");
    if (r->o->resume && r->o->seed >= 0)
        return tl_fail(e, "--seed: a resumed training goes on with the seed that it began with: leave it out");
    if (r->o->recode && !r->o->start)
        return tl_fail(e, "--recode: without --start everything is learned anew");
    if (r->o->resume && !there)
        return tl_fail(e, "%s: there is no checkpoint to resume", r->path);
    if (there && !r->o->resume && !r->o->overwrite)
        return tl_fail(e, "%s: a checkpoint exists; --resume goes on from it, --overwrite begins "
                       "anew, --checkpoint FILE writes another", r->path);
    return (!r->o->resume && tl_output_check_weights(r->path, e)) || (r->o->best && tl_output_check_weights(r->o->best, e)) ? -1 : 0;
}

/* The name that TensorBoard looks for has ".tfevents." in it. */
static int take_events(tl_train_run *r, tl_error *e)
{
    if (!r->o->tensorboard)
        return 0;
    if (asprintf(&r->events_path, "%s/events.out.tfevents.%s", r->o->tensorboard, r->m->name) < 0) {
        r->events_path = NULL;
        return tl_fail(e, "out of memory");
    }
    return tl_event_directory(r->o->tensorboard, e);
}

/* Found out now, and not after hours of training: what cannot be written, and who else is writing it. */
static int take_files(tl_train_run *r, tl_error *e)
{
    const tl_train_options *o = r->o;
    const tl_output outputs[] = {
        { "--checkpoint", r->path }, { "--best", o->best }, { "--log", o->log }, { "--plot", o->plot },
        { "--tensorboard", r->events_path },
        { "--probe-out", o->probe_out }, { "--probe-grad-out", o->probe_grad_out },
    };
    const char *start = o->start;
    const tl_list weights = { .item = &start, .count = start != NULL };
    const tl_list *const inputs[] = { &o->data.data, &o->data.valid_data, &weights };
    int bad = tl_outputs_check(outputs, sizeof outputs / sizeof *outputs, inputs, 3, e);
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs && !bad; i++)
        bad = outputs[i].path && tl_lock_take(&r->lock[i], outputs[i].path, e);
    return bad ? -1 : 0;
}

void tl_train_release_files(tl_train_run *r)
{
    for (size_t i = 0; i < sizeof r->lock / sizeof *r->lock; i++)
        tl_lock_release(&r->lock[i]);
    free(r->events_path);
    r->events_path = NULL;
}

static int open_probe_file(const tl_train_run *r, tl_probe_file *p, const char *path, int gradients,
                           tl_error *e)
{
    if (path && tl_train_speaks(r))
        return tl_probe_file_open(p, r->m, r->probe, path, gradients, r->o->overwrite, e);
    if (path)
        tl_probe_file_follow(p, r->m, r->probe, gradients);
    return 0;
}

/* The spec's, as the checkpoint's runs changed it, as this line does. */
static int take_spec(tl_train_run *r, const tl_st *st, tl_train_spec *s, tl_error *e)
{
    char text[768];
    tl_settings given;
    *s = r->m->train;
    if (tl_train_settings(r->o, r->m, &given, e) || (st && tl_checkpoint_spec(st, &r->record.settings, s, e)))
        return -1;
    tl_train_spec was = *s;
    if (tl_settings_apply(&given, s, e))
        return -1;
    tl_settings_override(&r->record.settings, &given);
    tl_settings_differences(&was, s, text, sizeof text);
    if (st && *text)
        fprintf(stderr, "%s: %s, which the checkpoint has\n", r->m->name, text);
    r->changed = *text != 0;
    if (!r->o->lr_find)
        return 0;
    s->schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_CONSTANT };
    s->average = 0;
    return tl_lr_find_check(r->o, s, e);
}

/* -1: any number. Optimizers of the whole record know themselves when they are at their end. */
int64_t tl_train_epochs(const tl_train_run *r)
{
    return r->one_epoch && !tl_is_whole_record(r->t.spec.optimizer.kind) ? 1 : r->o->epochs;
}

/* The length of a run in updates by --steps and --epochs; 0 if only the clock ends it. */
uint64_t tl_train_planned(const tl_train_run *r)
{
    uint64_t n = 0;
    if (tl_train_epochs(r) >= 0)
        n = (uint64_t)tl_train_epochs(r) * tl_training_epoch_updates(&r->t);
    if (r->o->updates >= 0 && (!n || (uint64_t)r->o->updates < n))
        n = (uint64_t)r->o->updates;
    return n;
}

static int begin_anew(tl_train_run *r, tl_error *e)
{
    tl_training *t = &r->t;
    r->record.best = r->record.held = INFINITY;
    t->seed = r->o->seed < 0 ? 1 : (uint64_t)r->o->seed;
    t->run = tl_train_planned(r);
    const tl_schedule_spec *s = &t->spec.schedule;
    if (tl_schedule_needs_run(s) && !t->run)
        return tl_fail(e, "the %s schedule needs to know the length of the run: give --steps "
                       "or --epochs, or `total` in the spec", tl_schedule_name(s->kind));
    if (r->o->start) {
        tl_weights w;
        if (tl_weights_open(&w, r->m, r->o->start, e))
            return -1;
        memcpy(t->buffers.params, w.params,
               r->m->param_size * (r->m->real == TL_F64 ? sizeof(double) : sizeof(float)));
        tl_weights_free(&w);
    } else if (tl_init_params(r->m, t->buffers.params, t->seed, e)) {
        return -1;
    }
    tl_training_start(t);
    return 0;
}

/* A schedule over "the whole run" ends where the run did that the checkpoint is of. */
static int check_schedule(const tl_train_run *r, tl_error *e)
{
    const tl_schedule_spec *s = &r->t.spec.schedule;
    uint64_t last = tl_train_planned(r), run = r->t.run;
    if (!tl_schedule_needs_run(s) || (run && (last ? last <= run : r->t.cursor.update < run)))
        return 0;
    return tl_fail(e, "the %s schedule was laid out for %" PRIu64 " updates, the run of the checkpoint; --set "
                   "train.schedule.total=N says how many it is to be from the first on", tl_schedule_name(s->kind), run);
}

static int go_on(tl_train_run *r, const tl_st *st, tl_error *e)
{
    char text[512];
    if (tl_checkpoint_resume(st, &r->t, &r->record, e) || check_schedule(r, e))
        return -1;
    r->before = r->record.seconds;
    if (r->changed) /* what had ended may go on */
        r->t.whole.stop = TL_STOP_NOT;
    if (tl_checkpoint_remark(st, r->m, text, sizeof text))
        fprintf(stderr, "%s: %s\n", r->m->name, text);
    int32_t was = tl_checkpoint_shards(st), now = tl_shards(&r->m->tbptt);
    if (was != now)
        fprintf(stderr, "%s: %s is of a training in %d shard%s, which goes on in %d: with other rounding\n", r->m->name,
                tl_st_label(st), (int)was, was == 1 ? "" : "s", (int)now);
    return 0;
}

/* What the weights mean depends on how data were read when they were trained. */
static int load_coding(tl_coding *c, const tl_train_run *r, const tl_st *st, tl_error *e)
{
    if (st)
        return tl_coding_load(c, r->m, st, e);
    tl_st *start = r->o->start && !r->o->recode ? tl_st_open(r->o->start, e) : NULL;
    if (r->o->start && !r->o->recode && !start)
        return -1;
    int bad = start ? tl_coding_load(c, r->m, start, e) : 0;
    c->cut = 0; /* that was another training's */
    tl_st_free(start);
    return bad;
}

/* Data first: a resumed run reads them by the checkpoint's coding. */
static int open_all(tl_train_run *r, const tl_st *st, tl_error *e)
{
    tl_coding coding = { 0 };
    tl_train_spec spec;
    if (take_spec(r, st, &spec, e) || load_coding(&coding, r, st, e) ||
        tl_dataset_open(&r->data, r->m, &r->o->data, &coding, e) ||
        tl_training_new_own(&r->t, r->engine, &r->data.train, &spec, r->x, e))
        return -1;
    r->t.anomaly = r->o->anomaly;
    r->t.pool = r->pool;
    if (r->data.has_valid) {
        if (tl_evaluation_new(&r->validation, r->engine, tl_training_weights(&r->t), &r->data.valid, r->threads, 0, e))
            return -1;
        r->has_valid = 1;
        if (!(r->valid_named = calloc((size_t)r->m->nnamed + 1, sizeof *r->valid_named)))
            return tl_fail(e, "%s: no memory for its losses", r->m->name);
        r->validation.exchange = r->x;
    }
    if (tl_fit_check_training(r->o, r->m, &r->data, e) ||
        (r->o->fit && tl_simulation_new(&r->simulation, r->engine, tl_training_weights(&r->t), &r->data.valid, r->threads,
                                        r->o->skip > 0 ? r->o->skip : 0, e)))
        return -1;
    return st ? go_on(r, st, e) : begin_anew(r, e);
}

static int open_progress(tl_train_run *r, tl_error *e)
{
    const tl_train_options *o = r->o;
    if (tl_progress_open(&r->progress, r->m, o->quiet ? NULL : stderr, o->log, o->resume, o->overwrite, e))
        return -1;
    tl_watch_begin(&r->watch, &r->curve, &r->valid_curve);
    r->progress.watch = o->watch ? &r->watch : NULL;
    return 0;
}

/* Files that are begun: last, because nothing is written before all is well. */
static int open_outputs(tl_train_run *r, tl_error *e)
{
    const tl_train_options *o = r->o;
    if (open_probe_file(r, &r->probe_values, o->probe_out, 0, e) ||
        open_probe_file(r, &r->probe_grads, o->probe_grad_out, 1, e))
        return -1;
    if (!tl_train_speaks(r))
        return tl_progress_open(&r->progress, r->m, NULL, NULL, 0, 0, e);
    if (r->events_path && tl_event_file_open(&r->events, r->events_path, o->resume, r->t.cursor.update, o->overwrite, tl_wall_time(), e))
        return -1;
    return (o->log && o->resume && tl_log_cut(o->log, r->t.cursor.update, e)) ||
                   open_progress(r, e)
               ? -1 : 0;
}

int tl_train_set_up(tl_train_run *r, tl_error *e)
{
    tl_st *st = r->o->resume && r->path ? tl_st_open(r->path, e) : NULL;
    int bad = r->o->resume && r->path && !st;
    bad = bad || tl_shard_pool(r->engine, tl_ranks(r->x), r->o->threads, &r->pool, &r->threads, e) ||
          open_all(r, st, e) || tl_train_check_best(r->o, r->has_valid, e) ||
          tl_train_check_plateau(r->o, &r->t.spec.schedule, r->has_valid, e) ||
          tl_patience_check(r->o, r->m, &r->t.spec, r->has_valid, e) ||
          tl_iterations_check(&r->t, r->o, r->has_valid, e);
    tl_st_free(st);
    if (tl_agree(r->x, bad, e) || tl_alike_begin(&r->t, r->o, e))
        return -1;
    return tl_agree(r->x, open_outputs(r, e), e);
}

int tl_train_check(tl_train_run *r, tl_error *e)
{
    const tl_train_options *o = r->o;
    if (o->watch && o->quiet)
        return tl_fail(e, "--watch draws the curve, --quiet shows nothing: choose one");
    r->path = o->lr_find ? NULL : tl_checkpoint_path(r->m, o->checkpoint, r->path_text, sizeof r->path_text);
    if (tl_alike_shards(r->m, r->x, e) || tl_train_check_end(o, r->m, e) || tl_train_check_probes(o, r->m, &r->probe, e) ||
        tl_train_check_lags(o, r->m, e) || (o->plot && tl_plot_check_name("--plot", o->plot, e)))
        return -1;
    return tl_train_speaks(r) && (take_events(r, e) || take_files(r, e) || check_files(r, e)) ? -1 : 0;
}
