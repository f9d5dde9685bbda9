#include "csv_file.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "utf8.h"

typedef struct Reader {
    tl_csv *csv;
    const char *path;
    size_t line;   /* of the text being parsed */
    size_t column; /* in the current row */
    int header;    /* the current row names the columns */
    const char *sequence; /* the column that tells sequences apart, or NULL */
    size_t sequence_column;
    int failed;
    tl_error *e;
} Reader;

static void fail_memory(Reader *r)
{
    r->failed = tl_fail(r->e, "%s:%zu: out of memory", r->path, r->line);
}

static char *copy(const char *text, size_t size)
{
    char *p = malloc(size + 1);
    if (p) {
        memcpy(p, text, size);
        p[size] = 0;
    }
    return p;
}

static int valid_utf8(const char *text, size_t size)
{
    size_t count;
    int32_t *p = tl_utf8_decode(text, size, &count);
    free(p);
    return p && !memchr(text, 0, size);
}

static void name_cell(Reader *r, const char *text, size_t size)
{
    tl_csv *c = r->csv;
    if (size >= 3 && c->columns == 0 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3; /* a byte order mark, which spreadsheets write */
        size -= 3;
    }
    if (!size || !valid_utf8(text, size)) {
        r->failed = tl_fail(r->e, "%s:%zu: column %zu has no name in UTF-8; the first row names "
                            "the columns", r->path, r->line, c->columns + 1);
        return;
    }
    char **more = realloc(c->name, (c->columns + 1) * sizeof *more);
    if (more)
        c->name = more;
    if (!more || !(c->name[c->columns] = copy(text, size))) {
        fail_memory(r);
        return;
    }
    for (size_t i = 0; i < c->columns; i++)
        if (strcmp(c->name[i], c->name[c->columns]) == 0)
            r->failed = tl_fail(r->e, "%s:%zu: two columns are named '%s'", r->path, r->line,
                                c->name[i]);
    c->columns++;
}

/* Is this cell of the column of sequences another than the one above? */
static void sequence_cell(Reader *r, const char *text, size_t size)
{
    tl_csv *c = r->csv;
    const char *last = c->starts ? c->label[c->starts - 1] : NULL;
    if (last && strlen(last) == size && memcmp(last, text, size) == 0)
        return;
    size_t *start = realloc(c->start, (c->starts + 1) * sizeof *start);
    if (start)
        c->start = start;
    char **label = realloc(c->label, (c->starts + 1) * sizeof *label);
    if (label)
        c->label = label;
    if (!start || !label || !(label[c->starts] = copy(text, size)))
        fail_memory(r);
    else
        start[c->starts++] = c->rows;
}

static void number_cell(Reader *r, const char *text, size_t size)
{
    tl_csv *c = r->csv;
    if (r->column >= c->columns) {
        r->failed = tl_fail(r->e, "%s:%zu: the row has more than the %zu cells of the header",
                            r->path, r->line, c->columns);
        return;
    }
    if (r->sequence && r->column == r->sequence_column)
        sequence_cell(r, text, size);
    char *end;
    double x = size ? strtod(text, &end) : NAN; /* libcsv ends cells with a 0: CSV_APPEND_NULL */
    if (!size || end != text + size || !isfinite(x)) {
        x = NAN;
        if (!c->wrong_line[r->column]) {
            c->wrong_line[r->column] = r->line;
            if (!(c->wrong_text[r->column] = copy(text, size < 40 ? size : 40)))
                fail_memory(r);
        }
    }
    c->value[c->rows * c->columns + r->column] = x;
}

static void on_cell(void *text, size_t size, void *reader)
{
    Reader *r = reader;
    if (r->failed)
        return;
    if (r->header)
        name_cell(r, text ? text : "", size);
    else
        number_cell(r, text ? text : "", size);
    r->column++;
}

static void header_ends(Reader *r)
{
    tl_csv *c = r->csv;
    r->header = 0;
    c->wrong_line = calloc(c->columns + 1, sizeof *c->wrong_line);
    c->wrong_text = calloc(c->columns + 1, sizeof *c->wrong_text);
    if (!c->wrong_line || !c->wrong_text)
        fail_memory(r);
    else if (r->sequence)
        r->failed = tl_csv_column(c, r->path, r->sequence, &r->sequence_column, r->e);
}

/* There is always room for the row that comes next. */
static void make_room(Reader *r)
{
    tl_csv *c = r->csv;
    size_t cells, bytes, room = c->room ? 2 * c->room : 256;
    if (c->rows < c->room)
        return;
    double *more = NULL;
    if (!__builtin_mul_overflow(room, c->columns, &cells) &&
        !__builtin_mul_overflow(cells, sizeof *more, &bytes))
        more = realloc(c->value, bytes);
    if (!more) {
        fail_memory(r);
        return;
    }
    c->value = more;
    c->room = room;
}

static void on_row(int end, void *reader)
{
    Reader *r = reader;
    (void)end;
    if (r->failed)
        return;
    if (r->header)
        header_ends(r);
    else if (r->column != r->csv->columns)
        r->failed = tl_fail(r->e, "%s:%zu: the row has %zu cells, the header %zu", r->path, r->line,
                            r->column, r->csv->columns);
    else
        r->csv->rows++;
    r->column = 0;
    if (!r->failed)
        make_room(r);
}

/* Line by line, so that the callbacks know where they are. */
static void parse(Reader *r, struct csv_parser *p, const char *text, size_t size)
{
    while (size && !r->failed) {
        const char *newline = memchr(text, '\n', size);
        size_t n = newline ? (size_t)(newline - text) + 1 : size;
        r->line++;
        if (csv_parse(p, text, n, on_cell, on_row, r) != n)
            r->failed = tl_fail(r->e, "%s:%zu: %s", r->path, r->line,
                                csv_error(p) == CSV_EPARSE ? "a quote stands inside of a cell; "
                                "quoted cells double it" : csv_strerror(csv_error(p)));
        text += n;
        size -= n;
    }
    if (!r->failed && csv_fini(p, on_cell, on_row, r))
        r->failed = tl_fail(r->e, "%s:%zu: the file ends inside of a quoted cell", r->path,
                            r->line);
}

static int read_text(tl_csv *c, const char *path, const char *sequence, const char *text,
                     size_t size, tl_error *e)
{
    struct csv_parser p;
    Reader r = { .csv = c, .path = path, .header = 1, .sequence = sequence, .e = e };
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
        return tl_fail(e, "%s: out of memory", path);
    parse(&r, &p, text, size);
    csv_free(&p);
    if (r.failed)
        return -1;
    if (!c->rows)
        return tl_fail(e, "%s: no rows of numbers below a row of column names", path);
    return 0;
}

int tl_csv_read(tl_csv *c, const char *path, const char *sequence, tl_error *e)
{
    *c = (tl_csv){ 0 };
    size_t size = 0;
    char *text = tl_file_read(path, SIZE_MAX / 8, &size, e);
    if (!text)
        return -1;
    int bad = read_text(c, path, sequence, text, size, e);
    free(text);
    if (bad)
        tl_csv_free(c);
    return bad;
}

void tl_csv_free(tl_csv *c)
{
    for (size_t i = 0; i < c->columns; i++) {
        free(c->name[i]);
        if (c->wrong_text)
            free(c->wrong_text[i]);
    }
    free(c->name);
    free(c->value);
    free(c->wrong_line);
    free(c->wrong_text);
    for (size_t i = 0; i < c->starts; i++)
        free(c->label[i]);
    free(c->label);
    free(c->start);
    *c = (tl_csv){ 0 };
}

const char *tl_csv_names(const tl_csv *c, char *text, size_t size)
{
    size_t n = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->columns; i++) {
        if (n + strlen(c->name[i]) + 8 > size) {
            snprintf(text + n, size - n, ", ...");
            break;
        }
        n += (size_t)snprintf(text + n, size - n, "%s%s", i ? ", " : "", c->name[i]);
    }
    return text;
}

void tl_csv_write(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n"))
        csv_fwrite(out, text, strlen(text));
    else
        fputs(text, out);
}

int tl_csv_column(const tl_csv *c, const char *path, const char *name, size_t *index, tl_error *e)
{
    char names[400];
    for (size_t i = 0; i < c->columns; i++)
        if (strcmp(c->name[i], name) == 0) {
            *index = i;
            return 0;
        }
    return tl_fail(e, "%s: there is no column '%s'; there are %s", path, name,
                   tl_csv_names(c, names, sizeof names));
}

int tl_csv_numeric(const tl_csv *c, const char *path, size_t i, tl_error *e)
{
    if (!c->wrong_line[i])
        return 0;
    return tl_fail(e, "%s:%zu: column '%s' has '%s' where a number is needed", path,
                   c->wrong_line[i], c->name[i], c->wrong_text[i]);
}
