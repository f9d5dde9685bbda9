#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <tapeless/file.h>
#include <tapeless/signals.h>
#include "cli/sweep.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"

extern char **environ;

const char *sweep_path(const Sweep *s, const char *name) { return arena_printf(s->arena, "%s/%s", s->directory, name); }

const char *trial_path(const Sweep *s, const Trial *t, int seed, const char *name)
{
    return arena_printf(s->arena, "%s/trials/%04d/seed-%llu/%s", s->directory, t->number, (unsigned long long)s->seed + (unsigned)seed, name);
}

/* ---- a training as a process ---- */

typedef struct Job {
    pid_t pid; /* 0: none */
    Trial *trial;
    int seed;
    const char *result, *printed;
} Job;

static void push_path(Words *w, const Sweep *s, const Trial *t, int seed, const char *option, const char *name)
{
    words_push(w, arena_printf(s->arena, "--%s=%s", option, trial_path(s, t, seed, name)));
}

/* The command line of a training, which goes on where there is a checkpoint. */
static Words words_of(const Sweep *s, const Trial *t, int seed, long budget)
{
    Words w = { .arena = s->arena };
    const bool begun = tl_file_exists(trial_path(s, t, seed, "checkpoint.safetensors"));
    words_push(&w, "tapeless");
    words_push(&w, "train");
    for (int i = 0; i < s->space.fixed.count; i++)
        words_push(&w, s->space.fixed.word[i]);
    for (int i = 0; i < s->passed.count; i++)
        words_push(&w, s->passed.word[i]);
    for (int i = 0; i < s->space.axes; i++)
        words_push(&w, arena_printf(s->arena, "%s=%s", s->space.axis[i].option, t->value[i]));
    if (budget)
        words_push(&w, arena_printf(s->arena, "--%s=%ld", s->budget_word, budget));
    if (!begun)
        words_push(&w, arena_printf(s->arena, "--seed=%llu", (unsigned long long)s->seed + (unsigned)seed));
    words_push(&w, begun ? "--resume" : "--overwrite");
    push_path(&w, s, t, seed, "checkpoint", "checkpoint.safetensors");
    push_path(&w, s, t, seed, "best", "best.safetensors");
    push_path(&w, s, t, seed, "log", "log.csv");
    words_push(&w, "--json");
    words_push(&w, "--");
    words_push(&w, s->spec);
    return w;
}

/* Its standard output to `printed`, what it says behind what it has said. */
static bool start(const Sweep *s, Job *job, const Words *w, char **error)
{
    posix_spawn_file_actions_t files;
    const char *messages = trial_path(s, job->trial, job->seed, "messages");
    if (posix_spawn_file_actions_init(&files) || posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0) ||
        posix_spawn_file_actions_addopen(&files, 1, job->printed, O_WRONLY | O_CREAT | O_TRUNC, 0666) ||
        posix_spawn_file_actions_addopen(&files, 2, messages, O_WRONLY | O_CREAT | O_APPEND, 0666))
        out_of_memory();
    const int failed = posix_spawn(&job->pid, "/proc/self/exe", &files, NULL, (char *const *)w->word, environ);
    posix_spawn_file_actions_destroy(&files);
    if (!failed)
        return true;
    job->pid = 0;
    *error = user_sentence("tapeless sweep: cannot run a training: %s", strerror(failed));
    return false;
}

/* ---- what it has come to ---- */

static double number_in(const json_t *j, const char *name)
{
    const json_t *x = json_object_get(j, name);
    return json_is_number(x) ? json_number_value(x) : NAN;
}

/* False where there is none that can be read. */
static bool read_result(const Sweep *s, Result *r, const char *path)
{
    json_t *j = tl_file_exists(path) ? json_load_file(path, 0, NULL) : NULL;
    if (!json_is_object(j)) {
        json_decref(j);
        return false;
    }
    const char *failed = json_string_value(json_object_get(j, "failed"));
    const double score = number_in(j, s->by);
    *r = (Result){ .there = true, .failed = failed || isnan(score), .score = failed || isnan(score) ? INFINITY : score,
                   .updates = number_in(j, "updates"), .best_update = number_in(j, "best_update"), .seconds = number_in(j, "seconds"),
                   .message = failed ? arena_strdup(s->arena, failed)
                                     : isnan(score) ? arena_printf(s->arena, "what it reports has no number '%s'", s->by) : NULL };
    json_decref(j);
    return true;
}

/* The last line of what a training said. */
static const char *last_words(const Sweep *s, const Job *job)
{
    tl_error e;
    size_t size;
    char *text = tl_file_read(trial_path(s, job->trial, job->seed, "messages"), 1 << 24, &size, &e);
    if (!text)
        return "it ended without a word";
    while (size && (text[size - 1] == '\n' || text[size - 1] == ' '))
        text[--size] = '\0';
    char *line = strrchr(text, '\n');
    const char *last = arena_strdup(s->arena, line ? line + 1 : text);
    free(text);
    return *last ? last : "it ended without a word";
}

/* A failure is a result, too: it is not tried again. */
static bool note_failure(const Sweep *s, const Job *job, char **error)
{
    tl_error e;
    json_t *j = json_pack("{s:s}", "failed", last_words(s, job));
    char *text = j ? json_dumps(j, JSON_ENSURE_ASCII) : NULL;
    const tl_chunk chunk = { text, text ? strlen(text) : 0 };
    const bool fine = text && !tl_file_replace(job->result, &chunk, 1, &e);
    json_decref(j);
    free(text);
    if (!fine)
        *error = user_sentence("%s", text ? e.text : "tapeless sweep: out of memory");
    return fine;
}

/* Ended by a request it has no result, and goes on another time. */
static bool finish(Sweep *s, Job *job, int status, char **error)
{
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    job->pid = 0;
    if (s->interrupted || code == 128 + SIGINT || code == 128 + SIGTERM || code == 128 + SIGHUP || code == 128 + SIGKILL) {
        s->interrupted = s->interrupted ? s->interrupted : code - 128;
        return true;
    }
    if (code && !note_failure(s, job, error))
        return false;
    if (!code && rename(job->printed, job->result)) {
        *error = user_sentence("%s: %s", job->result, strerror(errno));
        return false;
    }
    if (!read_result(s, &job->trial->seed[job->seed], job->result)) {
        *error = user_sentence("%s: it is no result of a training", job->result);
        return false;
    }
    return true;
}

/* ---- jobs at a time ---- */

static void rest(void) { nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL); }

/* One that has ended, or NULL. A request to end is handed on, once: a terminal's Ctrl-C they have heard themselves. */
static Job *ended(Sweep *s, Job *job, int *status)
{
    const int signal = tl_signals_seen();
    if (signal && !s->interrupted) {
        s->interrupted = signal;
        for (int i = 0; i < s->jobs && signal != SIGINT; i++)
            if (job[i].pid)
                kill(job[i].pid, signal);
    }
    for (int i = 0; i < s->jobs; i++)
        if (job[i].pid && waitpid(job[i].pid, status, WNOHANG) == job[i].pid)
            return &job[i];
    return NULL;
}

static bool begin(Sweep *s, Job *job, Trial *t, int seed, long budget, char **error)
{
    const char *name = budget ? arena_printf(s->arena, "result-%ld.json", budget) : "result.json";
    *job = (Job){ .trial = t, .seed = seed, .result = trial_path(s, t, seed, name), .printed = trial_path(s, t, seed, "printed") };
    if (read_result(s, &t->seed[seed], job->result))
        return true;
    if (!make_directories(s->arena, trial_path(s, t, seed, ""), 0777, error))
        return false;
    const Words w = words_of(s, t, seed, budget);
    return start(s, job, &w, error);
}

typedef struct Queue {
    Trial **trial;
    int n, next; /* trainings, n * seeds of them, and the next */
} Queue;

/* Whether a training runs, or is to be run. */
static bool is_busy(const Sweep *s, const Job *job, const Queue *q)
{
    for (int i = 0; i < s->jobs; i++)
        if (job[i].pid)
            return true;
    return q->next < q->n * s->seeds && !s->interrupted;
}

static bool fill_jobs(Sweep *s, Job *job, Queue *q, long budget, void (*each)(Sweep *, const Trial *, int), char **error)
{
    for (int i = 0; i < s->jobs && q->next < q->n * s->seeds && !s->interrupted; i++) {
        if (job[i].pid)
            continue;
        Trial *t = q->trial[q->next / s->seeds];
        const int seed = q->next++ % s->seeds;
        if (!begin(s, &job[i], t, seed, budget, error))
            return false;
        if (!job[i].pid) {
            each(s, t, seed);
            i--; /* it was there */
        }
    }
    return true;
}

/* What runs when something has failed is ended, and waited for. */
static void end_all(const Sweep *s, Job *job)
{
    for (int i = 0; i < s->jobs; i++)
        if (job[i].pid)
            kill(job[i].pid, SIGTERM);
    for (int i = 0; i < s->jobs; i++)
        while (job[i].pid && waitpid(job[i].pid, NULL, 0) < 0 && errno == EINTR) {}
}

bool sweep_run(Sweep *s, Trial **trial, int n, long budget, void (*each)(Sweep *, const Trial *, int), char **error)
{
    Job *job = arena_array(s->arena, Job, s->jobs);
    Queue q = { trial, n, 0 };
    int status;
    *error = NULL;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < s->seeds; k++)
            trial[i]->seed[k] = (Result){ 0 };
    while (!*error && fill_jobs(s, job, &q, budget, each, error) && is_busy(s, job, &q)) {
        Job *done = ended(s, job, &status);
        if (!done)
            rest();
        else if (finish(s, done, status, error) && done->trial->seed[done->seed].there)
            each(s, done->trial, done->seed);
    }
    if (*error)
        end_all(s, job);
    return !*error;
}

/* ---- scores ---- */

void trial_score(const Sweep *s, Trial *t)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < s->seeds; i++)
        sum += t->seed[i].there ? t->seed[i].score : INFINITY;
    t->score = sum / s->seeds;
    for (int i = 0; i < s->seeds; i++)
        squares += (t->seed[i].score - t->score) * (t->seed[i].score - t->score);
    t->spread = s->seeds > 1 && isfinite(t->score) ? sqrt(squares / (s->seeds - 1)) : 0;
}

/* Those that got further in the halving are before those that were left behind. */
static int better(const void *a, const void *b)
{
    const Trial *x = *(Trial *const *)a, *y = *(Trial *const *)b;
    if (x->round != y->round)
        return y->round - x->round;
    if (x->score != y->score)
        return x->score < y->score || isnan(y->score) ? -1 : 1;
    return x->number - y->number;
}

void sweep_rank(Trial **trial, int n) { qsort(trial, (size_t)n, sizeof *trial, better); }
