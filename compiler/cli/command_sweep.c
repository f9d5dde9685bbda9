/* command_sweep.c - `sweep SPEC -D hidden=8,16 --set lr=log:1e-4..1e-1 --trials 40`: trainings side by side, ranked; what is varied, sweep_space.c;
 * how they are run, sweep_run.c.
 *
 * Successive halving (Jamieson & Talwalkar, 2016): all trials are trained to a part of the epochs or steps, the best 1/eta of them go on to eta
 * times as many, and so on to the whole. A training goes on from its checkpoint, bit for bit, so that nothing is computed twice. */
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include <tapeless/commands.h>
#include <tapeless/csv_file.h>
#include <tapeless/file.h>
#include <tapeless/json_memory.h>
#include <tapeless/lock.h>
#include <tapeless/number.h>
#include <tapeless/plot.h>
#include <tapeless/processes.h>
#include <tapeless/signals.h>
#include "cli/sweep.h"
#include "cli/workdir.h"
#include "front/identifier.h"
#include "graph/checked.h"

typedef struct Arguments {
    Common common;
    int64_t trials, jobs, seeds, halving;
    const char *by;
    tl_words rest; /* of the trainer's options */
    int argc;
    char **argv;
    /* of the trainer's, after they were read: */
    const char *output;
    bool resume, overwrite, quiet;
    int64_t seed, epochs, steps;
} Arguments;

/* ---- the command line ---- */

static bool is_option(const char *word, const char *name)
{
    const size_t n = strlen(name);
    return !strncmp(word, "--", 2) && !strncmp(word + 2, name, n) && (word[n + 2] == '=' || !word[n + 2]);
}

static bool is_among(const char *word, const char *const *names)
{
    while (*names && !is_option(word, *names))
        names++;
    return *names != NULL;
}

/* What each training writes, and who speaks, is the sweep's business. */
static char *take_words(Sweep *s, const Arguments *a)
{
    static const char *const ours[] = { "resume", "overwrite", "json", "quiet", "seed", NULL };
    static const char *const each[] = { "checkpoint", "best", "log", "plot", "probe-out", "probe-grad-out", NULL };
    for (size_t i = 0; i < a->rest.count; i++) {
        const char *word = a->rest.word[i];
        if (is_among(word, each))
            return user_sentence("tapeless sweep: %s: each training has its own, in the folder that --output names", word);
        if (a->halving && is_option(word, s->budget_word))
            continue;
        if (!is_among(word, ours))
            words_push(&s->passed, word);
    }
    return NULL;
}

static void push_whole(Words *w, const char *name, int64_t x)
{
    if (x)
        words_push(w, arena_printf(w->arena, "--%s=%lld", name, (long long)x));
}

static void push_text(Words *w, const char *name, const char *text)
{
    if (text)
        words_push(w, arena_printf(w->arena, "--%s=%s", name, text));
}

static void pass_common(Words *w, const Common *c)
{
    push_whole(w, "k1", c->k1);
    push_whole(w, "k2", c->k2);
    push_whole(w, "batch", c->batch);
    push_whole(w, "shards", c->shards);
    if (c->lr >= 0)
        words_push(w, arena_printf(w->arena, "--lr=%.17g", c->lr));
    push_text(w, "optimizer", c->optimizer);
    push_text(w, "learn", c->learn);
    push_text(w, "precision", c->precision);
    push_text(w, "machine", c->machine);
    for (size_t i = 0; i < c->optimise.count; i++)
        push_text(w, "optimise", c->optimise.item[i]);
}

static char *check(const Sweep *s, const Arguments *a)
{
    if (a->halving && !a->epochs && !a->steps)
        return user_sentence("tapeless sweep: --halving %d: --epochs N or --steps N says how long those are trained that get to the end", s->eta);
    if (a->resume && a->overwrite)
        return user_sentence("tapeless sweep: --overwrite begins anew, --resume goes on: choose one");
    if (!space_grid(&s->space) && !a->trials)
        return user_sentence("tapeless sweep: a range has no end of values: --trials N says how many are tried");
    if (!s->space.axes && s->seeds == 1)
        return user_sentence("tapeless sweep: nothing is varied: -D NAME=V1,V2 and --set FIELD=V1,V2 list values, --set lr=log:1e-4..1e-1 is a range, "
                             "--seeds N tries several seeds");
    return NULL;
}

/* ---- the plan ---- */

static json_t *words_json(const Words *w)
{
    json_t *list = json_array();
    for (int i = 0; i < w->count; i++)
        json_array_append_new(list, json_string(w->word[i]));
    return list;
}

static json_t *points_json(const Sweep *s)
{
    json_t *list = json_array();
    for (int i = 0; i < s->trials; i++) {
        json_t *one = json_object();
        for (int k = 0; k < s->space.axes; k++)
            json_object_set_new(one, s->space.axis[k].option + 2, json_string(s->trial[i].value[k]));
        json_array_append_new(list, one);
    }
    return list;
}

/* All that must be alike for results to be of one sweep; malloc'ed. */
static char *plan_text(const Sweep *s, char **error)
{
    tl_error e;
    size_t size;
    char hash[24];
    char *spec = tl_file_read(s->spec, 1 << 24, &size, &e);
    if (!spec) {
        *error = user_sentence("%s", e.text);
        return NULL;
    }
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)XXH3_64bits(spec, size));
    free(spec);
    json_t *j = json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:I, s:i, s:I, s:o}", "spec", s->spec, "hash", hash, "by", s->by, "fixed",
                          words_json(&s->space.fixed), "passed", words_json(&s->passed), "seeds", s->seeds, "seed", (json_int_t)s->seed,
                          "halving", s->eta, "budget", (json_int_t)s->budget, "trials", points_json(s));
    char *text = j ? json_dumps(j, JSON_INDENT(1)) : NULL;
    json_decref(j);
    return checked(text);
}

static const char *const made[] = { "sweep.csv", "best.safetensors", "sweep.svg", "trials" };
enum { MADE = sizeof made / sizeof *made };

/* Where no sweep was begun, nothing that it would write is there. */
static char *check_empty(const Sweep *s)
{
    for (int i = 0; i < MADE; i++)
        if (tl_file_exists(sweep_path(s, made[i])))
            return user_sentence("%s: it is there, and of no sweep: --output DIR writes elsewhere", sweep_path(s, made[i]));
    return NULL;
}

/* What one that was begun before has left goes; and only where plan.json is one. */
static char *clear(const Sweep *s)
{
    json_t *j = json_load_file(sweep_path(s, "plan.json"), 0, NULL);
    const bool ours = json_is_array(json_object_get(j, "trials")) && json_is_string(json_object_get(j, "hash"));
    json_decref(j);
    if (!ours)
        return user_sentence("%s: it is no plan of a sweep: --output DIR writes elsewhere", sweep_path(s, "plan.json"));
    for (int i = 0; i < MADE; i++)
        remove_tree(AT_FDCWD, sweep_path(s, made[i]));
    return NULL;
}

/* NULL, or what is wrong. */
static char *check_plan(const Sweep *s, const Arguments *a, const char *path, const char *text)
{
    tl_error e;
    size_t size;
    if (!tl_file_exists(path))
        return a->resume ? user_sentence("%s: there is no sweep to resume", path) : check_empty(s);
    if (!a->resume && !a->overwrite)
        return user_sentence("%s: a sweep was begun here; --resume goes on with it, --overwrite begins anew, --output DIR writes elsewhere",
                             s->directory);
    if (!a->resume)
        return clear(s);
    char *old = tl_file_read(path, 1 << 28, &size, &e);
    const bool same = old && !strcmp(old, text);
    free(old);
    return same ? NULL : user_sentence("%s: the sweep was begun with another spec or other options, which stand there; --overwrite begins anew", path);
}

static bool open_plan(const Sweep *s, const Arguments *a, char **error)
{
    tl_error e;
    const char *path = sweep_path(s, "plan.json");
    char *text = plan_text(s, error);
    if (!text)
        return false;
    *error = check_plan(s, a, path, text);
    const tl_chunk chunk = { text, strlen(text) };
    if (!*error && !a->resume && tl_file_replace(path, &chunk, 1, &e))
        *error = user_sentence("%s", e.text);
    free(text);
    return !*error;
}

/* ---- rounds ---- */

/* How long a round trains, of rounds 0 .. last: eta times longer each. */
static long budget_of(const Sweep *s, int round, int last)
{
    const double part = (double)s->budget / pow(s->eta, last - round);
    return part < 1 ? 1 : (long)(part + 0.5);
}

/* As many rounds as leave one trial, and one epoch or step to the first. */
static int last_round(const Sweep *s)
{
    int last = 0;
    double trials = s->trials, budget = (double)s->budget;
    while (s->eta && trials / s->eta >= 1 && budget / s->eta >= 1) {
        trials /= s->eta;
        budget /= s->eta;
        last++;
    }
    return last;
}

/* A training has ended. */
static void say(Sweep *s, const Trial *t, int seed)
{
    const Result *r = &t->seed[seed];
    s->done++;
    if (s->quiet)
        return;
    fprintf(stderr, "%d/%d  trial %d  %s", s->done, s->all, t->number, trial_text(s, t));
    if (s->seeds > 1)
        fprintf(stderr, "  seed %llu", (unsigned long long)s->seed + (unsigned)seed);
    if (r->failed)
        fprintf(stderr, "  failed: %s\n", r->message);
    else
        fprintf(stderr, "  %s %.6g\n", s->by, r->score);
}

static int trainings(const Sweep *s, int last)
{
    int all = 0, n = s->trials;
    for (int round = 0; round <= last; round++, n = (n + s->eta - 1) / (s->eta ? s->eta : 1))
        all += n * s->seeds;
    return all;
}

/* Trials in rank, after all rounds or an interruption. */
static bool run_rounds(Sweep *s, Trial **ranked, char **error)
{
    const int last = last_round(s);
    int n = s->trials;
    s->all = trainings(s, last);
    for (int round = 0; round <= last && !s->interrupted; round++) {
        for (int i = 0; i < n; i++)
            ranked[i]->round = round + 1;
        if (!sweep_run(s, ranked, n, s->eta ? budget_of(s, round, last) : 0, say, error))
            return false;
        for (int i = 0; i < n; i++)
            trial_score(s, ranked[i]);
        sweep_rank(ranked, n);
        if (!sweep_write_table(s, ranked, error))
            return false;
        n = s->eta ? (n + s->eta - 1) / s->eta : n;
    }
    return true;
}

/* ---- the end ---- */

/* The weights of the best trial's best seed. */
static bool keep_best(const Sweep *s, const Trial *best, char **error)
{
    tl_error e;
    int k = 0;
    size_t size;
    for (int i = 1; i < s->seeds; i++)
        if (best->seed[i].score < best->seed[k].score)
            k = i;
    void *bytes = tl_file_read(trial_path(s, best, k, "best.safetensors"), (size_t)1 << 40, &size, &e);
    const tl_chunk chunk = { bytes, size };
    const int bad = !bytes || tl_file_replace(sweep_path(s, "best.safetensors"), &chunk, 1, &e);
    free(bytes);
    if (bad)
        *error = user_sentence("%s", e.text);
    return !bad;
}

static void draw(Sweep *s, Trial **ranked)
{
    char *why = NULL;
    tl_error e;
    if (tl_plot_check_gnuplot(&e)) {
        fprintf(stderr, "tapeless sweep: no picture: %s\n", e.text);
    } else if (!sweep_draw(s, ranked, sweep_path(s, "sweep.svg"), &why)) {
        fprintf(stderr, "tapeless sweep: no picture: %s\n", why);
        free(why);
    }
}

static int report(Sweep *s, Trial **ranked, const Arguments *a)
{
    char *error = NULL;
    if (!isfinite(ranked[0]->score)) {
        int k = 0;
        while (k < s->seeds - 1 && !ranked[0]->seed[k].failed)
            k++;
        complain(user_sentence("tapeless sweep: all trainings failed: %s", ranked[0]->seed[k].message ? ranked[0]->seed[k].message : ""));
        return EXIT_FAILED;
    }
    if (!keep_best(s, ranked[0], &error))
        return complain(error);
    draw(s, ranked); /* before what is printed, whose reader may leave */
    sweep_print(s, ranked, a->common.json);
    if (!a->common.json) {
        printf("best: trial %d, %s; its weights are in %s\n", ranked[0]->number, trial_text(s, ranked[0]), sweep_path(s, "best.safetensors"));
        printf("      tapeless eval %s -c %s --data FILE\n", s->spec, sweep_path(s, "best.safetensors"));
        if (s->seeds > 1)
            printf("      its seeds together: tapeless eval %s -c '%s/trials/%04d/seed-*/best.safetensors' --data FILE\n", s->spec, s->directory,
                   ranked[0]->number);
    }
    return EXIT_DONE;
}

static int run_sweep(Sweep *s, const Arguments *a)
{
    char *error = NULL;
    Trial **ranked = arena_array(s->arena, Trial *, s->trials);
    for (int i = 0; i < s->trials; i++)
        ranked[i] = &s->trial[i];
    tl_signals_catch();
    const bool fine = run_rounds(s, ranked, &error);
    tl_signals_release();
    if (!fine)
        return complain(error);
    if (s->interrupted) {
        fprintf(stderr, "tapeless sweep: interrupted; the same command with --resume goes on\n");
        return 128 + s->interrupted;
    }
    return report(s, ranked, a);
}

static void make_trials(Sweep *s, int64_t wanted)
{
    const long grid = space_grid(&s->space);
    s->trials = (int)(!wanted || (grid && wanted > grid) ? grid : wanted);
    s->trial = arena_array(s->arena, Trial, s->trials);
    const char ***point = space_points(&s->space, s->arena, s->trials, s->seed);
    for (int i = 0; i < s->trials; i++)
        s->trial[i] = (Trial){ .number = i + 1, .value = point[i], .seed = arena_array(s->arena, Result, s->seeds) };
}

static Sweep sweep_of(const Arguments *a, Arena *arena)
{
    Sweep s = { .arena = arena, .spec = a->common.spec, .directory = a->output, .by = a->by, .passed = { .arena = arena }, .seeds = (int)a->seeds,
                .seed = a->seed < 0 ? 1 : (uint64_t)a->seed, .eta = (int)a->halving, .jobs = (int)a->jobs, .quiet = a->quiet };
    if (!s.directory)
        s.directory = arena_printf(arena, "%s-sweep", model_identifier(arena, a->common.spec));
    if (!s.jobs)
        s.jobs = tl_processors();
    s.budget_word = a->steps ? "steps" : "epochs";
    s.budget = a->halving ? (long)(a->steps ? a->steps : a->epochs) : 0;
    return s;
}

static int run(const Arguments *a)
{
    Arena *arena = arena_new();
    Sweep s = sweep_of(a, arena);
    char *error = NULL;
    tl_error e;
    tl_lock lock = { 0 };
    int status = EXIT_WRONG;
    if (space_read(&s.space, arena, &a->common, &error) && !(error = check(&s, a)) && !(error = take_words(&s, a))) {
        pass_common(&s.passed, &a->common);
        make_trials(&s, a->trials);
        bool fine = make_directories(arena, s.directory, 0777, &error);
        if (fine && tl_lock_take(&lock, sweep_path(&s, "plan.json"), &e)) {
            error = user_sentence("%s", e.text);
            fine = false;
        }
        if (fine && open_plan(&s, a, &error))
            status = run_sweep(&s, a);
        tl_lock_release(&lock);
    }
    arena_free(arena);
    return error ? complain(error) : status;
}

/* ---- the table of options ---- */

#define SWEEP_OPTIONS(a)                                                                                    \
    TL_INT("trials", 0, &(a).trials, "N", 1, 1000000, "points that are tried, drawn by the seed (all of a grid)"), \
    TL_INT("seeds", 0, &(a).seeds, "N", 1, 1000, "seeds for each, of which the mean is what counts [1]"),   \
    TL_INT("halving", 0, &(a).halving, "ETA", 2, 100,                                                       \
           "successive halving: all begin, the best of ETA at a time go on for ETA times as long"),         \
    TL_INT("jobs", 'j', &(a).jobs, "N", 1, 4096, "trainings at a time (as many as processors)"),            \
    TL_STRING("by", 0, &(a).by, "NAME", "what they are ranked by, a number of `train --json` [best_valid_loss]"), \
    TL_OUTPUT(&(a).output, "DIR", "where all of it stands (NAME-sweep)"),                                   \
    COMMON_OPTIONS((a).common)

#define SWEEP_DEFAULTS { .common = COMMON_DEFAULTS, .seeds = 1, .by = "best_valid_loss" }

int sweep_table(tl_see_table *see, void *context)
{
    Arguments a = SWEEP_DEFAULTS;
    const tl_option table[] = { SWEEP_OPTIONS(a), TL_END };
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

static bool flag_of(const tl_option *theirs, const char *name) { return *tl_cli_find(theirs, name, strlen(name), 0)->to.flag; }

static int64_t whole_of(const tl_option *theirs, const char *name) { return *tl_cli_find(theirs, name, strlen(name), 0)->to.integer; }

/* While the trainer's table is there. */
static int parse(const tl_option *theirs, void *context)
{
    Arguments *a = context;
    const tl_option table[] = { SWEEP_OPTIONS(*a), TL_TABLE("of each training:", theirs, &a->rest), TL_END };
    int status = parse_command(table, &a->common, "sweep",
                               "Trains a spec with many values of its options and fields, and ranks what comes of it: -D hidden=8,16,32 "
                               "--set lr=log:1e-4..1e-1 --trials 40.", a->argc, a->argv);
    a->resume = flag_of(theirs, "resume");
    a->overwrite = flag_of(theirs, "overwrite");
    a->quiet = flag_of(theirs, "quiet");
    a->common.json = flag_of(theirs, "json");
    a->seed = whole_of(theirs, "seed");
    a->epochs = whole_of(theirs, "epochs") > 0 ? whole_of(theirs, "epochs") : 0;
    a->steps = whole_of(theirs, "steps") > 0 ? whole_of(theirs, "steps") : 0;
    return status;
}

int command_sweep(int argc, char **argv)
{
    Arguments a = SWEEP_DEFAULTS;
    a.argc = argc;
    a.argv = argv;
    tl_json_watch();
    int status = tl_show_command("train", parse, &a);
    if (status < 0)
        status = run(&a);
    common_free(&a.common);
    tl_words_free(&a.rest);
    return status;
}
