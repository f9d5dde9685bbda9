#include "progress.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "memory_stream.h"
#include "output.h"

/* Seconds between lines; a validation is news enough for a line a second. */
static const double every_terminal = 0.1, every_plain = 5, every_valid = 1, every_picture = 0.25;

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double tl_seconds(void) { return read_clock(CLOCK_MONOTONIC); }

double tl_wall_time(void) { return read_clock(CLOCK_REALTIME); }

static int is_empty(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode) && s.st_size == 0;
}

/* At lag 0 there is something only where there is a head. */
static int32_t first_lag(const tl_model *m) { return m->has_head ? 0 : 1; }

static void log_header(FILE *f, const tl_model *m)
{
    fputs("update,epoch,step,loss,lr,grad_norm,valid_loss", f);
    for (int32_t i = 0; i < m->nnamed; i++)
        fprintf(f, ",loss.%s", m->named[i].name);
    for (int32_t i = 0; i < m->nnamed; i++)
        fprintf(f, ",valid_loss.%s", m->named[i].name);
    for (int32_t lag = first_lag(m); m->has_state_grads && lag <= m->tbptt.k2; lag++)
        fprintf(f, ",lag_%d", (int)lag);
    fputc('\n', f);
}

static char *first_line(const char *path)
{
    char *line = NULL;
    size_t size = 0;
    FILE *f = fopen(path, "r");
    if (f && getline(&line, &size, f) < 0) {
        free(line);
        line = NULL;
    }
    if (f)
        fclose(f);
    return line;
}

/* A log that is added to has the columns of the rows that will follow. */
static int check_columns(const char *path, const tl_model *m, tl_error *e)
{
    char *want = NULL, *have = first_line(path);
    size_t size;
    FILE *f = tl_memory_open(&want, &size);
    if (!f) {
        free(have);
        return tl_fail(e, "out of memory");
    }
    log_header(f, m);
    int bad = tl_memory_close(f) ? tl_fail(e, "out of memory") : 0;
    if (!bad && have && strcmp(have, want))
        bad = tl_fail(e, "%s: it has other columns than this training logs%s; --log takes another name", path,
                      m->has_state_grads || strstr(have, ",lag_") ? " (--lags adds some)" : "");
    free(have);
    free(want);
    return bad;
}

int tl_progress_open(tl_progress *p, const tl_model *m, FILE *out, const char *log, int resume,
                     int overwrite, tl_error *e)
{
    *p = (tl_progress){ .out = out, .log_path = log, .valid = NAN };
    p->terminal = out && isatty(fileno(out));
    if (m->nnamed && !(p->named = calloc(2 * (size_t)m->nnamed, sizeof *p->named)))
        return tl_fail(e, "out of memory");
    if (!log)
        return 0;
    int there = tl_file_exists(log);
    if (there && !resume && !overwrite)
        return tl_fail(e, "%s: it exists; --overwrite replaces it, --resume adds to it", log);
    if (there && resume && !is_empty(log) && check_columns(log, m, e))
        return -1;
    p->log = tl_output_open(log, resume, 0, e);
    if (!p->log)
        return -1;
    if (!there || !resume || is_empty(log))
        log_header(p->log, m);
    return 0;
}

static void remember_error(tl_progress *p)
{
    if (!p->log_error)
        p->log_error = errno ? errno : EIO;
}

/* A pipe and a terminal cannot be synced, and need not be. */
void tl_progress_sync(tl_progress *p)
{
    if (!p->log || p->log_error)
        return;
    errno = 0;
    if (fflush(p->log) || ferror(p->log) || (fsync(fileno(p->log)) && errno != EINVAL && errno != ENOTSUP && errno != EROFS))
        remember_error(p);
}

int tl_progress_close(tl_progress *p, tl_error *e)
{
    if (p->log) {
        int before = ferror(p->log);
        errno = 0;
        if (fclose(p->log) || before)
            remember_error(p);
    }
    p->log = NULL;
    free(p->named);
    p->named = NULL;
    return p->log_error ? tl_fail(e, "%s: it could not be written: %s", p->log_path, strerror(p->log_error)) : 0;
}

void tl_progress_begin(tl_progress *p, const tl_training *t, uint64_t total)
{
    p->total = total;
    p->begun = p->shown = tl_seconds();
    p->first_tick = t->cursor.tick;
    p->first_update = t->cursor.update;
}

/* Empty where the window does not reach so far. */
static void log_lags(tl_progress *p, const tl_training *t)
{
    const tl_model *m = t->engine->model;
    for (int32_t lag = first_lag(m); t->lag && lag <= m->tbptt.k2; lag++)
        if (lag <= t->length)
            fprintf(p->log, ",%.9g", t->lag[lag]);
        else
            fputc(',', p->log);
}

/* Those of the update, then those of the validation; empty where they are not known. */
static void log_named(tl_progress *p, const tl_training *t, int digits)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < 2 * m->nnamed; i++) {
        double x = i < m->nnamed ? t->named[i] : p->valid_fresh ? p->named[i] : NAN;
        fputc(',', p->log);
        if (!isnan(x))
            fprintf(p->log, "%.*g", digits, x);
    }
}

static void log_row(tl_progress *p, const tl_training *t)
{
    int digits = t->engine->model->real == TL_F64 ? 17 : 9;
    fprintf(p->log, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.*g,%.9g,%.*g,", t->cursor.update,
            t->cursor.epoch, t->cursor.tick, digits, t->loss, t->lr, digits, t->norm);
    if (p->valid_fresh)
        fprintf(p->log, "%.*g", digits, p->valid);
    log_named(p, t, digits);
    p->valid_fresh = 0;
    log_lags(p, t);
    fputc('\n', p->log);
}

/* The line, which the cursor is in, and the picture above it. */
static void erase(tl_progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", p->out);
    if (p->pictured)
        fprintf(p->out, "\033[%dA\033[J", p->pictured);
    p->drawn = p->pictured = 0;
}

/* Over the one before, line by line, so that nothing flickers; in one piece. */
static void draw_picture(tl_progress *p)
{
    int columns, rows;
    if (!p->watch || !p->terminal)
        return;
    tl_watch_size(p->out, &columns, &rows);
    int lines = tl_watch_draw(p->watch, columns, rows);
    if (p->pictured && (p->pictured != lines || !p->drawn))
        erase(p);
    if (!lines)
        return;
    if (p->pictured)
        fprintf(p->out, "\r\033[%dA", p->pictured);
    else if (p->drawn)
        fputs("\r\033[K", p->out);
    fputs(p->watch->text, p->out);
    p->pictured = lines;
}

/* "1:02:03" */
static const char *duration(char *text, size_t size, double seconds)
{
    if (!(seconds < 1e7)) {
        snprintf(text, size, "long");
        return text;
    }
    int s = (int)(seconds + 0.5);
    if (s >= 3600)
        snprintf(text, size, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, size, "%d:%02d", s / 60, s % 60);
    return text;
}

static void draw_loss(tl_progress *p, const tl_training *t, const char *name, double loss)
{
    fprintf(p->out, "  %s %.4g", name, loss);
    if (strcmp(t->engine->model->loss, "cross_entropy") == 0)
        fprintf(p->out, " (%.3f bits)", loss / log(2));
}

enum { MOST_NAMED = 4 }; /* in a line */

/* The line says them behind the sum; [nnamed] losses. */
static void draw_named(tl_progress *p, const tl_model *m, const double *losses)
{
    for (int32_t i = 0; i < m->nnamed && i < MOST_NAMED && !isnan(losses[i]); i++)
        fprintf(p->out, "%s%s %.4g%s", i ? ", " : " (", m->named[i].name, losses[i],
                i + 1 < m->nnamed && i + 1 < MOST_NAMED ? "" : i + 1 < m->nnamed ? ", ...)" : ")");
}

static void draw_counts(tl_progress *p, const tl_training *t)
{
    double loss = p->count ? p->mean : t->loss;
    fprintf(p->out, "update %" PRIu64, t->cursor.update);
    if (p->total)
        fprintf(p->out, "/%" PRIu64, p->total);
    fprintf(p->out, "  epoch %" PRIu64, t->cursor.epoch);
    const tl_model *m = t->engine->model;
    draw_loss(p, t, "loss", loss);
    draw_named(p, m, p->count ? p->named : t->named);
    if (isnan(p->valid))
        return;
    draw_loss(p, t, "valid", p->valid);
    if (m->nnamed)
        draw_named(p, m, p->named + m->nnamed);
}

static void draw_rates(tl_progress *p, const tl_training *t)
{
    char eta[32];
    double spent = tl_seconds() - p->begun;
    double lanes = t->engine->model->tbptt.batch;
    uint64_t done = t->cursor.update - p->first_update;
    if (spent > 0)
        fprintf(p->out, "  %.4g steps/s", lanes * (double)(t->cursor.tick - p->first_tick) / spent);
    fprintf(p->out, "  %s %.3g  |g| %.3g", tl_is_whole_record(t->spec.optimizer.kind) ? "step" : "lr", t->lr, t->norm);
    if (p->total > t->cursor.update && done)
        fprintf(p->out, "  left %s", duration(eta, sizeof eta, spent / (double)done *
                                              (double)(p->total - t->cursor.update)));
}

static void draw(tl_progress *p, const tl_training *t)
{
    draw_picture(p);
    if (p->drawn)
        fputs("\r\033[K", p->out);
    if (p->pictured) /* a line that is longer than the terminal is cut, and stays one */
        fputs("\033[?7l", p->out);
    draw_counts(p, t);
    draw_rates(p, t);
    if (p->pictured)
        fputs("\033[?7h", p->out);
    if (!p->terminal)
        fputc('\n', p->out);
    p->drawn = p->terminal;
    fflush(p->out);
    p->undrawn = 0;
}

void tl_progress_update(tl_progress *p, const tl_training *t)
{
    p->count++;
    p->undrawn++;
    const double over = p->count < 100 ? (double)p->count : 100;
    p->mean += (t->loss - p->mean) / over;
    for (int32_t i = 0; i < t->engine->model->nnamed; i++)
        p->named[i] += (t->named[i] - p->named[i]) / over;
    if (p->log && !p->log_error && !ferror(p->log)) /* a log with a row missing in its middle is none */
        log_row(p, t);
    if (!p->out)
        return;
    double now = tl_seconds();
    if (now - p->shown < (!p->terminal ? every_plain : p->watch ? every_picture : every_terminal))
        return;
    p->shown = now;
    draw(p, t);
}

void tl_progress_end(tl_progress *p, const tl_training *t)
{
    if (p->out && p->undrawn)
        draw(p, t);
    if (p->drawn)
        fputc('\n', p->out);
    p->drawn = p->pictured = 0;
}

void tl_progress_valid(tl_progress *p, const tl_training *t, double loss, const double *named)
{
    const int32_t n = t->engine->model->nnamed;
    p->valid = loss;
    for (int32_t i = 0; i < n; i++)
        p->named[n + i] = named[i];
    p->valid_fresh = 1;
    double now = tl_seconds();
    if (!p->out || p->terminal || now - p->shown < every_valid)
        return;
    p->shown = now;
    draw(p, t);
}

void tl_progress_say(tl_progress *p, const char *format, ...)
{
    va_list ap;
    if (!p->out)
        return;
    erase(p);
    va_start(ap, format);
    vfprintf(p->out, format, ap);
    va_end(ap);
    fputc('\n', p->out);
    fflush(p->out);
}
