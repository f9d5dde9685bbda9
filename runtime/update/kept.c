#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "param.h"
#include "real.h"

enum { MOST_KEPT = 7 };

/* What the process has that runs the shard; its own rank 0 has already. */
void tl_give_to_first(const tl_training *t, void *block, size_t bytes, int32_t shard)
{
    const tl_exchange *x = t->buffers.exchange;
    if (x && tl_owner(&t->buffers, t->engine->model, shard) > 0)
        x->give(x->self, block, bytes, tl_owner(&t->buffers, t->engine->model, shard));
}

static void name_kept(char name[TL_KEPT_NAME], const char *word, int32_t shard)
{
    if (shard)
        snprintf(name, TL_KEPT_NAME, "kept.%s.%d", word, (int)shard + 1);
    else
        snprintf(name, TL_KEPT_NAME, "kept.%s", word);
}

static int32_t list_kept(const tl_training *t, int32_t shard, tl_kept *list)
{
    const tl_model *m = t->engine->model;
    const tl_buffers *b = tl_shard(&t->buffers, shard);
    int64_t k2 = m->tbptt.k2, lanes = tl_lanes(&m->tbptt);
    tl_dtype real = tl_dtype_of(m->real);
    const tl_kept all[MOST_KEPT] = {
        { "frames", b->frames, { k2, (int64_t)m->frame_size }, real, shard },
        { "states", b->states, { 1, (int64_t)m->state_size }, real, shard },
        { "losses", b->losses, { tl_keeps_losses(&m->tbptt) ? k2 : 0, lanes }, real, shard },
        { "named", b->named, { tl_keeps_losses(&m->tbptt) ? m->nnamed * k2 : 0, lanes }, real, shard },
        { "probes", b->probes, { 1, m->nprobes ? (int64_t)m->probe_size : 0 }, real, shard },
        { "history", b->history, { shard ? 0 : b->nversions, (int64_t)m->param_size }, real, shard },
        { "version", b->version, { !shard && b->version, k2 }, TL_DT_I32, shard },
    };
    int32_t n = 0;
    for (int32_t i = 0; i < MOST_KEPT; i++)
        if (all[i].dim[0] * all[i].dim[1] > 0) {
            list[n] = all[i];
            name_kept(list[n++].name, all[i].name, shard);
        }
    return n;
}

void tl_kept_free(tl_kept_list *k)
{
    for (int32_t i = 0; i < k->n && k->given; i++)
        free(k->given[i]);
    free(k->given);
    free(k->item);
}

static size_t kept_bytes(const tl_kept *k)
{
    return (size_t)k->dim[0] * (size_t)k->dim[1] * tl_dtype_size(k->dtype);
}

static int is_history(const tl_kept *k) { return strcmp(k->name, "kept.history") == 0; }

static int is_everywhere(const tl_kept *k) /* whatever shard it stands beside */
{
    return is_history(k) || strcmp(k->name, "kept.version") == 0;
}

static size_t bytes_of_params(const tl_model *m) { return m->param_size * tl_real_size(m->real); }

/* Row-major, in memory of its own; NULL: there is none. */
static void *history_by_rows(const tl_model *m, const tl_kept *k)
{
    char *rows = malloc(kept_bytes(k));
    for (int64_t i = 0; rows && i < k->dim[0]; i++)
        tl_params_get(m, (const char *)k->data + (size_t)i * bytes_of_params(m), rows + (size_t)i * bytes_of_params(m));
    return rows;
}

static int take_history(const tl_st_tensor *x, const tl_model *m, const tl_kept *k, tl_error *e)
{
    char *rows = malloc(kept_bytes(k));
    if (!rows)
        return tl_fail(e, "%s: not enough memory to read it", k->name);
    tl_st_copy_real(x, m->real, rows);
    for (int64_t i = 0; i < k->dim[0]; i++)
        tl_params_put(m, (char *)k->data + (size_t)i * bytes_of_params(m), rows + (size_t)i * bytes_of_params(m));
    free(rows);
    return 0;
}

/* What rank 0 has not, or has otherwise than files have it. */
static int give_memory(const tl_model *m, tl_kept *k, void **given, int32_t mine)
{
    if (is_history(k))
        *given = history_by_rows(m, k);
    else if (k->shard >= mine)
        *given = malloc(kept_bytes(k));
    else
        return 0;
    k->data = *given;
    return *given ? 0 : -1;
}

/* Lists all, with memory for what rank 0 needs. */
int tl_kept_list_all(const tl_training *t, tl_kept_list *k)
{
    const tl_model *m = t->engine->model;
    int32_t shards = tl_keeps_steps(&m->tbptt) ? tl_shards(&m->tbptt) : 0, mine = tl_own_shards(&t->buffers, m).end;
    *k = (tl_kept_list){ .item = calloc((size_t)shards * MOST_KEPT + 1, sizeof *k->item),
                     .given = calloc((size_t)shards * MOST_KEPT + 1, sizeof *k->given) };
    if (!k->item || !k->given)
        return -1;
    for (int32_t shard = 0; shard < shards; shard++)
        k->n += list_kept(t, shard, k->item + k->n);
    for (int32_t i = 0; i < k->n && tl_rank(t->buffers.exchange) == 0; i++)
        if (give_memory(m, &k->item[i], &k->given[i], mine))
            return -1;
    return 0;
}

void tl_kept_gather(const tl_training *t, const tl_kept_list *k)
{
    for (int32_t i = 0; i < k->n; i++)
        if (!is_everywhere(&k->item[i]))
            tl_give_to_first(t, k->item[i].data, kept_bytes(&k->item[i]), k->item[i].shard);
}

void tl_kept_save(tl_st_writer *w, const tl_kept_list *k)
{
    for (int32_t i = 0; i < k->n; i++)
        tl_st_add(w, k->item[i].name, k->item[i].dtype, k->item[i].dim, 2, k->item[i].data);
}

static int take_shard(const tl_st *st, tl_training *t, int32_t shard, tl_error *e)
{
    tl_kept list[MOST_KEPT];
    tl_own own = tl_own_shards(&t->buffers, t->engine->model);
    int32_t n = list_kept(t, shard, list);
    for (int32_t i = 0; i < n; i++) {
        if ((shard < own.first || shard >= own.end) && !is_everywhere(&list[i]))
            continue;
        const tl_st_tensor *x = tl_st_need(st, list[i].name, list[i].dim, 2, e);
        if (!x)
            return -1;
        if (is_history(&list[i])) {
            if (take_history(x, t->engine->model, &list[i], e))
                return -1;
        } else if (list[i].dtype != TL_DT_I32)
            tl_st_copy_real(x, t->engine->model->real, list[i].data);
        else if (tl_st_copy_tokens(st, x, t->buffers.nversions, list[i].data, e))
            return -1;
    }
    return 0;
}

int tl_kept_take(const tl_st *st, tl_training *t, tl_error *e)
{
    const tl_tbptt *b = &t->engine->model->tbptt;
    for (int32_t shard = 0; shard < tl_shards(b) && tl_keeps_steps(b); shard++)
        if (take_shard(st, t, shard, e))
            return -1;
    return 0;
}
