#include "table_words.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int is_named(const tl_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->item[i], name))
            return 1;
    return 0;
}

/* In none of the files a number, in some something else. */
static int holds_words(const tl_tables *b, const char *name)
{
    int words = 0;
    for (size_t i = 0; i < b->paths->count; i++) {
        const size_t at = tl_name_list_find(&b->csv[i].name, name, strlen(name));
        const tl_csv_column *k = at == SIZE_MAX ? NULL : &b->csv[i].column[at];
        if (k && (k->numbers || (k->wrong_line && k->wrong != TL_CELL_WORDS)))
            return 0;
        words |= k && k->wrong_line;
    }
    return words;
}

const char **tl_table_word_columns(const tl_coding *c, const tl_model *m, const tl_tables *b, const tl_table_options *o)
{
    const char **list = calloc(c->ncolumns + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; list && i < c->ncolumns; i++) {
        const tl_column *k = &c->column[i];
        const int known = k->words.count > 0, chosen = b && (is_named(&o->words, k->name) || holds_words(b, k->name));
        if (!k->indicator && tl_column_field(m, k)->vocab && (known || chosen))
            list[n++] = k->name;
    }
    return list;
}

/* ---- a vocabulary ---- */

typedef struct Counted {
    const char *word;
    size_t times;
} Counted;

static int by_word(const void *a, const void *b) { return strcmp(((const Counted *)a)->word, ((const Counted *)b)->word); }

/* Twice the room, and nothing counted in the new half. NULL without memory, and what was there is freed. */
static Counted *grow(Counted *counted, size_t *room)
{
    const size_t more = *room ? 2 * *room : 64;
    Counted *to = reallocarray(counted, more, sizeof *to);
    if (to)
        memset(to + *room, 0, (more - *room) * sizeof *to);
    else
        free(counted);
    *room = more;
    return to;
}

/* How often each word stands in the parts: to *counted, as many as `all` gets. */
static int count_words(tl_name_list *all, Counted **counted, const tl_part *part, const size_t *index, size_t parts)
{
    size_t room = 0, at;
    for (size_t p = 0; p < parts; p++)
        for (size_t i = part[p].from; i < part[p].to; i++) {
            const double code = tl_part_value(&part[p], i, index[p]);
            if (isnan(code))
                continue;
            const char *word = part[p].csv->column[index[p]].words.item[(size_t)code];
            if (tl_name_list_add(all, word, strlen(word), &at) < 0)
                return -1;
            if (all->count > room && !(*counted = grow(*counted, &room)))
                return -1;
            (*counted)[at].word = all->item[at];
            (*counted)[at].times++;
        }
    return 0;
}

static int keep_words(tl_column *k, Counted *counted, size_t n, int64_t other)
{
    size_t at;
    qsort(counted, n, sizeof *counted, by_word);
    for (size_t i = 0; i < n; i++)
        if ((other < 0 || counted[i].times >= (size_t)other) && tl_name_list_add(&k->words, counted[i].word, strlen(counted[i].word), &at) < 0)
            return -1;
    k->other = other >= 0;
    return 0;
}

static int check_size(const tl_column *k, const tl_tensor *f, const char *path, tl_error *e)
{
    const size_t n = k->words.count, room = (size_t)f->vocab - (k->other ? 1 : 0);
    if (!n)
        return tl_fail(e, "%s: column '%s' has no word%s in the rows to train on", path, k->name, k->other ? " that is there often enough" : "");
    if (n <= room)
        return 0;
    return tl_fail(e, "%s: column '%s' has %zu different words in the rows to train on, and the model's token(%d) takes %zu%s; --other N reads "
                   "those that are there less than N times as one, <other>", path, k->name, n, (int)f->vocab, room,
                   k->other ? " beside <other>" : "");
}

int tl_table_learn_words(tl_coding *c, size_t i, const tl_model *m, const tl_part *part, const size_t *index, size_t parts, int64_t other,
                         tl_error *e)
{
    tl_column *k = &c->column[i];
    tl_name_list all = { 0 };
    Counted *counted = NULL;
    int bad = count_words(&all, &counted, part, index, parts) || keep_words(k, counted, all.count, other);
    bad = bad ? tl_fail(e, "%s: out of memory", part->path) : check_size(k, tl_column_field(m, k), part->path, e);
    free(counted);
    tl_name_list_free(&all);
    return bad;
}

int tl_table_token(const tl_column *k, const tl_part *p, size_t position, size_t index, double *token, tl_error *e)
{
    const char *word = p->csv->column[index].words.item[(size_t)tl_part_value(p, position, index)];
    *token = tl_column_token(k, word);
    if (*token >= 0)
        return 0;
    return tl_fail(e, "%s:%zu: column '%s' has the word '%.60s', which is not among the rows that were trained on; a training with --other 1 "
                   "reads such words as <other>", p->path, tl_part_line(p, position), k->name, word);
}
