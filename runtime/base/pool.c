#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

enum {
    MOST = 1024, /* threads */
    SPINS = 20000 /* looks at a number before a thread sleeps: half a millisecond or so, which is what an update does
                     between two windows; to be woken takes 50 us, and milliseconds where others want the processor */
};

/* A run is announced by its number, `round`. A thread takes the next task until there is none; the last to see
 * that ends the run. Threads that wait look at the number a while, then sleep. */
struct tl_pool {
    pthread_t *thread;
    int32_t workers; /* threads but the one that calls */
    pthread_mutex_t lock;
    pthread_cond_t begun, ended;
    atomic_uint round;
    atomic_int next, busy; /* task; workers that have not ended this run */
    int32_t tasks;
    tl_task *task;
    void *context;
    int32_t spins;
    int stop;
};

static inline void pause_a_little(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

static void work(tl_pool *p)
{
    for (int i; (i = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed)) < p->tasks;)
        p->task(p->context, i);
}

static void wait_for_round(tl_pool *p, unsigned last)
{
    for (int32_t i = 0; i < p->spins; i++) {
        if (atomic_load_explicit(&p->round, memory_order_acquire) != last)
            return;
        pause_a_little();
    }
    pthread_mutex_lock(&p->lock);
    while (atomic_load_explicit(&p->round, memory_order_acquire) == last)
        pthread_cond_wait(&p->begun, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

static void end_round(tl_pool *p)
{
    if (atomic_fetch_sub_explicit(&p->busy, 1, memory_order_acq_rel) > 1)
        return;
    pthread_mutex_lock(&p->lock);
    pthread_cond_signal(&p->ended);
    pthread_mutex_unlock(&p->lock);
}

static void *run_worker(void *pool)
{
    tl_pool *p = pool;
    for (unsigned round = 0;; round++) {
        wait_for_round(p, round);
        if (p->stop)
            return NULL;
        work(p);
        end_round(p);
    }
}

static void begin_round(tl_pool *p)
{
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add_explicit(&p->round, 1, memory_order_release);
    pthread_cond_broadcast(&p->begun);
    pthread_mutex_unlock(&p->lock);
}

static void wait_for_end(tl_pool *p)
{
    for (int32_t i = 0; i < p->spins; i++) {
        if (atomic_load_explicit(&p->busy, memory_order_acquire) == 0)
            return;
        pause_a_little();
    }
    pthread_mutex_lock(&p->lock);
    while (atomic_load_explicit(&p->busy, memory_order_acquire) > 0)
        pthread_cond_wait(&p->ended, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void tl_pool_run(tl_pool *p, tl_task *task, void *context, int32_t tasks)
{
    if (!p || tasks < 2) {
        for (int32_t i = 0; i < tasks; i++)
            task(context, i);
        return;
    }
    p->task = task;
    p->context = context;
    p->tasks = tasks;
    atomic_store_explicit(&p->next, 0, memory_order_relaxed);
    atomic_store_explicit(&p->busy, p->workers, memory_order_relaxed);
    begin_round(p);
    work(p);
    wait_for_end(p);
}

/* ---- making it ---- */

/* With all signals blocked: handlers run in the thread that calls. */
static int start(tl_pool *p, int32_t threads)
{
    sigset_t all, before;
    int wrong = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (!wrong && p->workers < threads - 1)
        if (!(wrong = pthread_create(&p->thread[p->workers], NULL, run_worker, p)))
            p->workers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return wrong;
}

int tl_pool_new(tl_pool **pool, int32_t threads, tl_error *e)
{
    *pool = NULL;
    if (threads < 2)
        return 0;
    tl_pool *p = calloc(1, sizeof *p);
    if (!p || !(p->thread = calloc((size_t)threads, sizeof *p->thread))) {
        free(p);
        return tl_fail(e, "--threads: no memory for %d threads", (int)threads);
    }
    p->spins = threads <= tl_processors() ? SPINS : 0; /* else the others need the processor */
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->begun, NULL);
    pthread_cond_init(&p->ended, NULL);
    int wrong = start(p, threads);
    if (wrong) {
        tl_fail(e, "--threads: the system gives no more than %d thread%s: %s", (int)p->workers + 1,
                p->workers ? "s" : "", strerror(wrong));
        tl_pool_free(p);
        return -1;
    }
    *pool = p;
    return 0;
}

void tl_pool_free(tl_pool *p)
{
    if (!p)
        return;
    p->stop = 1;
    begin_round(p);
    for (int32_t i = 0; i < p->workers; i++)
        pthread_join(p->thread[i], NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->begun);
    pthread_cond_destroy(&p->ended);
    free(p->thread);
    free(p);
}

/* ---- how many ---- */

int32_t tl_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) ? 0 : CPU_COUNT(&set);
    return n > 0 ? n : 1;
}

int tl_threads_read(const char *text, int32_t most, int32_t *threads, tl_error *e)
{
    int64_t n = 0;
    if (strcmp(text, "auto") && (!tl_parse_whole(text, &n) || n < 0 || n > MOST))
        return tl_fail(e, "--threads %s: it takes a whole number from 1 to %d, or auto for as many as there are "
                       "processors", text, MOST);
    n = n ? n : tl_processors();
    *threads = (int32_t)(n < most ? n : most);
    return 0;
}
