/* kept.h - where steps are kept from window to window, what of them a checkpoint holds. */
#ifndef TAPELESS_KEPT_H
#define TAPELESS_KEPT_H

#include "linkage.h"
#include "safetensors.h"
#include "training.h"

TL_C_BEGIN

/* A tensor of it: of each shard as it stands in memory, but for the parameters of other days, which are row-major in files. */
enum { TL_KEPT_NAME = 32 };

typedef struct tl_kept {
    char name[TL_KEPT_NAME];
    void *data;
    int64_t dim[2];
    tl_dtype dtype;
    int32_t shard;
} tl_kept;

/* What rank 0 writes of it: of others' shards in memory of its own, in `given`. Others have an empty list. */
typedef struct tl_kept_list {
    tl_kept *item;
    void **given;
    int32_t n;
} tl_kept_list;

/* Lists all, with memory for what rank 0 needs; -1: there is none. */
int tl_kept_list_all(const tl_training *, tl_kept_list *);
void tl_kept_free(tl_kept_list *);
/* All of it to rank 0. */
void tl_kept_gather(const tl_training *, const tl_kept_list *);
void tl_kept_save(tl_st_writer *, const tl_kept_list *);
int tl_kept_take(const tl_st *, tl_training *, tl_error *e);

/* What the process has that runs the shard, to rank 0. */
void tl_give_to_first(const tl_training *, void *block, size_t bytes, int32_t shard);

TL_C_END

#endif
