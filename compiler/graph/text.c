#include "graph/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"

/* ---- writing ---- */

static int last_used(const int32_t *attr)
{
    int n = TL_ATTRS;
    while (n && !attr[n - 1])
        n--;
    return n;
}

void text_write_node(FILE *f, const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    fprintf(f, "%%%u %s %s%s{", r, tl_op_table[n->op].word, n->batched ? "*" : "", n->token ? "#" : "");
    for (int32_t i = 0; i < n->shape.rank; i++)
        fprintf(f, "%s%d", i ? ", " : "", n->shape.dim[i]);
    fprintf(f, "}");
    for (uint32_t i = 0; i < n->nargs; i++)
        fprintf(f, " %%%u", arg_at(g, r, i));
    for (int i = 0; i < last_used(n->attr); i++)
        fprintf(f, "%s%d", i ? "," : " a=", n->attr[i]);
    if (n->num[0] != 0 || n->num[1] != 0)
        fprintf(f, n->num[1] != 0 ? " n=%.17g,%.17g" : " n=%.17g", n->num[0], n->num[1]);
    if (n->line)
        fprintf(f, " @%u:%d", n->file, n->line);
    if (n->origin)
        fprintf(f, " ^%u", n->origin);
    if (n->section)
        fprintf(f, " s%d", n->section);
    fputc('\n', f);
}

static void write_numbers(FILE *f, const tl_table *t)
{
    fprintf(f, "numbers %zu", t->count);
    for (size_t i = 0; i < t->count; i++)
        fprintf(f, " %.17g", t->value[i]);
    fputc('\n', f);
}

void text_write_graph(FILE *f, const Graph *g)
{
    fprintf(f, "graph %d %d %u\n", g->k, g->lanes, g->count - 1);
    for (int32_t i = 0; i < g->nfiles; i++)
        fprintf(f, "file %s\n", g->files[i]);
    for (int32_t i = 0; g->tables && i < g->tables->n; i++)
        write_numbers(f, &g->tables->table[i]);
    for (Ref r = 1; r < g->count; r++)
        text_write_node(f, g, r);
    fprintf(f, "end\n");
}

/* ---- reading ---- */

bool text_fail(TextReader *t, const char *format, ...)
{
    if (t->error)
        return false;
    char sentence[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(sentence, sizeof sentence, format, ap);
    va_end(ap);
    t->error = arena_printf(t->arena, "line %d: %s", t->line, sentence);
    return false;
}

static const char *line_end(const TextReader *t)
{
    const char *e = memchr(t->at, '\n', (size_t)(t->end - t->at));
    return e ? e : t->end;
}

bool text_next_line(TextReader *t)
{
    if (t->line) {
        t->at = line_end(t);
        if (t->at < t->end)
            t->at++;
    }
    t->line++;
    return t->at < t->end;
}

static char *copy_text(TextReader *t, const char *from, const char *to)
{
    char *s = arena_alloc(t->arena, (size_t)(to - from) + 1, 1);
    memcpy(s, from, (size_t)(to - from));
    return s;
}

bool text_word(TextReader *t, const char **word)
{
    const char *e = line_end(t);
    while (t->at < e && *t->at == ' ')
        t->at++;
    const char *from = t->at;
    while (t->at < e && *t->at != ' ')
        t->at++;
    *word = copy_text(t, from, t->at);
    return true;
}

bool text_rest(TextReader *t, const char **rest)
{
    const char *e = line_end(t);
    if (t->at < e && *t->at == ' ')
        t->at++;
    *rest = copy_text(t, t->at, e);
    t->at = e;
    return true;
}

static bool to_int(TextReader *t, const char *word, int64_t lo, int64_t hi, int64_t *out)
{
    char *e;
    errno = 0;
    long long v = strtoll(word, &e, 10);
    *out = v;
    if (e == word || *e || errno || v < lo || v > hi)
        return text_fail(t, "'%.40s' is not a whole number from %lld to %lld", word, (long long)lo, (long long)hi);
    return true;
}

static bool to_number(TextReader *t, const char *word, double *out)
{
    char *e;
    *out = strtod(word, &e);
    return e != word && !*e ? true : text_fail(t, "'%.40s' is not a number", word);
}

bool text_int(TextReader *t, int64_t lo, int64_t hi, int64_t *out)
{
    const char *word;
    return text_word(t, &word) && to_int(t, word, lo, hi, out);
}

bool text_number(TextReader *t, double *out)
{
    const char *word;
    return text_word(t, &word) && to_number(t, word, out);
}

/* "{32, 8}", the reader standing before the brace. */
bool text_shape(TextReader *t, Shape *s)
{
    const char *e = line_end(t);
    while (t->at < e && *t->at == ' ')
        t->at++;
    const char *close = memchr(t->at, '}', (size_t)(e - t->at));
    if (t->at == e || *t->at != '{' || !close)
        return text_fail(t, "a shape is expected");
    char *list = copy_text(t, t->at + 1, close), *save = NULL;
    t->at = close + 1;
    *s = (Shape){ 0 };
    for (char *w = strtok_r(list, ", ", &save); w; w = strtok_r(NULL, ", ", &save)) {
        int64_t v;
        if (s->rank == TL_MAX_RANK)
            return text_fail(t, "a shape has at most %d dimensions", TL_MAX_RANK);
        if (!to_int(t, w, 1, INT32_MAX, &v))
            return false;
        s->dim[s->rank++] = (int32_t)v;
    }
    return true;
}

static bool find_op(TextReader *t, const char *word, uint8_t *op)
{
    for (int i = 0; i < TL_OP_COUNT; i++)
        if (!strcmp(tl_op_table[i].word, word)) {
            *op = (uint8_t)i;
            return true;
        }
    return text_fail(t, "no operation is called '%.40s'", word);
}

/* a=1,2 and n=0.5,1 */
static bool read_attributes(TextReader *t, char *list, int32_t *attr, double *num)
{
    char *save = NULL;
    int most = attr ? TL_ATTRS : 2, i = 0;
    for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save), i++) {
        int64_t v;
        if (i == most)
            return text_fail(t, "more than %d attributes", most);
        if (attr ? !to_int(t, w, INT32_MIN, INT32_MAX, &v) : !to_number(t, w, &num[i]))
            return false;
        if (attr)
            attr[i] = (int32_t)v;
    }
    return true;
}

/* What follows the shape. `args` is filled with references as written. */
static bool read_tail(TextReader *t, Node *n, Ref **args, uint32_t *capacity)
{
    const char *w;
    while (text_word(t, &w) && *w) {
        int64_t v;
        char *colon;
        if (*w == '%') {
            if (!to_int(t, w + 1, 1, UINT32_MAX, &v))
                return false;
            if (n->nargs == *capacity) {
                *capacity = *capacity ? 2 * *capacity : 8;
                Ref *bigger = arena_array(t->arena, Ref, *capacity);
                if (n->nargs)
                    memcpy(bigger, *args, n->nargs * sizeof **args);
                *args = bigger;
            }
            (*args)[n->nargs++] = (Ref)v;
        } else if (!strncmp(w, "a=", 2)) {
            if (!read_attributes(t, arena_strdup(t->arena, w + 2), n->attr, NULL))
                return false;
        } else if (!strncmp(w, "n=", 2)) {
            if (!read_attributes(t, arena_strdup(t->arena, w + 2), NULL, n->num))
                return false;
        } else if (*w == '@' && (colon = strchr(w, ':'))) {
            int64_t line;
            if (!to_int(t, colon + 1, 0, INT32_MAX, &line))
                return false;
            *colon = '\0';
            if (!to_int(t, w + 1, 0, UINT16_MAX, &v))
                return false;
            n->file = (uint16_t)v;
            n->line = (int32_t)line;
        } else if (*w == '^' || *w == 's') {
            if (!to_int(t, w + 1, 0, INT32_MAX, &v))
                return false;
            if (*w == '^')
                n->origin = (Ref)v;
            else
                n->section = (int32_t)v;
        } else {
            return text_fail(t, "'%.40s' is not expected here", w);
        }
    }
    return true;
}

static bool read_node_line(TextReader *t, Ref expected, Node *n, Ref **args, uint32_t *capacity)
{
    const char *w;
    int64_t id;
    *n = (Node){ 0 };
    if (!text_word(t, &w) || *w != '%' || !to_int(t, w + 1, 1, UINT32_MAX, &id) || (Ref)id != expected)
        return text_fail(t, "node %%%u is expected", expected);
    if (!text_word(t, &w) || !find_op(t, w, &n->op))
        return false;
    for (const char *e = line_end(t); t->at < e && (*t->at == ' ' || *t->at == '*' || *t->at == '#'); t->at++) {
        n->batched |= *t->at == '*';
        n->token |= *t->at == '#';
    }
    return text_shape(t, &n->shape) && read_tail(t, n, args, capacity);
}

/* Builds through the constructors, so a graph that breaks a rule is refused; what the writer wrote
 * is already folded, so each line must come back as the node of its number. */
static bool rebuild(TextReader *t, Graph *g, const Node *n, const Ref *args)
{
    Graph one = { .node = (Node *)n };
    Ref expected = g->count;
    for (uint32_t i = 0; i < n->nargs; i++)
        if (args[i] >= expected)
            return text_fail(t, "operand %%%u is not yet defined", args[i]);
    if (n->line && n->file >= g->nfiles)
        return text_fail(t, "file %u of %d", n->file, g->nfiles);
    g->cursor = n->section;
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    Ref r = graph_rebuild(g, &one, 0, args);
    if (!r)
        return text_fail(t, "%s", g->error);
    const Node *m = node_at(g, r);
    if (r != expected || !shape_equal(&m->shape, &n->shape) || m->batched != n->batched ||
        m->section != n->section)
        return text_fail(t, "node %%%u is not as the constructors make it", expected);
    return true;
}

static bool read_nodes(TextReader *t, Graph *g, int64_t count)
{
    Ref *args = NULL;
    uint32_t capacity = 0;
    for (int64_t i = 0; i < count; i++) {
        Node n;
        if (!text_next_line(t))
            return text_fail(t, "the text ends early");
        if (!read_node_line(t, (Ref)i + 1, &n, &args, &capacity) || !rebuild(t, g, &n, args))
            return false;
    }
    const char *w;
    return (text_next_line(t) && text_word(t, &w) && !strcmp(w, "end")) || text_fail(t, "'end' is expected");
}

/* A number of the line that ends at e, without a copy in the arena: there may be a million of them. */
static bool next_number(TextReader *t, const char *e, double *out)
{
    char word[40];
    size_t n = 0;
    while (t->at < e && *t->at == ' ')
        t->at++;
    while (t->at < e && *t->at != ' ' && n + 1 < sizeof word)
        word[n++] = *t->at++;
    word[n] = '\0';
    return to_number(t, word, out) && (isfinite(*out) || text_fail(t, "%s among the numbers", word));
}

/* "count v v ...": the next table of the graph's. */
static bool read_numbers(TextReader *t, Graph *g)
{
    int64_t count;
    if (!text_int(t, 1, MOST_NUMBERS, &count))
        return false;
    double *v = checked(malloc((size_t)count * sizeof *v));
    const char *e = line_end(t);
    int64_t have = 0;
    while (have < count && next_number(t, e, &v[have]))
        have++;
    int32_t expected = g->tables->n, index = have == count ? tables_add(g->tables, v, (size_t)count) : -1;
    free(v);
    if (have < count)
        return false;
    return (index == expected && t->at == e) || text_fail(t, "these numbers do not stand alone");
}

static bool begins(const TextReader *t, const char *word)
{
    const char *e = line_end(t);
    size_t n = strlen(word);
    return t->end - e > (ptrdiff_t)n + 1 && !strncmp(e + 1, word, n);
}

/* `graph` itself has been read; then come files, tables of numbers, and nodes until `end`. */
Graph *text_read_graph(TextReader *t)
{
    int64_t k, lanes, count;
    if (!text_int(t, 0, 1 << 24, &k) || !text_int(t, 1, INT32_MAX, &lanes) || !text_int(t, 0, 1 << 24, &count))
        return NULL;
    Graph *g = graph_new((int32_t)k, (int32_t)lanes);
    const char *w;
    bool fine = true;
    g->tables = tables_new(t->arena);
    while (begins(t, "file ")) {
        text_next_line(t);
        if (text_word(t, &w) && text_rest(t, &w))
            graph_file(g, w);
    }
    while (fine && begins(t, "numbers "))
        fine = text_next_line(t) && text_word(t, &w) && read_numbers(t, g);
    if (fine && read_nodes(t, g, count)) {
        g->cursor = 0;
        g->origin = 0;
        return g;
    }
    graph_free(g);
    return NULL;
}
