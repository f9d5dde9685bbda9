/* The training loop: updates, validation, saving, stopping. */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alike.h"
#include "commands.h"
#include "file.h"
#include "iterations.h"
#include "memory_use.h"
#include "patience.h"
#include "plot.h"
#include "processes.h"
#include "report.h"
#include "rule.h"
#include "signals.h"
#include "train_begin.h"

static const double draw_every = 2; /* seconds at least between two pictures of a training */

/* What saves that were killed have left beside what this training writes. */
static void sweep(tl_train_run *r)
{
    size_t n = tl_file_sweep(r->path) + (r->o->best ? tl_file_sweep(r->o->best) : 0);
    if (n)
        tl_progress_say(&r->progress, "%s: removed %zu temporary file%s that killed saves had left",
                        r->m->name, n, n == 1 ? "" : "s");
}

/* ---- running ---- */

static double spent(const tl_train_run *r)
{
    return tl_seconds() - r->begun;
}

static int finished(const tl_train_run *r)
{
    const tl_cursor *c = &r->t.cursor;
    if (r->o->updates >= 0 && c->update >= (uint64_t)r->o->updates)
        return 1;
    if ((tl_train_epochs(r) >= 0 && c->epoch >= (uint64_t)tl_train_epochs(r)) || r->t.whole.stop || tl_patience_over(&r->record, r->o))
        return 1;
    return r->o->minutes >= 0 && spent(r) >= 60 * r->o->minutes;
}

static const char *unit_of(const tl_train_run *r)
{
    return tl_coding_unit(&r->data.coding);
}

/* A picture is no reason to stop: what is wrong with it is said, once, and by the status at the end. */
static void give_up_plot(tl_train_run *r, const char *why)
{
    if (r->o->quiet)
        fprintf(stderr, "%s: %s; the training goes on without a picture\n", r->m->name, why);
    else
        tl_progress_say(&r->progress, "%s: %s; the training goes on without a picture",
                        r->m->name, why);
    r->plot = NULL;
    tl_fail(&r->undrawn, "all is saved, but the picture was not drawn: %s", why);
}

static void begin_plot(tl_train_run *r)
{
    tl_error e;
    r->plot = r->o->plot;
    r->drawn = tl_seconds();
    r->drawn_update = UINT64_MAX;
    if (r->plot && tl_plot_check_gnuplot(&e))
        give_up_plot(r, e.text);
}

static void draw(tl_train_run *r)
{
    tl_error e;
    if (!r->plot || r->drawn_update == r->t.cursor.update)
        return;
    r->drawn = tl_seconds();
    r->drawn_update = r->t.cursor.update;
    if (tl_curve_draw(r->plot, r->m, &r->curve, &r->valid_curve, unit_of(r), &e))
        give_up_plot(r, e.text);
}

static int save(tl_train_run *r, tl_error *e)
{
    int bad = tl_alike_params(&r->t, e);
    if (bad)
        return -1;
    r->record.seconds = r->before + spent(r);
    /* First, so that what the log says is at least what the checkpoint knows: a training that is
     * resumed drops what is too much, and could not make up for what is missing. */
    tl_progress_sync(&r->progress);
    tl_event_file_sync(&r->events);
    if (tl_checkpoint_save(r->path, &r->t, &r->data.coding, &r->record, e))
        return -1;
    bad = tl_probe_file_sync(&r->probe_values, e) || tl_probe_file_sync(&r->probe_grads, e);
    if (tl_agree(r->x, bad, e))
        return -1;
    r->saved = tl_seconds();
    r->saved_update = r->t.cursor.update;
    if (r->saved - r->drawn > draw_every)
        draw(r);
    return 0;
}

static void note_plateau(tl_train_run *r, double loss)
{
    tl_training *t = &r->t;
    const tl_schedule_spec *s = &t->spec.schedule;
    if (tl_plateau_note(&t->plateau, s, t->cursor.update, loss))
        tl_progress_say(&r->progress, "%s: more than %lld validations in a row were no better than %.6g: from update %" PRIu64
                        " on the learning rate is %.3g", r->m->name, (long long)s->patience, t->plateau.best,
                        t->cursor.update + 1, t->spec.optimizer.lr * t->plateau.factor);
}

/* due: not only because this run is at its end, which a training in one part would not see. */
static int validate(tl_train_run *r, int due, tl_error *e)
{
    tl_score score = { .named = r->valid_named };
    tl_error why;
    uint64_t update = r->t.cursor.update;
    if (!r->has_valid || r->unscored || r->valid_update == update)
        return 0;
    for (int32_t i = 0; i < r->m->nnamed; i++)
        r->valid_named[i] = 0;
    const void *weights = tl_training_weights(&r->t);
    tl_evaluation_run(&r->validation, r->pool, &score);
    double loss;
    if (tl_score_mean(r->m, &score, &loss, &why)) {
        if (r->o->best)
            return tl_fail(e, "--best %s: there is no best: %s", r->o->best, why.text);
        tl_progress_say(&r->progress, "%s: no validation: %s", r->m->name, why.text);
        r->unscored = 1;
        return 0;
    }
    r->valid_update = update;
    tl_progress_valid(&r->progress, &r->t, loss, r->valid_named);
    tl_curve_add(&r->valid_curve, (double)update, loss);
    if (due) {
        const tl_event_scalar scalar = { "loss/valid", loss };
        tl_event_file_add(&r->events, tl_wall_time(), update, &scalar, 1);
        tl_patience_note(&r->record, r->o, loss);
        note_plateau(r, loss);
    }
    if (!(loss < r->record.best)) {
        tl_iterations_lose_patience(&r->progress, &r->t, r->record.best_update);
        return 0;
    }
    r->record.best = loss;
    r->record.best_update = update;
    tl_whole_record_keep(&r->t);
    if (!r->o->best)
        return 0;
    int bad = tl_train_speaks(r) ? tl_weights_save_of(r->o->best, &r->t, weights, &r->data.coding, e) : 0;
    return tl_agree(r->x, bad, e);
}

static int validation_due(const tl_train_run *r, uint64_t epoch_before)
{
    if (r->o->valid_every > 0)
        return r->t.cursor.update % (uint64_t)r->o->valid_every == 0;
    return r->o->valid_every < 0 && r->t.cursor.epoch != epoch_before;
}

static int saving_due(const tl_train_run *r)
{
    if (r->o->save_updates > 0 &&
        r->t.cursor.update >= r->saved_update + (uint64_t)r->o->save_updates)
        return 1;
    return r->o->save_every > 0 && tl_seconds() - r->saved >= r->o->save_every;
}

/* By rank 0's clock, and anybody's signal. */
static void look_up(tl_train_run *r)
{
    int64_t mine = 4 * tl_signals_seen() + 2 * saving_due(r) + finished(r);
    const int64_t *all = tl_share_numbers(r->x, &mine);
    r->over = all[0] & 1;
    r->save_due = all[0] >> 1 & 1;
    for (int32_t i = 0; i < tl_ranks(r->x) && !r->stopped; i++)
        r->stopped = (int)(all[i] >> 2);
}

static void tell_events(tl_train_run *r)
{
    const tl_training *t = &r->t;
    const tl_event_scalar scalar[] = { { "loss/train", t->loss }, { "lr", t->lr }, { "grad_norm", t->norm } };
    if (r->events.f)
        tl_event_file_add(&r->events, tl_wall_time(), t->cursor.update, scalar, 3);
}

/* `epoch`: the one that the update belongs to. */
static void record(tl_train_run *r, uint64_t epoch)
{
    tl_record *k = &r->record;
    if (k->epoch != epoch)
        k->loss_sum = k->losses = 0;
    k->epoch = epoch;
    k->loss_sum += r->t.loss;
    k->losses++;
    tl_curve_add(&r->curve, (double)r->t.cursor.update, r->t.loss);
    tell_events(r);
    tl_advice_note(&r->advice, &r->t);
    tl_probe_file_add(&r->probe_values, &r->t.buffers, r->t.length);
    tl_probe_file_add(&r->probe_grads, &r->t.buffers, r->t.length);
}

/* After an update that failed: the last parameters that gave a finite loss and gradient are saved. Those there are
 * now may be past mending, and the buffers have moved on: so the training goes on again from what was saved
 * last, which comes to the same bits, up to there. If this fails too, the file stays as it is. */
static void keep_sound(tl_train_run *r)
{
    tl_error ignored;
    tl_record record;
    tl_training *t = &r->t;
    const tl_train_spec spec = t->spec;
    int64_t last = t->sound;
    look_up(r);
    tl_st *st = (int64_t)r->saved_update < last && !r->stopped ? tl_st_open(r->path, &ignored) : NULL;
    int bad = tl_agree(r->x, !st || tl_checkpoint_resume(st, t, &record, &ignored), &ignored);
    tl_st_free(st);
    t->spec = spec;
    while (!bad && (int64_t)t->cursor.update < last) {
        look_up(r);
        bad = r->stopped || tl_training_update(t, &ignored);
    }
    if (!bad)
        save(r, &ignored);
    t->sound = last;
}

static int loop(tl_train_run *r, tl_error *e)
{
    for (look_up(r); !r->over && !r->stopped; look_up(r)) {
        uint64_t epoch = r->t.cursor.epoch;
        if (r->save_due && save(r, e))
            return -1;
        if (tl_training_update(&r->t, e)) {
            tl_progress_end(&r->progress, &r->t);
            keep_sound(r);
            return -1;
        }
        if (!r->said)
            r->said = tl_iterations_truncated(&r->progress, &r->t);
        if (!r->equations)
            tl_iterations_equations(&r->progress, &r->t);
        r->equations = 1;
        if (r->t.updated)
            record(r, epoch);
        if (validation_due(r, epoch) && validate(r, 1, e))
            return -1;
        if (r->t.updated)
            tl_progress_update(&r->progress, &r->t);
    }
    if (!r->stopped && r->o->valid_every != 0 && validate(r, 0, e))
        return -1;
    int bad = save(r, e);
    look_up(r); /* a signal may have come since */
    return bad;
}

/* By the parameters that are saved. What cannot be said is said. */
static void report_fit(tl_train_run *r, json_t *j)
{
    tl_error why;
    if (!r->simulation.ready || r->stopped)
        return;
    tl_training_weights(&r->t);
    if (tl_simulation_run(&r->simulation, r->pool, &why))
        fprintf(stderr, "%s: no fit: %s\n", r->m->name, why.text);
    else
        tl_fit_report(j, r->m, &r->data.coding, &r->simulation.deviations, r->o->json);
}

/* What to try next: on a line for people, a list for programs. */
static void advise(tl_train_run *r, json_t *j)
{
    char text[TL_ADVICE_MOST][TL_ADVICE_SIZE];
    json_t *list = json_array();
    int n = r->stopped ? 0 : tl_advice_give(&r->advice, &r->t, &r->curve, &r->valid_curve, text);
    for (int i = 0; i < n; i++) {
        tl_progress_say(&r->progress, "%s: %s", r->m->name, text[i]);
        json_array_append_new(list, json_string(text[i]));
    }
    if (r->o->json)
        json_object_set_new(j, "advice", list);
    else
        json_decref(list);
}

static void report(tl_train_run *r)
{
    const tl_training *t = &r->t;
    const char *unit = unit_of(r);
    uint64_t updates = t->cursor.update - r->progress.first_update;
    double seconds = spent(r);
    json_t *j = tl_report_new(r->m);
    tl_report_text(j, "stopped", r->stopped ? "interrupted" : t->whole.stop ? tl_stop_word(t->whole.stop) :
                   tl_patience_over(&r->record, r->o) ? "patience" : "done");
    tl_report_count(j, "updates", t->cursor.update);
    tl_report_count(j, "epochs", t->cursor.epoch);
    tl_report_count(j, "steps", t->cursor.tick);
    if (r->record.losses)
        tl_report_loss(j, r->m, "loss", r->record.loss_sum / (double)r->record.losses, unit);
    if (updates)
        tl_report_loss(j, r->m, "last_loss", t->loss, unit);
    if (updates && !tl_is_whole_record(t->spec.optimizer.kind))
        tl_report_named(j, r->m, "last_loss", t->named);
    if (!isnan(r->progress.valid)) {
        tl_report_loss(j, r->m, "valid_loss", r->progress.valid, unit);
        tl_report_named(j, r->m, "valid_loss", r->valid_named);
    }
    if (isfinite(r->record.best)) {
        tl_report_loss(j, r->m, "best_valid_loss", r->record.best, unit);
        tl_report_count(j, "best_update", r->record.best_update);
    }
    report_fit(r, j);
    tl_iterations_report(j, t);
    advise(r, j);
    tl_report_number(j, "seconds", seconds);
    tl_report_number(j, "updates_per_second", seconds > 0 ? (double)updates / seconds : NAN);
    tl_report_count(j, "peak_memory_kib", tl_peak_memory());
    tl_report_text(j, "checkpoint", r->path);
    tl_report_print(j, r->o->json);
}

/* ---- looking for a learning rate ---- */

/* Until it diverges, which is no error but where it begins so. */
static int range_test(tl_train_run *r, tl_lr_find *f, tl_error *e)
{
    int over = 0;
    while (!over && !r->stopped) {
        r->t.spec.optimizer.lr = tl_lr_find_rate(f);
        int bad = tl_training_update(&r->t, e);
        if (bad && !f->done)
            return -1;
        over = tl_lr_find_note(f, bad ? NAN : r->t.loss);
        tl_progress_update(&r->progress, &r->t);
        look_up(r);
    }
    return r->stopped ? tl_fail(e, "--lr-find was interrupted: nothing can be said of %" PRId64 " updates", f->done) : 0;
}

static int find_rate(tl_train_run *r, tl_error *e)
{
    char text[320];
    tl_lr_find *f = &r->found;
    *f = tl_lr_find_new(r->o, r->t.spec.optimizer.lr, tl_training_epoch_updates(&r->t));
    tl_progress_begin(&r->progress, &r->t, (uint64_t)f->updates);
    tl_signals_catch();
    if (tl_train_speaks(r))
        begin_plot(r);
    int bad = range_test(r, f, e);
    tl_signals_release();
    tl_progress_end(&r->progress, &r->t);
    if (bad || !tl_train_speaks(r))
        return bad;
    tl_lr_find_end(f);
    tl_lr_find_sentence(f, text, sizeof text);
    tl_progress_say(&r->progress, "%s: %s", r->m->name, text);
    tl_error why;
    if (r->plot && tl_lr_find_draw(f, r->m, r->plot, unit_of(r), &why))
        give_up_plot(r, why.text);
    json_t *j = tl_report_new(r->m);
    tl_lr_find_report(f, j);
    tl_report_print(j, r->o->json);
    return 0;
}

/* ---- all of it ---- */

static void name_fixed(tl_train_run *r)
{
    char text[2048];
    if (tl_fixed_list(r->m, text, sizeof text))
        tl_progress_say(&r->progress, "%s: %s", r->m->name, text);
}

static void name_processes(tl_train_run *r)
{
    int32_t shards = tl_shards(&r->m->tbptt), n = tl_ranks(r->x), may = tl_processors();
    if (!r->x)
        return;
    tl_progress_say(&r->progress, "%s: %d processes, with %d of the %d shards each", r->m->name, (int)n, (int)(shards / n),
                    (int)shards);
    if (r->threads > may)
        tl_progress_say(&r->progress, "%s: each of them runs %d threads, and may use %d processor%s; mpirun --bind-to none "
                        "lets it use all", r->m->name, (int)r->threads, (int)may, may == 1 ? "" : "s");
}

static int run(tl_train_run *r, tl_error *e)
{
    char text[2048];
    uint64_t last = tl_train_planned(r);
    r->begun = tl_seconds();
    tl_dataset_describe(&r->data, r->m, text, sizeof text);
    tl_progress_say(&r->progress, "%s: %s", r->m->name, text);
    name_processes(r);
    name_fixed(r);
    if (r->o->start && !r->o->recode && r->data.coding.kind != TL_CODING_NONE)
        tl_progress_say(&r->progress, "%s: data are read as those of %s were; --recode chooses and standardises anew",
                        r->m->name, r->o->start);
    if (r->t.whole.stop)
        tl_iterations_over(&r->progress, &r->t);
    else if (finished(r) && !r->o->resume)
        tl_progress_say(&r->progress, "%s: no update is asked for: the checkpoint has the weights that a training begins with", r->m->name);
    else if (finished(r) && !tl_patience_over(&r->record, r->o))
        tl_progress_say(&r->progress, "%s: the checkpoint has %" PRIu64 " updates (%" PRIu64
                        " epochs) already; a larger --steps or --epochs goes on", r->m->name,
                        r->t.cursor.update, r->t.cursor.epoch);
    tl_signals_catch();
    if (tl_train_speaks(r)) {
        sweep(r);
        begin_plot(r);
    }
    r->valid_update = UINT64_MAX;
    /* Saved before the first update, so that a path that cannot be written is found now. */
    if (!r->o->resume && save(r, e))
        return -1;
    r->saved = r->begun;
    r->saved_update = r->t.cursor.update;
    tl_progress_begin(&r->progress, &r->t, last);
    int bad = loop(r, e);
    tl_progress_end(&r->progress, &r->t);
    draw(r);
    if (!bad && !r->stopped)
        tl_iterations_end(&r->progress, &r->t);
    if (!bad && !r->stopped && tl_patience_over(&r->record, r->o))
        tl_patience_say(&r->progress, r->m, &r->record, r->o);
    if (!bad && r->stopped)
        tl_progress_say(&r->progress, "%s: stopped after update %" PRIu64 "; %s has it all, "
                        "--resume goes on", r->m->name, r->t.cursor.update, r->path);
    else if (bad)
        tl_progress_say(&r->progress, "%s: %s holds update %" PRIu64 "%s", r->m->name, r->path,
                        r->saved_update, (int64_t)r->saved_update == r->t.sound ?
                        ", with which loss and gradient were still finite" : "");
    if (!bad && tl_train_speaks(r))
        report(r);
    tl_signals_release();
    return bad;
}

/* What could not be written to its end is an error too, if it is the first. */
static int close_outputs(tl_train_run *r, int status, tl_error *e)
{
    tl_error late, *first = status ? &late : e;
    int unwritten = tl_progress_close(&r->progress, first);
    unwritten |= tl_event_file_close(&r->events, first);
    unwritten |= tl_probe_file_close(&r->probe_values, first);
    unwritten |= tl_probe_file_close(&r->probe_grads, first);
    if (!unwritten && !status && !r->stopped && r->undrawn.text[0]) {
        *e = r->undrawn;
        return TL_EXIT_FAILED;
    }
    return unwritten && !status ? TL_EXIT_FAILED : status;
}

/* With the files its own. */
static int train(tl_train_run *r, tl_error *e)
{
    int bad = tl_train_set_up(r, e);
    tl_processes_loud(r->x);
    int status = bad ? TL_EXIT_WRONG : (r->o->lr_find ? find_rate : run)(r, e) ? TL_EXIT_FAILED : TL_EXIT_DONE;
    r->stopped = status ? 0 : r->stopped;
    if (r->has_valid)
        tl_evaluation_free(&r->validation);
    free(r->valid_named);
    tl_simulation_free(&r->simulation);
    tl_training_free(&r->t);
    tl_pool_free(r->pool);
    tl_dataset_free(&r->data);
    status = close_outputs(r, status, e);
    return status ? status : r->stopped ? 128 + r->stopped : 0;
}

static int check_and_train(tl_train_run *r, tl_error *e)
{
    signal(SIGPIPE, SIG_IGN); /* who reads the progress may leave: the training goes on */
    int status = tl_agree(r->x, tl_train_check(r, e), e) ? TL_EXIT_WRONG : train(r, e);
    tl_train_release_files(r);
    return status;
}

static int train_by(const tl_engine *engine, tl_train_options *o, tl_exchange *x)
{
    tl_error e = { "" };
    tl_train_run *r = calloc(1, sizeof *r); /* 200 kB, which a stack may not have */
    if (!r) {
        tl_fail(&e, "%s: out of memory", engine->model->name);
        return tl_command_fail(engine->model, &e, TL_EXIT_WRONG);
    }
    r->engine = engine;
    r->m = engine->model;
    r->o = o;
    r->x = x;
    r->one_epoch = o->epochs < 0 && o->updates < 0 && o->minutes < 0 && o->patience < 0 &&
                   (r->m->ninputs || r->m->ntargets || o->data.data.count);
    const int status = check_and_train(r, &e);
    if (status && status < 128 && tl_train_speaks(r))
        tl_command_fail(engine->model, &e, status);
    free(r);
    return status;
}

static int read_and_train(const tl_engine *engine, int argc, char **argv, tl_exchange *x)
{
    tl_train_options o;
    int status = tl_train_options_read(&o, engine->model, argc, argv);
    if (status < 0)
        status = train_by(engine, &o, x);
    tl_train_options_free(&o);
    return status;
}

int tl_command_train(const tl_engine *engine, int argc, char **argv)
{
    tl_error e;
    tl_exchange *x;
    if (tl_processes_begin(&x, &e))
        return tl_processes_speak() ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG) : TL_EXIT_WRONG;
    int status = read_and_train(engine, argc, argv, x);
    tl_processes_end(x);
    return status;
}
