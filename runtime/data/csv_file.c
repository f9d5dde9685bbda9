#include "csv_file.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_text.h"
#include "npy.h"
#include "npy_text.h"
#include "utf8.h"

enum { BLOCK = 1 << 16 }; /* bytes by which libcsv's cell grows */

typedef struct Reader {
    tl_csv *csv;
    const tl_csv_options *options;
    const tl_csv_dialect *dialect;
    const char *path;
    size_t above;      /* lines that are left out between the first row and the second */
    size_t line;       /* of the text being parsed */
    size_t cell_line;  /* where the last cell ended */
    size_t column;     /* in the current row */
    size_t rows_ended; /* of all, the header too */
    size_t blank, first_blank; /* lines since the last row, and where they begin; in a table of one column */
    char **first;      /* [firsts] cells of the first row, which stands here until it is known what it is */
    size_t firsts, first_room;
    int header;        /* the current row is the first */
    size_t sequence, time; /* the columns that tell sequences and times, or SIZE_MAX */
    unsigned char *worded; /* [columns] 1: its cells are words */
    const char *text;  /* that line */
    size_t decimals, either, points; /* cells with the other decimal point, or maybe; numbers with this one */
    int failed;
    tl_error *e;
} Reader;

static void fail_memory(Reader *r)
{
    r->failed = tl_fail(r->e, "%s:%zu: out of memory", r->path, r->line);
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* ---- the header ---- */

static int valid_utf8(const char *text, size_t size)
{
    int32_t ignored;
    for (size_t at = 0, n; at < size; at += n)
        if (!(n = tl_utf8_get(text + at, size - at, &ignored)))
            return 0;
    return 1;
}

/* Kept as it is: whether it is a name shows when all of the row is there. */
static void first_cell(Reader *r, const char *text, size_t size)
{
    if (r->firsts == r->first_room) {
        size_t room = r->first_room ? 2 * r->first_room : 16;
        char **more = reallocarray(r->first, room, sizeof *more);
        if (!more) {
            fail_memory(r);
            return;
        }
        r->first = more;
        r->first_room = room;
    }
    if (!(r->first[r->firsts] = strndup(text, size)))
        fail_memory(r);
    else
        r->firsts++;
}

/* pandas writes the numbers 0, 1, 2, ... as names if there are no others, behind an index without one. */
static int is_default_header(const Reader *r)
{
    char number[32];
    for (size_t i = 1; i < r->firsts; i++) {
        snprintf(number, sizeof number, "%zu", i - 1);
        if (strcmp(r->first[i], number))
            return 0;
    }
    return r->firsts > 1 && !r->first[0][0];
}

/* The first row has numbers and nothing that could be a name. */
static int is_numbers(const Reader *r)
{
    size_t numbers = 0;
    double ignored;
    for (size_t i = 0; i < r->firsts; i++) {
        tl_cell kind = tl_cell_read(&r->dialect->number, r->first[i], strlen(r->first[i]), &ignored);
        if (kind == TL_CELL_WORDS)
            return 0;
        numbers += kind != TL_CELL_MISSING;
    }
    return numbers && !is_default_header(r);
}

/* Column i is named by the first row, or by its number. */
static int name_column(Reader *r, size_t i)
{
    char number[32];
    size_t index;
    const char *name = r->first[i];
    tl_name_list *l = &r->csv->name;
    if (r->options->no_header) {
        snprintf(number, sizeof number, "%zu", i + 1);
        name = number;
    }
    if (!valid_utf8(name, strlen(name)))
        return tl_fail(r->e, "%s:%zu: the name of column %zu is not UTF-8; `iconv -f LATIN1 -t UTF-8` "
                       "converts a file that an older Windows wrote", r->path, r->line, i + 1);
    int new = tl_name_list_add(l, name, strlen(name), &index);
    if (new < 0)
        return tl_fail(r->e, "%s:%zu: out of memory", r->path, r->line);
    return new ? 0 : tl_fail(r->e, "%s:%zu: two columns are named '%s', columns %zu and %zu", r->path,
                             r->line, name, index + 1, i + 1);
}

static int find_sequence(Reader *r)
{
    const char *name = r->options->sequence;
    if (!name || !name[0])
        return 0;
    r->sequence = tl_name_list_find(&r->csv->name, name, strlen(name));
    if (r->sequence != SIZE_MAX || r->options->maybe_sequence)
        return 0;
    return tl_csv_column_index(r->csv, r->path, name, &r->sequence, r->e);
}

static int find_time(Reader *r)
{
    const char *name = r->options->time;
    r->time = SIZE_MAX;
    if (!name || !name[0])
        return 0;
    r->time = tl_name_list_find(&r->csv->name, name, strlen(name));
    r->csv->times.is = r->time != SIZE_MAX;
    r->csv->times.column = r->time;
    if (r->time != SIZE_MAX || (r->options->maybe_time && !r->options->calendar))
        return 0;
    return tl_csv_column_index(r->csv, r->path, name, &r->time, r->e);
}

static void find_words(Reader *r)
{
    for (const char *const *name = r->options->words; name && *name; name++) {
        const size_t index = tl_name_list_find(&r->csv->name, *name, strlen(*name));
        if (index != SIZE_MAX)
            r->worded[index] = 1;
    }
}

static void find_kept(Reader *r)
{
    tl_csv *c = r->csv;
    for (size_t i = 0; r->options->keep && i < r->options->keep->count; i++) {
        const char *name = r->options->keep->item[i];
        const size_t index = tl_name_list_find(&c->name, name, strlen(name));
        if (index != SIZE_MAX)
            c->column[index].kept = 1;
    }
}

static int name_columns(Reader *r)
{
    tl_csv *c = r->csv;
    int given = r->options->no_header || r->options->header;
    if (!given && is_numbers(r))
        return tl_fail(r->e, "%s:%zu: the first row holds numbers, '%s'%s, and not the names of the columns: "
                       "--no-header reads it as numbers and names the columns 1, 2, ...; --header takes it "
                       "for names", r->path, r->line, r->first[0], r->firsts > 1 ? " and so on" : "");
    for (size_t i = 0; i < r->firsts; i++)
        if (name_column(r, i))
            return -1;
    c->columns = r->firsts;
    c->index = c->columns > 1 && (!c->name.item[0][0] || strcmp(c->name.item[0], "Unnamed: 0") == 0);
    c->column = calloc(c->columns + 1, sizeof *c->column);
    r->worded = calloc(c->columns + 1, sizeof *r->worded);
    if (!c->column || !r->worded)
        return tl_fail(r->e, "%s: out of memory", r->path);
    find_words(r);
    find_kept(r);
    return find_sequence(r) || find_time(r);
}

/* ---- rows ---- */

/* There is always room for the row that comes next. */
static void make_room(Reader *r)
{
    tl_csv *c = r->csv;
    size_t cells, room = c->room ? 2 * c->room : 64;
    if (c->rows < c->room)
        return;
    double *more = NULL;
    if (!__builtin_mul_overflow(room, c->columns, &cells))
        more = reallocarray(c->value, cells, sizeof *more);
    if (more)
        c->value = more;
    size_t *lines = more ? reallocarray(c->line, room, sizeof *lines) : NULL;
    if (!lines) {
        fail_memory(r);
        return;
    }
    c->line = lines;
    c->room = room;
}

static void sequence_cell(Reader *r, const char *text, size_t size)
{
    if (!size || !text[strspn(text, " \t")])
        r->failed = tl_fail(r->e, "%s:%zu: the cell of --sequence %s is empty: which sequence is the row of?",
                            r->path, r->line, r->csv->name.item[r->sequence]);
    else if (tl_csv_groups_add(&r->csv->groups, text, size))
        fail_memory(r);
}

/* Notes the first cell that is missing, or wrong. */
static void note(Reader *r, size_t *line, char **kept, const char *text, size_t size)
{
    if (*line)
        return;
    *line = r->line;
    if (!(*kept = tl_cell_show(text, size)))
        fail_memory(r);
}

/* A word is what stands there without the blanks around it. */
static void word_cell(Reader *r, const char *text, size_t size)
{
    tl_csv_column *k = &r->csv->column[r->column];
    double ignored, *value = &r->csv->value[r->csv->rows * r->csv->columns + r->column];
    size_t index;
    *value = NAN;
    if (tl_cell_read(&r->dialect->number, text, size, &ignored) == TL_CELL_MISSING) {
        k->missing++;
        note(r, &k->missing_line, &k->missing_text, text, size);
        return;
    }
    for (; size && strchr(" \t\r\n", text[0]); size--)
        text++;
    for (; size && strchr(" \t\r\n", text[size - 1]);)
        size--;
    if (!valid_utf8(text, size))
        r->failed = tl_fail(r->e, "%s:%zu: a word of column '%s' is not UTF-8; `iconv -f LATIN1 -t UTF-8` converts a file that an "
                            "older Windows wrote", r->path, r->line, r->csv->name.item[r->column]);
    else if (tl_name_list_add(&k->words, text, size, &index) < 0)
        fail_memory(r);
    else
        *value = (double)index;
    k->numbers++;
}

static void time_cell(Reader *r, const char *text)
{
    tl_csv_times *t = &r->csv->times;
    double *value = &r->csv->value[r->csv->rows * r->csv->columns + r->time], unit;
    tl_time_style style;
    if (tl_time_read(text, r->options->time_format, value, &style, &unit)) {
        char *shown = tl_cell_show(text, strlen(text));
        r->failed = tl_fail(r->e, r->options->time_format ? "%s:%zu: column '%s' has '%s', which is not what --time-format says"
                                  : "%s:%zu: column '%s' has '%s' where a time is needed, such as 2020-02-01, 2020-02-01T13:30 or seconds "
                                    "since 1970; --time-format '%%d.%%m.%%Y %%H:%%M' and the like say how others are written",
                            r->path, r->line, r->csv->name.item[r->time], shown ? shown : "");
        free(shown);
        return;
    }
    if (r->csv->rows && (style == TL_TIME_UNIX) != (t->style == TL_TIME_UNIX)) {
        r->failed = tl_fail(r->e, "%s:%zu: column '%s' has '%s', and above it what is %s: --time-format %%Y or %%s says which is meant", r->path,
                            r->line, r->csv->name.item[r->time], text, style == TL_TIME_UNIX ? "a date or a year, and no number of seconds"
                                                                                             : "a number of seconds, and no date or year");
        return;
    }
    t->style = style > t->style ? style : t->style;
    t->unit = r->csv->rows && t->unit < unit ? t->unit : unit;
    r->csv->column[r->time].numbers++;
}

/* As it stands. */
static void keep_cell(Reader *r, tl_csv_column *k, const char *text, size_t size)
{
    char **more = k->texts & (k->texts - 1) ? k->text : reallocarray(k->text, k->texts ? 2 * k->texts : 1, sizeof *more);
    k->text = more ? more : k->text;
    if (more && (k->text[k->texts] = strndup(text, size)))
        k->texts++;
    else
        fail_memory(r);
}

static void number_cell(Reader *r, const char *text, size_t size)
{
    tl_csv *c = r->csv;
    if (r->column >= c->columns)
        return; /* row_ends says so */
    tl_csv_column *k = &c->column[r->column];
    double x;
    if (k->kept)
        keep_cell(r, k, text, size);
    if (r->column == r->sequence)
        sequence_cell(r, text, size);
    if (r->column == r->time || r->worded[r->column]) {
        if (r->column == r->time)
            time_cell(r, text);
        else
            word_cell(r, text, size);
        return;
    }
    tl_cell kind = tl_cell_read(&r->dialect->number, text, size, &x);
    c->value[c->rows * c->columns + r->column] = x;
    k->looks_numeric |= kind != TL_CELL_MISSING && kind != TL_CELL_WORDS;
    r->decimals += kind == TL_CELL_DECIMAL;
    r->either += kind == TL_CELL_EITHER;
    if (kind == TL_CELL_NUMBER) {
        k->numbers++;
        r->points += !r->dialect->decimal_given && memchr(text, r->dialect->number.decimal, size);
    } else if (kind == TL_CELL_MISSING) {
        k->missing++;
        note(r, &k->missing_line, &k->missing_text, text, size);
    } else {
        k->wrong = k->wrong_line ? k->wrong : kind;
        note(r, &k->wrong_line, &k->wrong_text, text, size);
    }
}

/* A row that is too short or too long, and what may be the reason. */
static void fail_count(Reader *r)
{
    char why[120] = "";
    if (r->text[0] == '#' || r->first[0][0] == '#')
        snprintf(why, sizeof why, "; comments are not read, take the lines with # away");
    else if (r->column == 1 || r->csv->columns == 1)
        snprintf(why, sizeof why, "; they are separated by %s, and --separator says otherwise",
                 tl_csv_separator_name(r->dialect->separator));
    r->failed = tl_fail(r->e, "%s:%zu: the row has %zu cell%s and the first row %zu%s", r->path, r->line, r->column,
                        plural(r->column), r->csv->columns, why);
}

static void row_ends(Reader *r)
{
    tl_csv *c = r->csv;
    if (r->column != c->columns) {
        fail_count(r);
        return;
    }
    c->line[c->rows++] = r->line;
    make_room(r);
}

/* In a table of one column what looks like a blank line is an empty cell, if more rows follow. */
static void take_blanks(Reader *r)
{
    size_t line = r->line, n = r->blank;
    r->blank = 0;
    if (r->header || r->csv->columns != 1)
        return;
    for (size_t i = 0; i < n && !r->failed; i++) {
        r->line = r->first_blank + i;
        r->column = 0;
        number_cell(r, "", 0);
        r->column = 1;
        if (!r->failed)
            row_ends(r);
    }
    r->line = line;
    r->column = 0;
}

static void on_cell(void *text, size_t size, void *reader)
{
    Reader *r = reader;
    if (r->column == 0 && r->blank && !r->failed)
        take_blanks(r);
    if (r->failed)
        return;
    if (r->header)
        first_cell(r, text ? text : "", size);
    else
        number_cell(r, text ? text : "", size);
    r->cell_line = r->line;
    r->column++;
}

/* Names, or, with --no-header, numbers like those of the other rows. */
static void first_row_ends(Reader *r)
{
    r->header = 0;
    r->line += r->above;
    if ((r->failed = name_columns(r)))
        return;
    make_room(r);
    if (!r->options->no_header)
        return;
    for (r->column = 0; r->column < r->firsts && !r->failed; r->column++)
        number_cell(r, r->first[r->column], strlen(r->first[r->column]));
    if (!r->failed)
        row_ends(r);
}

static void on_row(int end, void *reader)
{
    Reader *r = reader;
    (void)end;
    if (r->failed)
        return;
    if (r->header)
        first_row_ends(r);
    else
        row_ends(r);
    r->column = 0;
    r->rows_ended++;
}

/* ---- the text ---- */

/* Bytes of the first line, its end included. */
static size_t line_size(const char *text, size_t size)
{
    size_t n = 0;
    while (n < size && text[n] != '\n' && text[n] != '\r')
        n++;
    if (n < size)
        n += text[n] == '\r' && n + 1 < size && text[n + 1] == '\n' ? 2 : 1;
    return n;
}

static int is_blank(const char *text, size_t size, char separator)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == separator || !strchr(" \t\r\n", text[i]))
            return 0;
    return 1;
}

/* Where the cell begins that comes after the last one. */
static size_t next_cell(const Reader *r)
{
    return r->column ? r->cell_line : r->cell_line + r->blank + (r->rows_ended > 0);
}

static void fail_parse(Reader *r, int code)
{
    const char *why = code == CSV_EPARSE ? "a quote stands inside of a cell; quoted cells double it"
                                         : csv_strerror(code);
    r->failed = tl_fail(r->e, "%s:%zu: %s", r->path, r->line, why);
}

/* Line by line, so that the callbacks know where they are. */
static void parse(Reader *r, struct csv_parser *p, const char *text, size_t size)
{
    int open = 0; /* the last line ended inside of a row, in quotes */
    while (size && !r->failed) {
        size_t n = line_size(text, size), rows = r->rows_ended;
        r->line++;
        r->text = text;
        if (!open && is_blank(text, n, r->dialect->separator)) {
            r->first_blank = r->blank ? r->first_blank : r->line;
            r->blank++;
        } else {
            if (csv_parse(p, text, n, on_cell, on_row, r) != n)
                fail_parse(r, csv_error(p));
            open = r->rows_ended == rows;
        }
        text += n;
        size -= n;
    }
    if (!r->failed && csv_fini(p, on_cell, on_row, r) && !r->failed)
        r->failed = tl_fail(r->e, "%s:%zu: a quoted cell begins here and the file ends inside of it", r->path,
                            next_cell(r));
}

/* A later column without a name is what a separator at the end of each row makes. */
static int check_unnamed(const tl_csv *c, const char *path, tl_error *e)
{
    for (size_t i = 0; i < c->columns; i++)
        if (!c->name.item[i][0] && !(i == 0 && c->index) &&
            (c->column[i].numbers || c->column[i].wrong_line))
            return tl_fail(e, "%s:1: column %zu has no name; the first row names the columns", path, i + 1);
    return 0;
}

/* Rows in quotes as a whole are single cells, which would look like numbers with a decimal comma. */
static int check_quoted_rows(const Reader *r)
{
    const tl_csv *c = r->csv;
    if (c->columns != 1 || !strchr(r->first[0], ',') || !(r->decimals + r->either))
        return 0;
    return tl_fail(r->e, "%s:%zu: the first row is one cell, '%.40s', and so are the others, such as '%s': "
                   "take the quotes around whole rows away", r->path, c->line[0], r->first[0],
                   c->column[0].wrong_text);
}

static int parse_text(Reader *r, const char *text, size_t size)
{
    struct csv_parser p;
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
        return tl_fail(r->e, "%s: out of memory", r->path);
    csv_set_blk_size(&p, BLOCK);
    csv_set_delim(&p, (unsigned char)r->dialect->separator);
    r->line = r->dialect->skip > 0;
    r->cell_line = r->line + 1;
    parse(r, &p, text + r->dialect->skip, size - r->dialect->skip);
    csv_free(&p);
    if (r->failed)
        return -1;
    if (!r->csv->rows)
        return tl_fail(r->e, "%s: no rows of numbers below a row of column names", r->path);
    if (r->csv->groups.rows && tl_csv_groups_finish(&r->csv->groups))
        return tl_fail(r->e, "%s: out of memory", r->path);
    return check_unnamed(r->csv, r->path, r->e) || check_quoted_rows(r);
}

/* Numbers such as 1,5 and none such as 1.5: the file is read again, with a decimal comma. */
static int read_text(tl_csv *c, const tl_csv_options *o, tl_csv_dialect *d, const char *path, const char *text,
                   size_t size, size_t lines, tl_error *e)
{
    for (int again = 0;; again++) {
        Reader r = { .csv = c, .path = path, .header = 1, .options = o, .dialect = d, .sequence = SIZE_MAX,
                     .time = SIZE_MAX, .above = lines, .e = e };
        int bad = parse_text(&r, text, size);
        free(r.worded);
        for (size_t i = 0; i < r.firsts; i++)
            free(r.first[i]);
        free(r.first);
        if (bad)
            return -1;
        if (again || d->decimal_given || !r.decimals || r.points)
            break;
        tl_csv_free(c);
        d->number.decimal = ',';
    }
    c->style = d->number;
    c->style.c = NULL;
    c->separator = d->separator;
    c->decimal_found = !d->decimal_given && d->number.decimal == ',';
    return 0;
}

int tl_csv_parse(tl_csv *c, const char *label, const char *text, size_t size, size_t lines, const tl_csv_options *o, tl_error *e)
{
    tl_csv_dialect d;
    *c = (tl_csv){ 0 };
    int bad = tl_csv_dialect_find(&d, o, label, text, size, e) || read_text(c, o, &d, label, text, size, lines, e);
    tl_csv_dialect_free(&d);
    c->given = c->rows;
    bad = bad || tl_csv_order(c, label, o, e);
    if (bad)
        tl_csv_free(c);
    return bad ? -1 : 0;
}

/* How tl_npy_text writes, whatever was said of other files; several sequences are told apart unless another column was named. */
static tl_csv_options options_of_array(const tl_csv_options *given, int stacked)
{
    tl_csv_options o = *given;
    o.separator = ",";
    o.decimal = ".";
    o.thousands = NULL;
    o.header = 1;
    o.no_header = 0;
    if (stacked && (!o.sequence || o.maybe_sequence))
        o.sequence = TL_NPY_SEQUENCE;
    return o;
}

int tl_csv_read(tl_csv *c, const char *path, const tl_csv_options *o, tl_error *e)
{
    size_t size = 0;
    int stacked = 0;
    *c = (tl_csv){ 0 };
    const int array = tl_npy_looks_like(path);
    char *text = array ? tl_npy_text(path, &stacked, &size, e) : tl_csv_text(path, &size, e);
    if (!text)
        return -1;
    const tl_csv_options how = array ? options_of_array(o, stacked) : *o;
    int bad = tl_csv_parse(c, path, text, size, 0, &how, e);
    c->stacked = stacked && !bad && how.sequence && !strcmp(how.sequence, TL_NPY_SEQUENCE);
    free(text);
    return bad;
}

void tl_csv_free(tl_csv *c)
{
    for (size_t i = 0; c->column && i < c->columns; i++) {
        free(c->column[i].missing_text);
        free(c->column[i].wrong_text);
        tl_name_list_free(&c->column[i].words);
        for (size_t k = 0; k < c->column[i].texts; k++)
            free(c->column[i].text[k]);
        free(c->column[i].text);
    }
    tl_name_list_free(&c->name);
    tl_csv_groups_free(&c->groups);
    free(c->column);
    free(c->value);
    free(c->line);
    free(c->times.remark);
    *c = (tl_csv){ 0 };
}

/* ---- what was read ---- */

size_t tl_csv_sequences(const tl_csv *c) { return c->groups.start ? c->groups.count : 1; }

const char *tl_csv_label(const tl_csv *c, size_t k)
{
    const size_t *named = c->groups.named;
    return c->groups.label.count ? c->groups.label.item[named ? named[k] : k] : "";
}

size_t tl_csv_start(const tl_csv *c, size_t k)
{
    return c->groups.start ? c->groups.start[k] : k ? c->rows : 0;
}

const char *tl_csv_names(const tl_csv *c, char *text, size_t size)
{
    size_t n = 0;
    text[0] = 0;
    for (size_t i = c->index ? 1 : 0; i < c->columns; i++) {
        if (n + strlen(c->name.item[i]) + 8 > size) {
            snprintf(text + n, size - n, ", ...");
            break;
        }
        n += (size_t)snprintf(text + n, size - n, "%s%s", n ? ", " : "", c->name.item[i]);
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

int tl_csv_column_index(const tl_csv *c, const char *path, const char *name, size_t *index, tl_error *e)
{
    char names[400];
    *index = tl_name_list_find(&c->name, name, strlen(name));
    if (*index != SIZE_MAX)
        return 0;
    return tl_fail(e, "%s: there is no column '%s'; there are %s", path, name,
                   tl_csv_names(c, names, sizeof names));
}

int tl_csv_numeric(const tl_csv *c, const char *path, size_t i, int may_miss, tl_error *e)
{
    const tl_csv_column *k = &c->column[i];
    char advice[120];
    if (k->wrong_line)
        return tl_fail(e, "%s:%zu: column '%s' has '%s' where a number is needed%s", path, k->wrong_line,
                       c->name.item[i], k->wrong_text,
                       tl_cell_advice(k->wrong, &c->style, k->wrong_text, advice, sizeof advice));
    if (!k->missing_line || may_miss)
        return 0;
    if (k->missing_text[0])
        return tl_fail(e, "%s:%zu: column '%s' has '%s' where a number is needed", path, k->missing_line,
                       c->name.item[i], k->missing_text);
    return tl_fail(e, "%s:%zu: column '%s' is empty where a number is needed", path, k->missing_line,
                   c->name.item[i]);
}
