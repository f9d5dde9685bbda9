#include "alike.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "real.h"

/* The fewest shards, as many as there are at least, that the ranks divide and that divide the batch; 0: none. */
static int32_t shards_for(const tl_tbptt *b, int32_t ranks)
{
    int32_t n = ranks;
    while (n <= b->batch && (b->batch % n || n < tl_shards(b)))
        n += ranks;
    return n <= b->batch ? n : b->batch % ranks ? 0 : ranks;
}

int tl_alike_shards(const tl_model *m, const tl_exchange *x, tl_error *e)
{
    int32_t shards = tl_shards(&m->tbptt), other = shards_for(&m->tbptt, tl_ranks(x));
    if (shards % tl_ranks(x) == 0)
        return 0;
    if (!other)
        return tl_fail(e, "%d processes cannot share its batch of %d evenly: start as many as divide it", (int)x->ranks,
                       (int)m->tbptt.batch);
    return tl_fail(e, "%d processes cannot share its %d shard%s evenly; tapeless train SPEC --shards %d, or tapeless "
                   "build, makes a trainer with others", (int)x->ranks, (int)shards, shards == 1 ? "" : "s", (int)other);
}

/* Whether rank 0 has the same number. */
static int compare(const tl_exchange *x, uint64_t number, const char *what, tl_error *e)
{
    int64_t mine, first;
    memcpy(&mine, &number, sizeof mine);
    first = tl_share_numbers(x, &mine)[0];
    return tl_agree(x, mine != first ? tl_fail(e, "%s", what) : 0, e);
}

/* ---- options ---- */

/* What each process may be told for itself; any other option changes what is computed, written, or told the others. */
static const char *const own[] = { "threads", "quiet", "json", NULL };

static int is_own(const tl_option *o)
{
    for (size_t i = 0; own[i]; i++)
        if (strcmp(o->name, own[i]) == 0)
            return 1;
    return 0;
}

static uint64_t hash_of_text(const char *text) { return text ? XXH3_64bits(text, strlen(text)) : 0; }

static uint64_t hash_of_list(const tl_list *list)
{
    uint64_t so_far = list->count;
    for (size_t i = 0; i < list->count; i++)
        so_far = XXH3_64bits_withSeed(list->item[i], strlen(list->item[i]), so_far);
    return so_far;
}

static uint64_t hash_of_option(const tl_option *o)
{
    switch (o->kind) {
    case TL_OPTION_STRING:
    case TL_OPTION_TEXT: return hash_of_text(*o->to.string);
    case TL_OPTION_INT: return XXH3_64bits(o->to.integer, sizeof *o->to.integer);
    case TL_OPTION_DOUBLE: return XXH3_64bits(o->to.number, sizeof *o->to.number);
    case TL_OPTION_FLAG: return XXH3_64bits(o->to.flag, sizeof *o->to.flag);
    case TL_OPTION_FILES:
    case TL_OPTION_LIST: return hash_of_list(o->to.list);
    case TL_OPTION_ALIAS: break; /* what it stands for has the value */
    case TL_OPTION_TABLE: abort(); /* a trainer's table has none */
    case TL_OPTION_END: break;
    }
    return 0;
}

typedef struct Asked {
    const tl_exchange *x;
    tl_error *e;
} Asked;

static int compare_options(const tl_option *o, void *context)
{
    const Asked *a = context;
    for (; o->kind != TL_OPTION_END; o++) {
        char what[160];
        snprintf(what, sizeof what, "--%s is not as process 1 has it: all take the same options", o->name);
        if (!is_own(o) && compare(a->x, hash_of_option(o), what, a->e))
            return -1;
    }
    return 0;
}

/* ---- all ---- */

static uint64_t hash_of_params(const tl_training *t)
{
    const tl_model *m = t->engine->model;
    return XXH3_64bits(t->buffers.params, m->param_size * tl_real_size(m->real));
}

int tl_alike_begin(const tl_training *t, const tl_train_options *o, tl_error *e)
{
    const tl_exchange *x = t->buffers.exchange;
    const tl_model *m = t->engine->model;
    const tl_train_spec *s = &t->spec;
    if (!x)
        return 0;
    const double numbers[] = { s->optimizer.kind, s->optimizer.lr,    s->optimizer.momentum, s->optimizer.weight_decay,
                               s->clip_norm,      s->clip_value,      s->schedule.kind,      (double)t->cursor.update,
                               (double)t->seed,   (double)t->run,     t->plateau.factor,
                               (double)s->accumulate,  s->average };
    return compare(x, XXH3_64bits(m->hash, strlen(m->hash)), "the trainer is of another spec than process 1's", e) ||
           tl_train_options_see(o, compare_options, &(Asked){ x, e }) ||
           compare(x, t->data_hash, "the data are others than process 1's: all read the same files", e) ||
           compare(x, XXH3_64bits(numbers, sizeof numbers), "the training is another than process 1's: all resume the "
                   "same checkpoint", e) ||
           compare(x, hash_of_params(t), "the parameters are others than process 1's: all begin with the same file", e)
               ? -1 : 0;
}

int tl_alike_params(const tl_training *t, tl_error *e)
{
    const tl_exchange *x = t->buffers.exchange;
    return !x ? 0 : compare(x, hash_of_params(t), "the parameters are no longer those of process 1, to the bit: "
                   "all must run on processors of one kind", e);
}
