/* Threads run every task once, whatever their number; --threads says how many there are. */
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include <tapeless/pool.h>

enum { TASKS = 100, ROUNDS = 300 };

typedef struct Board {
    int done[TASKS];
    atomic_int running, most;
} Board;

static void mark(void *context, int32_t task)
{
    Board *b = context;
    int now = atomic_fetch_add(&b->running, 1) + 1, most = atomic_load(&b->most);
    while (now > most && !atomic_compare_exchange_weak(&b->most, &most, now))
        continue;
    b->done[task]++;
    atomic_fetch_sub(&b->running, 1);
}

static void every_task_is_run_once(void **state)
{
    (void)state;
    tl_error e;
    for (int32_t threads = 1; threads <= 9; threads++) {
        tl_pool *pool;
        Board b = { .most = 0 };
        assert_int_equal(tl_pool_new(&pool, threads, &e), 0);
        assert_true(!pool == (threads == 1));
        for (int32_t round = 0, tasks = 0; round < ROUNDS; round++, tasks = (tasks + 7) % (TASKS + 1)) {
            memset(b.done, 0, sizeof b.done);
            tl_pool_run(pool, mark, &b, tasks);
            for (int32_t i = 0; i < TASKS; i++)
                assert_int_equal(b.done[i], i < tasks);
        }
        assert_true(b.most >= 1 && b.most <= threads);
        tl_pool_free(pool);
    }
}

/* Two tasks that wait for each other end only if two threads run them. */
static void meet(void *context, int32_t task)
{
    atomic_int *here = context;
    (void)task;
    atomic_fetch_add(here, 1);
    while (atomic_load(here) < 2)
        continue;
}

static void tasks_run_side_by_side(void **state)
{
    (void)state;
    tl_error e;
    tl_pool *pool;
    assert_int_equal(tl_pool_new(&pool, 2, &e), 0);
    for (int i = 0; i < 20; i++) {
        atomic_int here = 0;
        tl_pool_run(pool, meet, &here, 2);
    }
    tl_pool_free(pool);
}

static pthread_t caller;
static atomic_int caught_elsewhere, caught;

static void note(int signal)
{
    (void)signal;
    atomic_fetch_add(&caught, 1);
    atomic_fetch_add(&caught_elsewhere, !pthread_equal(pthread_self(), caller));
}

/* A signal to the process is handled by whichever thread lets it through. */
static void signals_are_the_callers(void **state)
{
    (void)state;
    tl_error e;
    tl_pool *pool;
    sigset_t one;
    caller = pthread_self();
    signal(SIGUSR1, note);
    assert_int_equal(tl_pool_new(&pool, 3, &e), 0);
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    for (int i = 0; i < 20; i++) {
        pthread_sigmask(SIG_BLOCK, &one, NULL); /* a thread that let it through would take it now */
        kill(getpid(), SIGUSR1);
        usleep(100);
        pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    }
    tl_pool_free(pool);
    assert_int_equal(caught, 20);
    assert_int_equal(caught_elsewhere, 0);
}

static int32_t threads_of(const char *text, int32_t most)
{
    tl_error e;
    int32_t n = -1;
    if (tl_threads_read(text, most, &n, &e))
        fail_msg("%s", e.text);
    return n;
}

static void the_option_is_a_number_or_auto(void **state)
{
    (void)state;
    int32_t all = tl_processors();
    assert_true(all >= 1);
    assert_int_equal(threads_of("1", 8), 1);
    assert_int_equal(threads_of("3", 8), 3);
    assert_int_equal(threads_of("8", 2), 2); /* no more than there are tasks */
    assert_int_equal(threads_of("auto", 1000), all);
    assert_int_equal(threads_of("0", 1000), all);
    assert_int_equal(threads_of("auto", 1), 1);
    const char *const wrong[] = { "-1", "two", "", "1.5", "2x", "1025", "99999999999999999999" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tl_error e = { "" };
        int32_t n;
        assert_int_equal(tl_threads_read(wrong[i], 8, &n, &e), -1);
        assert_contains(e.text, wrong[i]);
        assert_contains(e.text, "from 1 to 1024");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_is_run_once),
        cmocka_unit_test(tasks_run_side_by_side),
        cmocka_unit_test(signals_are_the_callers),
        cmocka_unit_test(the_option_is_a_number_or_auto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
