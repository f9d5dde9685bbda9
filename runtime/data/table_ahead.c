#include "table_ahead.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- which rows are ahead ---- */

/* A fed column has no cell there. A file that has no such column at all is all ahead. */
static int is_ahead(const tl_part *p, size_t at, const tl_coding *c, const unsigned char *fed)
{
    for (size_t i = 0; i < c->ncolumns; i++) {
        size_t index = fed[i] ? tl_name_list_find(&p->csv->name, c->column[i].name, strlen(c->column[i].name)) : SIZE_MAX;
        if (index != SIZE_MAX && !isnan(tl_part_value(p, at, index)))
            return 0;
    }
    return 1;
}

static int any_fed(const tl_coding *c, const unsigned char *fed)
{
    for (size_t i = 0; i < c->ncolumns; i++)
        if (fed[i])
            return 1;
    return 0;
}

/* The rows at the end of a part, which they leave. */
static tl_part cut_tail(tl_part *p, const tl_coding *c, const unsigned char *fed)
{
    tl_part tail = *p;
    while (p->to > p->from && any_fed(c, fed) && is_ahead(p, p->to - 1, c, fed))
        p->to--;
    tail.from = p->to;
    tail.ahead = 1;
    return tail;
}

/* Those of the sequence of p, in the file of `future` that goes with p's. */
static tl_part find_future(const tl_tables *b, const tl_part *p, const tl_csv *future, const char *path)
{
    tl_part ahead = { .csv = future, .path = path, .ahead = 1 };
    const char *label = tl_csv_label(p->csv, p->number);
    const int goes_on = tl_part_goes_on(b, p);
    size_t k = !*label || goes_on ? 0 : tl_name_list_find(&future->groups.label, label, strlen(label));
    if (k != SIZE_MAX && !goes_on) { /* a gap has split it: its last piece goes on */
        ahead.from = tl_csv_start(future, k);
        ahead.to = tl_csv_start(future, k + 1);
    }
    return ahead;
}

static double seconds_at(const tl_part *p, size_t at) { return tl_part_value(p, at, p->csv->times.column); }

static int fail_place(const tl_part *ahead, size_t at, const tl_part *known, double want, tl_error *e)
{
    const tl_csv_times *t = &known->csv->times;
    char is[TL_TIME_SIZE], due[TL_TIME_SIZE], end[TL_TIME_SIZE];
    tl_time_write(seconds_at(ahead, at), t->style, t->unit, is);
    tl_time_write(want, t->style, t->unit, due);
    tl_time_write(seconds_at(known, known->to - 1), t->style, t->unit, end);
    return tl_fail(e, "%s:%zu: the row is of %s, and what goes on behind %s, where %s ends, is of %s; without the column '%s' rows "
                   "follow as they stand", ahead->path, tl_part_line(ahead, at), is, end, known->path, due,
                   ahead->csv->name.item[ahead->csv->times.column]);
}

/* Where both have times: rows that the table has are passed over, and the others are to follow it, each an interval behind the one before, to
 * within a twentieth. */
static int place_in_time(tl_part *ahead, const tl_part *known, tl_error *e)
{
    const tl_csv_times *t = &known->csv->times;
    if (!t->is || !ahead->csv->times.is || ahead->from == ahead->to || known->from == known->to)
        return 0;
    const double end = seconds_at(known, known->to - 1);
    const size_t first = ahead->from;
    while (ahead->from < ahead->to && seconds_at(ahead, ahead->from) <= end)
        ahead->from++;
    if (ahead->from == ahead->to)
        return fail_place(ahead, first, known, tl_time_add(end, t->step, 1), e);
    for (size_t i = ahead->from; i < ahead->to && (t->step.seconds > 0 || t->step.months); i++) {
        const double n = (double)(i - ahead->from + 1);
        if (!(fabs(tl_time_between(end, seconds_at(ahead, i), t->step) - n) <= 0.05))
            return fail_place(ahead, i, known, tl_time_add(end, t->step, n), e);
    }
    return 0;
}

/* ---- the files ---- */

static int check_labels(const tl_csv *csv, const char *path, const tl_csv *future, const char *future_path, tl_error *e)
{
    for (size_t k = 0; future->groups.start && k < future->groups.label.count; k++) {
        const char *label = future->groups.label.item[k];
        if (csv->groups.start && tl_name_list_find(&csv->groups.label, label, strlen(label)) == SIZE_MAX)
            return tl_fail(e, "%s: the sequence '%s' is not in %s, whose rows it would follow", future_path, label, path);
    }
    if (!csv->groups.start == !future->groups.start)
        return 0;
    return tl_fail(e, "%s: %s tells sequences apart and it does not; both need the column, or neither",
                   csv->groups.start ? future_path : path, csv->groups.start ? path : future_path);
}

/* The files of `future` stand behind the tables' own. */
static int read_future(tl_tables *b, const tl_ahead *a, const tl_csv_options *o, tl_error *e)
{
    size_t n = b->paths->count;
    if (a->future->count != n)
        return tl_fail(e, "--future: there are %zu files of it and %zu of --data; to each belongs one", a->future->count, n);
    tl_csv *more = calloc(2 * n, sizeof *more);
    if (!more)
        return tl_fail(e, "%s: out of memory", b->paths->item[0]);
    memcpy(more, b->csv, n * sizeof *more);
    for (size_t i = 0; i < b->parts; i++)
        b->part[i].csv = more + (b->part[i].csv - b->csv);
    free(b->csv);
    b->csv = more;
    b->files = 2 * n;
    for (size_t i = 0; i < n; i++)
        if (tl_csv_read(&b->csv[n + i], a->future->item[i], o, e) ||
            check_labels(&b->csv[i], b->paths->item[i], &b->csv[n + i], a->future->item[i], e))
            return -1;
    return 0;
}

static int check_known(const tl_tables *b, const tl_part *part, tl_error *e)
{
    const tl_part *p = &part[0];
    if (p->to > p->from)
        return 0;
    return tl_fail(e, "%s:%zu: the sequence that ends in this line has no row in which what is predicted is there, so there is "
                   "nothing to go on from", p->path, tl_part_line(&b->part[0], part[1].to - 1));
}

/* Of both parts, to first[1] and first[2]. With targets of several rows ahead nothing ahead is read. Of inputs that are known ahead the last rows are
 * those of the examples above them. */
static int count_examples(size_t *first, const tl_part *two, const tl_coding *c, tl_error *e)
{
    const size_t shift = (size_t)tl_coding_known_ahead(c);
    size_t known = two[0].to - two[0].from, ahead = c->beyond ? 0 : two[1].to - two[1].from;
    if (known + ahead <= shift)
        return tl_fail(e, "%s:%zu: the sequence that ends in this line has no more than the %zu row%s ahead in which its inputs stand", two[0].path,
                       tl_part_line(&two[0], two[0].to - 1), shift, shift == 1 ? "" : "s");
    const size_t cut = ahead < shift ? ahead : shift;
    first[1] = first[0] + known - (shift - cut);
    first[2] = first[1] + ahead - cut;
    return 0;
}

int tl_ahead_split(tl_tables *b, const tl_coding *c, const tl_ahead *a, const tl_csv_options *o, tl_error *e)
{
    const size_t n = b->paths->count;
    if (a->future->count && read_future(b, a, o, e))
        return -1;
    tl_part *part = calloc(2 * b->parts, sizeof *part);
    size_t *first = calloc(2 * b->parts + 1, sizeof *first);
    int bad = part && first ? 0 : tl_fail(e, "%s: out of memory", b->paths->item[0]);
    for (size_t i = 0; i < b->parts && !bad; i++) {
        tl_part *two = &part[2 * i];
        size_t file = (size_t)(b->part[i].csv - b->csv);
        two[0] = b->part[i];
        two[1] = a->future->count ? find_future(b, &b->part[i], &b->csv[n + file], a->future->item[file])
                                  : cut_tail(&two[0], c, a->fed);
        bad = check_known(b, two, e) || (a->future->count && place_in_time(&two[1], &two[0], e));
        bad = bad || count_examples(&first[2 * i], two, c, e);
    }
    if (bad) {
        free(part);
        free(first);
        return -1;
    }
    free(b->part);
    free(b->first);
    b->part = part;
    b->first = first;
    b->parts *= 2;
    b->fed = a->fed;
    return 0;
}

/* ---- what is kept ---- */

static const char *text_at(const tl_part *p, size_t at, size_t index)
{
    const tl_csv_column *k = index == SIZE_MAX ? NULL : &p->csv->column[index];
    size_t row = tl_csv_row(p->csv, at);
    return k && row < k->texts ? k->text[row] : "";
}

static int keep_texts(tl_origin *o, const tl_part *two, const tl_list *keep, tl_error *e)
{
    size_t known = two[0].to - two[0].from, ahead = two[1].to - two[1].from, n = keep->count;
    if (!(o->kept = calloc((known + ahead) * n + 1, sizeof *o->kept)))
        return tl_fail(e, "%s: out of memory", o->path);
    o->nkept = n;
    for (size_t k = 0; k < n; k++) {
        const char *name = keep->item[k];
        size_t index[2];
        if (tl_csv_column_index(two[0].csv, two[0].path, name, &index[0], e))
            return -1;
        index[1] = tl_name_list_find(&two[1].csv->name, name, strlen(name));
        for (size_t i = 0; i < known + ahead; i++) {
            const tl_part *p = &two[i >= known];
            size_t at = p->from + (i < known ? i : i - known);
            if (!(o->kept[i * n + k] = strdup(text_at(p, at, index[i >= known]))))
                return tl_fail(e, "%s: out of memory", o->path);
        }
    }
    return 0;
}

/* The code that a file has for a word counts the words of that file: the coding's token stands in its place, NaN where it has none. The
 * text is the coding's, too, and there the table's own. */
static int keep_word(double *actual, char **text, const tl_column *k, const tl_csv_column *of)
{
    if (isnan(*actual) || !of->words.count || !k->words.count)
        return 0;
    const char *word = of->words.item[(size_t)*actual];
    const int32_t token = tl_column_token(k, word);
    *actual = token < 0 ? NAN : token;
    *text = strdup(token < 0 ? word : tl_column_word(k, token));
    return *text ? 0 : -1;
}

/* The true targets, NaN where the tables do not have them. */
static int keep_actual(tl_origin *o, const tl_part *two, const tl_coding *c, tl_error *e)
{
    size_t known = two[0].to - two[0].from, ahead = two[1].to - two[1].from, n = o->ntargets = tl_table_targets(c);
    o->actual = calloc((known + ahead) * n + 1, sizeof *o->actual);
    o->actual_word = calloc((known + ahead) * n + 1, sizeof *o->actual_word);
    if (!o->actual || !o->actual_word)
        return tl_fail(e, "%s: out of memory", o->path);
    for (size_t i = 0; i < (known + ahead) * n; i++) {
        const tl_part *p = &two[i / n >= known];
        const tl_column *k = &c->column[tl_table_target(c, i % n)];
        size_t index = tl_name_list_find(&p->csv->name, k->name, strlen(k->name)), row = i / n;
        o->actual[i] = index == SIZE_MAX ? NAN : tl_part_value(p, p->from + (row < known ? row : row - known), index);
        if (index != SIZE_MAX && keep_word(&o->actual[i], &o->actual_word[i], k, &p->csv->column[index]))
            return tl_fail(e, "%s: out of memory", o->path);
    }
    return 0;
}

int tl_ahead_keep(tl_origin *o, const tl_tables *b, const tl_coding *c, const tl_ahead *a, tl_error *e)
{
    for (size_t i = 0; i < b->parts / 2; i++) {
        const tl_part *two = &b->part[2 * i];
        o[i].known = two[0].to - two[0].from;
        o[i].all = o[i].known + two[1].to - two[1].from;
        if (keep_texts(&o[i], two, a->keep, e) || keep_actual(&o[i], two, c, e))
            return -1;
    }
    return 0;
}

int tl_ahead_join(tl_examples *x, const tl_tables *b, tl_ahead *a, tl_error *e)
{
    size_t n = b->parts / 2;
    size_t *first = calloc(n + 1, sizeof *first);
    a->known = calloc(n, sizeof *a->known);
    if (!first || !a->known) {
        free(first);
        return tl_fail(e, "%s: out of memory", b->paths->item[0]);
    }
    for (size_t i = 0; i < n; i++) {
        first[i + 1] = x->first[2 * i + 2];
        a->known[i] = x->first[2 * i + 1] - x->first[2 * i];
    }
    free(x->first);
    x->first = n > 1 ? first : NULL;
    x->sequences = n > 1 ? n : 0;
    if (n < 2)
        free(first);
    return 0;
}
