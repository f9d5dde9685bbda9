#include "thread_ranks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/error.h>

typedef struct Ranks Ranks;

typedef struct Rank {
    Ranks *all;
    tl_exchange x;
    const char *block; /* what it shows to the others */
    const size_t *start;
    int given; /* `block` is for rank 0 */
    pthread_t thread;
} Rank;

struct Ranks {
    int32_t n;
    Rank *rank;
    pthread_barrier_t barrier;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*main)(const tl_exchange *, void *);
    void *context;
};

static void show(Rank *me, const void *block, const size_t *start)
{
    me->block = block;
    me->start = start;
    pthread_barrier_wait(&me->all->barrier);
}

static void swap(void *self, const void *from, const size_t *start, void *to, size_t stride, size_t size)
{
    Rank *me = self;
    show(me, from, start);
    for (int32_t r = 0; r < me->all->n; r++) {
        const Rank *other = &me->all->rank[r];
        size_t at = other->start[me->x.rank], end = other->start[me->x.rank + 1];
        if (end - at != size)
            abort();
        memcpy((char *)to + (size_t)r * stride, other->block + at, size);
    }
    pthread_barrier_wait(&me->all->barrier);
}

static void share(void *self, void *block, const size_t *start)
{
    Rank *me = self;
    show(me, block, start);
    for (int32_t r = 0; r < me->all->n; r++)
        if (r != me->x.rank)
            memcpy((char *)block + start[r], me->all->rank[r].block + start[r], start[r + 1] - start[r]);
    pthread_barrier_wait(&me->all->barrier);
}

static void wait_until(Rank *giver, int given)
{
    while (giver->given != given)
        pthread_cond_wait(&giver->all->changed, &giver->all->lock);
}

static void give(void *self, void *block, size_t size, int32_t from)
{
    Rank *me = self, *giver = &me->all->rank[from];
    if (from == 0 || (me != giver && me->x.rank > 0))
        return;
    pthread_mutex_lock(&me->all->lock);
    wait_until(giver, me->x.rank == 0);
    if (me == giver)
        me->block = block;
    else
        memcpy(block, giver->block, size);
    giver->given = me == giver;
    pthread_cond_broadcast(&me->all->changed);
    if (me == giver)
        wait_until(giver, 0);
    pthread_mutex_unlock(&me->all->lock);
}

static void *run_one(void *rank)
{
    Rank *me = rank;
    me->all->main(&me->x, me->all->context);
    return NULL;
}

void run_ranks(int32_t ranks, void (*main)(const tl_exchange *, void *), void *context)
{
    Ranks all = { .n = ranks, .rank = calloc((size_t)ranks, sizeof *all.rank), .main = main, .context = context };
    if (ranks == 1)
        main(NULL, context);
    pthread_barrier_init(&all.barrier, NULL, (unsigned)ranks);
    pthread_mutex_init(&all.lock, NULL);
    pthread_cond_init(&all.changed, NULL);
    for (int32_t i = 0; i < ranks && ranks > 1; i++) {
        Rank *r = &all.rank[i];
        r->all = &all;
        r->x = (tl_exchange){ .ranks = ranks, .rank = i, .self = r, .swap = swap, .share = share, .give = give,
                              .start = calloc((size_t)ranks + 1, sizeof *r->x.start),
                              .word = calloc((size_t)ranks, sizeof *r->x.word) };
        pthread_create(&r->thread, NULL, run_one, r);
    }
    for (int32_t i = 0; i < ranks && ranks > 1; i++) {
        pthread_join(all.rank[i].thread, NULL);
        free(all.rank[i].x.start);
        free(all.rank[i].x.word);
    }
    pthread_barrier_destroy(&all.barrier);
    pthread_mutex_destroy(&all.lock);
    pthread_cond_destroy(&all.changed);
    free(all.rank);
}
