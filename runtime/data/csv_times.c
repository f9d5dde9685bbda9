#include "csv_times.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"

static const double grid = 0.02; /* of an interval, by which a row may stand beside it */

/* What is known of the rows of all sequences. */
typedef struct Times {
    tl_csv *c;
    const char *path;
    const tl_csv_options *o;
    tl_error *e;
    int moved;                      /* rows were not in order */
    size_t gaps, absent, longest;   /* gaps; rows that they lack; the most in one */
    size_t longest_at;              /* position behind it */
    size_t off, off_at;             /* rows that stand beside the grid; the first */
} Times;

static double time_of(const Times *t, size_t position)
{
    return t->c->value[tl_csv_row(t->c, position) * t->c->columns + t->c->times.column];
}

static size_t line_of(const Times *t, size_t position) { return t->c->line[tl_csv_row(t->c, position)]; }

static char *shown(const Times *t, double seconds, char text[TL_TIME_SIZE])
{
    return tl_time_write(seconds, t->c->times.style, t->c->times.unit, text);
}

static int no_memory(const Times *t) { return tl_fail(t->e, "%s: out of memory", t->path); }

/* ---- order ---- */

typedef struct Stamp {
    double seconds;
    size_t row;
} Stamp;

static int earlier(const void *a, const void *b)
{
    const Stamp *x = a, *y = b;
    return x->seconds != y->seconds ? (x->seconds > y->seconds) - (x->seconds < y->seconds) : (x->row > y->row) - (x->row < y->row);
}

/* Positions from .. to - 1 are one sequence. */
static void sort_part(Times *t, Stamp *stamp, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        stamp[i] = (Stamp){ time_of(t, i), tl_csv_row(t->c, i) };
    qsort(stamp + from, to - from, sizeof *stamp, earlier);
    for (size_t i = from; i < to; i++)
        t->moved |= stamp[i].row != tl_csv_row(t->c, i);
}

static int sort_rows(Times *t)
{
    tl_csv *c = t->c;
    Stamp *stamp = calloc(c->rows + 1, sizeof *stamp);
    size_t *row = stamp ? calloc(c->rows + 1, sizeof *row) : NULL;
    for (size_t k = 0; row && k < tl_csv_sequences(c); k++)
        sort_part(t, stamp, tl_csv_start(c, k), tl_csv_start(c, k + 1));
    for (size_t i = 0; row && i < c->rows; i++)
        row[i] = stamp[i].row;
    free(stamp);
    if (!row)
        return no_memory(t);
    if (t->moved) {
        free(c->groups.row);
        c->groups.row = row;
    } else
        free(row);
    return 0;
}

static int check_apart(const Times *t)
{
    char text[TL_TIME_SIZE];
    const int told = t->c->groups.start != NULL;
    for (size_t k = 0; k < tl_csv_sequences(t->c); k++)
        for (size_t i = tl_csv_start(t->c, k) + 1; i < tl_csv_start(t->c, k + 1); i++)
            if (time_of(t, i) == time_of(t, i - 1))
                return tl_fail(t->e, "%s:%zu: the row has the time %s, and so has line %zu%s%s%s", t->path, line_of(t, i),
                               shown(t, time_of(t, i), text), line_of(t, i - 1), told ? " of the sequence '" : "",
                               told ? tl_csv_label(t->c, k) : "", told ? "'" : "; --sequence COLUMN tells sequences apart, and where "
                               "a clock was put back, times with a UTC offset do (02:30+01:00)");
    return 0;
}

/* ---- the interval ---- */

static int smaller(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value that most of the n ascending ones have, to within the grid; of several the smallest. */
static double most_frequent(const double *x, size_t n)
{
    double best = 0;
    size_t most = 0;
    for (size_t i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && x[i + run] - x[i] <= grid * x[i]; run++) {}
        if (run > most) {
            most = run;
            best = x[i + run / 2];
        }
    }
    return best;
}

static tl_time_step step_of(double seconds)
{
    const double days = seconds / 86400;
    static const int months[] = { 1, 2, 3, 6, 12 };
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (days >= 28.0 * months[i] + (months[i] > 1 ? 2 : 0) && days <= fmin(31.0 * months[i], 366))
            return (tl_time_step){ 0, months[i] };
    return (tl_time_step){ seconds, 0 };
}

static int find_step(Times *t)
{
    tl_csv *c = t->c;
    double *apart = calloc(c->rows + 1, sizeof *apart);
    size_t n = 0;
    if (!apart)
        return no_memory(t);
    for (size_t k = 0; k < tl_csv_sequences(c); k++)
        for (size_t i = tl_csv_start(c, k) + 1; i < tl_csv_start(c, k + 1); i++)
            apart[n++] = time_of(t, i) - time_of(t, i - 1);
    qsort(apart, n, sizeof *apart, smaller);
    c->times.step = n ? step_of(most_frequent(apart, n)) : (tl_time_step){ 0, 0 };
    free(apart);
    return 0;
}

/* Rows that are missing before the one at that position; SIZE_MAX where it stands beside the grid. */
static size_t absent_before(const Times *t, size_t position)
{
    const double n = tl_time_between(time_of(t, position - 1), time_of(t, position), t->c->times.step), whole = round(n);
    return fabs(n - whole) > 2 * grid || whole < 1 ? SIZE_MAX : whole > 1e15 ? (size_t)1e15 : (size_t)whole - 1;
}

static void look_at(Times *t, size_t position)
{
    const size_t n = absent_before(t, position);
    if (n == SIZE_MAX) {
        t->off_at = t->off ? t->off_at : position;
        t->off++;
        return;
    }
    t->gaps += n > 0;
    t->absent += n;
    if (n > t->longest) {
        t->longest = n;
        t->longest_at = position;
    }
}

static void look_for_gaps(Times *t)
{
    for (size_t k = 0; k < tl_csv_sequences(t->c); k++)
        for (size_t i = tl_csv_start(t->c, k) + 1; i < tl_csv_start(t->c, k + 1); i++)
            look_at(t, i);
}

/* ---- gaps ---- */

static int too_many(const Times *t)
{
    char text[TL_TIME_SIZE];
    return tl_fail(t->e, "%s:%zu: --gaps fill would put %zu rows of %s in here; --gaps split begins another sequence behind a gap", t->path,
                   line_of(t, t->longest_at), t->longest, tl_time_step_text(t->c->times.step, text));
}

/* Where --gaps fill has no grid to fill. */
static int off_grid(const Times *t)
{
    char text[TL_TIME_SIZE], a[TL_TIME_SIZE], b[TL_TIME_SIZE];
    return tl_fail(t->e, "%s:%zu: --gaps fill: from %s to %s is no whole number of the interval, %s", t->path, line_of(t, t->off_at),
                   shown(t, time_of(t, t->off_at - 1), a), shown(t, time_of(t, t->off_at), b), tl_time_step_text(t->c->times.step, text));
}

/* Room for `more` rows, whose cells are all missing. */
static int add_rows(Times *t, size_t more)
{
    tl_csv *c = t->c;
    const size_t rows = c->rows + more;
    size_t cells;
    double *value = __builtin_mul_overflow(rows, c->columns, &cells) ? NULL : reallocarray(c->value, cells, sizeof *value);
    c->value = value ? value : c->value;
    size_t *line = value ? reallocarray(c->line, rows, sizeof *line) : NULL;
    if (!line)
        return no_memory(t);
    c->line = line;
    for (size_t i = c->rows * c->columns; i < cells; i++)
        c->value[i] = NAN;
    for (size_t i = 0; i < c->columns; i++)
        c->column[i].missing += i == c->times.column ? 0 : more;
    c->rows = c->room = rows;
    return 0;
}

/* What stands in a column where a row was put in, as a sentence would name it. */
static int note_absent(Times *t, size_t line)
{
    for (size_t i = 0; i < t->c->columns; i++) {
        tl_csv_column *k = &t->c->column[i];
        if (k->missing_line || i == t->c->times.column)
            continue;
        k->missing_line = line;
        if (!(k->missing_text = strdup("")))
            return no_memory(t);
    }
    return 0;
}

/* Positions anew: rows as they are, and before each those that it lacks, which get the rows from `next` on. */
static void place_filled(Times *t, size_t *row, size_t *start, size_t next)
{
    tl_csv *c = t->c;
    size_t at = 0;
    for (size_t k = 0; k < tl_csv_sequences(c); k++) {
        const size_t from = tl_csv_start(c, k), to = tl_csv_start(c, k + 1);
        start[k] = at;
        for (size_t i = from; i < to; i++) {
            const size_t n = i > from ? absent_before(t, i) : 0;
            for (size_t j = 0; j < n; j++, next++) {
                row[at++] = next;
                c->line[next] = line_of(t, i);
                c->value[next * c->columns + c->times.column] = tl_time_add(time_of(t, i - 1), c->times.step, (double)(j + 1));
            }
            row[at++] = tl_csv_row(c, i);
        }
    }
    start[tl_csv_sequences(c)] = at;
}

static int fill_gaps(Times *t)
{
    tl_csv *c = t->c;
    const size_t before = c->rows, sequences = tl_csv_sequences(c);
    if (t->off)
        return off_grid(t);
    if (t->absent > 10 * before + 1000)
        return too_many(t);
    const size_t line = line_of(t, t->longest_at);
    size_t *row = calloc(before + t->absent + 1, sizeof *row), *start = calloc(sequences + 1, sizeof *start);
    const tl_csv was = *c;
    int bad = !row || !start ? no_memory(t) : add_rows(t, t->absent);
    if (!bad) {
        c->rows = was.rows; /* while it is read */
        place_filled(t, row, start, before);
        c->rows = before + t->absent;
        bad = note_absent(t, line);
    }
    if (bad) {
        free(row);
        free(start);
        return -1;
    }
    free(c->groups.row);
    c->groups.row = row;
    if (c->groups.start) {
        free(c->groups.start);
        c->groups.start = start;
    } else
        free(start);
    return 0;
}

/* A sequence begins behind each gap, under the label of the one that it was a part of. */
static int split_at_gaps(Times *t)
{
    tl_csv *c = t->c;
    size_t most = tl_csv_sequences(c) + t->gaps + t->off, n = 0, ignored;
    size_t *start = calloc(most + 1, sizeof *start), *named = calloc(most + 1, sizeof *named);
    if (!start || !named || (!c->groups.label.count && tl_name_list_add(&c->groups.label, "", 0, &ignored) < 0)) {
        free(start);
        free(named);
        return no_memory(t);
    }
    for (size_t k = 0; k < tl_csv_sequences(c); k++)
        for (size_t i = tl_csv_start(c, k); i < tl_csv_start(c, k + 1); i++)
            if (i == tl_csv_start(c, k) || absent_before(t, i)) {
                named[n] = c->groups.start ? k : 0;
                start[n++] = i;
            }
    start[n] = c->rows;
    free(c->groups.start);
    c->groups.start = start;
    c->groups.named = named;
    c->groups.count = n;
    return 0;
}

static int refuse_gaps(const Times *t)
{
    char text[TL_TIME_SIZE], a[TL_TIME_SIZE];
    if (!t->gaps)
        return off_grid(t);
    return tl_fail(t->e, "%s:%zu: %zu row%s of %s are missing after %s; --gaps fill puts them in, split begins another sequence, keep goes on",
                   t->path, line_of(t, t->longest_at), t->longest, t->longest == 1 ? "" : "s", tl_time_step_text(t->c->times.step, text),
                   shown(t, time_of(t, t->longest_at - 1), a));
}

static int see_to_gaps(Times *t)
{
    const char *how = t->o->gaps;
    if (!how || !strcmp(how, "keep"))
        return 0;
    if (strcmp(how, "fill") && strcmp(how, "split") && strcmp(how, "error"))
        return tl_fail(t->e, "--gaps %s: it takes keep, fill, split or error", how);
    if (!t->gaps && !t->off)
        return 0;
    return *how == 'f' ? fill_gaps(t) : *how == 's' ? split_at_gaps(t) : refuse_gaps(t);
}

/* "date 2020-01-01 to 2020-03-01, every 1 h; 3 gaps of 7 rows in all, the longest 5 after 2020-02-02T10:00 (line 123), filled". */
static int remark(Times *t, double first, double last, const char *after, size_t line)
{
    char a[TL_TIME_SIZE], b[TL_TIME_SIZE], step[TL_TIME_SIZE], off[120] = "", gaps[240] = "";
    const char *how = t->o->gaps && strcmp(t->o->gaps, "keep") ? t->o->gaps[0] == 'f' ? "filled" : "split" : "passed over";
    const tl_csv *c = t->c;
    if (t->off)
        snprintf(off, sizeof off, "; %zu row%s off that", t->off, t->off == 1 ? "" : "s");
    if (t->gaps)
        snprintf(gaps, sizeof gaps, "; %zu gap%s of %zu row%s in all, the longest of %zu after %s (line %zu), %s", t->gaps,
                 t->gaps == 1 ? "" : "s", t->absent, t->absent == 1 ? "" : "s", t->longest, after, line, how);
    if (asprintf(&t->c->times.remark, "%s %s to %s%s%s%s%s%s", c->name.item[c->times.column], shown(t, first, a), shown(t, last, b),
                 c->rows > 1 ? ", every " : "", c->rows > 1 ? tl_time_step_text(c->times.step, step) : "", t->moved ? "; put in order" : "",
                 off, gaps) >= 0)
        return 0;
    t->c->times.remark = NULL;
    return no_memory(t);
}

/* ---- the calendar ---- */

/* How far something has gone, from 0 to 1. */
static double phase(const tl_date *d, char what)
{
    const double day = d->second / 86400;
    return what == 'd' ? day : what == 'w' ? (d->weekday + day) / 7 : (d->yearday + day) / d->days;
}

static const char *const calendar_columns[] = { "day.sin", "day.cos", "week.sin", "week.cos", "year.sin", "year.cos", "hour", "weekday", "month" };
enum { CALENDAR = sizeof calendar_columns / sizeof *calendar_columns, WAVES = 6 };

static double calendar_value(size_t i, double seconds)
{
    const tl_date d = tl_date_of(seconds);
    const double turn = i < WAVES ? 6.283185307179586 * phase(&d, *calendar_columns[i]) : 0;
    if (i < WAVES)
        return i % 2 ? cos(turn) : sin(turn);
    return i == WAVES ? floor(d.second / 3600) : i == WAVES + 1 ? d.weekday : d.month - 1;
}

double tl_calendar_value(const char *name, double seconds)
{
    for (size_t i = 0; i < CALENDAR; i++)
        if (!strcmp(name, calendar_columns[i]))
            return calendar_value(i, seconds);
    return NAN;
}

/* Is the column of "day" or "hour" among the words of a list? */
static int is_asked(const char *list, const char *column)
{
    const size_t n = strcspn(column, ".");
    for (const char *s = list; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL)
        if (!strncmp(s, column, n) && (s[n] == ',' || !s[n]))
            return 1;
    return 0;
}

int tl_calendar_has(const char *calendar, const char *name)
{
    return calendar && !isnan(tl_calendar_value(name, 0)) && is_asked(calendar, name);
}

static int check_calendar(const char *list, tl_error *e)
{
    for (const char *s = list; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL) {
        size_t i = 0, n = strcspn(s, ",");
        while (i < CALENDAR && (strcspn(calendar_columns[i], ".") != n || strncmp(s, calendar_columns[i], n)))
            i++;
        if (i == CALENDAR)
            return tl_fail(e, "--calendar %s: it takes day, week, year (sine and cosine of each) and hour, weekday, month (tokens), with commas "
                           "between them", list);
    }
    return 0;
}

/* Names with those of the calendar behind the time's; source[i] the column that was there, or -1 - i of the calendar's. */
static int name_calendar(Times *t, tl_name_list *names, long *source)
{
    tl_csv *c = t->c;
    size_t index;
    for (size_t i = 0; i < c->columns; i++) {
        source[names->count] = (long)i;
        if (tl_name_list_add(names, c->name.item[i], strlen(c->name.item[i]), &index) < 0)
            return no_memory(t);
        for (size_t k = 0; i == c->times.column && k < CALENDAR; k++) {
            if (!is_asked(t->o->calendar, calendar_columns[k]))
                continue;
            if (tl_name_list_find(&c->name, calendar_columns[k], strlen(calendar_columns[k])) != SIZE_MAX)
                return tl_fail(t->e, "%s: --calendar makes a column '%s', and the table has one", t->path, calendar_columns[k]);
            source[names->count] = -1 - (long)k;
            if (tl_name_list_add(names, calendar_columns[k], strlen(calendar_columns[k]), &index) < 0)
                return no_memory(t);
        }
    }
    return 0;
}

static void fill_calendar(const tl_csv *c, const long *source, size_t columns, double *value, tl_csv_column *column)
{
    for (size_t i = 0; i < columns; i++)
        column[i] = source[i] >= 0 ? c->column[source[i]] : (tl_csv_column){ .numbers = c->rows, .looks_numeric = 1 };
    for (size_t row = 0; row < c->rows; row++)
        for (size_t i = 0; i < columns; i++)
            value[row * columns + i] = source[i] >= 0 ? c->value[row * c->columns + (size_t)source[i]]
                                                      : calendar_value((size_t)(-1 - source[i]), c->value[row * c->columns + c->times.column]);
}

static int add_calendar(Times *t)
{
    tl_csv *c = t->c;
    tl_name_list names = { 0 };
    long *source = calloc(c->columns + CALENDAR, sizeof *source);
    size_t cells;
    int bad = source ? name_calendar(t, &names, source) : no_memory(t);
    double *value = !bad && !__builtin_mul_overflow(c->rows, names.count, &cells) ? calloc(cells + 1, sizeof *value) : NULL;
    tl_csv_column *column = value ? calloc(names.count + 1, sizeof *column) : NULL;
    if (!column) {
        tl_name_list_free(&names);
        free(source);
        free(value);
        return bad ? bad : no_memory(t);
    }
    fill_calendar(c, source, names.count, value, column);
    tl_name_list_free(&c->name);
    free(c->value);
    free(c->column);
    free(source);
    c->name = names;
    c->columns = names.count;
    c->room = c->rows;
    c->value = value;
    c->column = column;
    return 0;
}

/* ---- the whole ---- */

static int check_options(const tl_csv_options *o, tl_error *e)
{
    const int time = o->time && *o->time;
    if (!time && (o->calendar || o->time_format || o->gaps) && !o->maybe_time)
        return tl_fail(e, "--%s %s: it needs --time COLUMN, which says where the times stand", o->calendar ? "calendar" : o->gaps ? "gaps" : "time-format",
                       o->calendar ? o->calendar : o->gaps ? o->gaps : o->time_format);
    return o->calendar ? check_calendar(o->calendar, e) : 0;
}

static int order(Times *t)
{
    char after[TL_TIME_SIZE] = "";
    tl_csv *c = t->c;
    if (sort_rows(t) || check_apart(t) || find_step(t))
        return -1;
    look_for_gaps(t);
    double first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < c->rows; i++) {
        first = fmin(first, time_of(t, i));
        last = fmax(last, time_of(t, i));
    }
    const size_t line = t->gaps ? line_of(t, t->longest_at) : 0;
    if (t->gaps)
        shown(t, time_of(t, t->longest_at - 1), after);
    return see_to_gaps(t) || remark(t, first, last, after, line) || (t->o->calendar && add_calendar(t)) ? -1 : 0;
}

int tl_csv_order(tl_csv *c, const char *path, const tl_csv_options *o, tl_error *e)
{
    Times t = { .c = c, .path = path, .o = o, .e = e };
    if (check_options(o, e))
        return -1;
    return c->times.is ? order(&t) : 0;
}

double tl_csv_time_at(const tl_csv *c, size_t to, size_t position)
{
    const size_t last = position < to ? position : to - 1;
    const double seconds = c->value[tl_csv_row(c, last) * c->columns + c->times.column];
    return position < to ? seconds : tl_time_add(seconds, c->times.step, (double)(position - last));
}
