#include "processes.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"

static const char *const file = "libtapeless_mpi.so";

static tl_exchange exchange;
static int stderr_before = -1; /* descriptor */

/* ---- what the launcher says ---- */

static int64_t number_in(const char *const *variables, int64_t otherwise)
{
    for (; *variables; variables++) {
        int64_t n;
        const char *text = getenv(*variables);
        if (text && tl_parse_whole(text, &n) && n >= 0 && n <= INT32_MAX)
            return n;
    }
    return otherwise;
}

/* Open MPI, MPICH; PMIx, which all may stand on, tells the rank alone. A size without a rank is that of processes which
 * cannot find each other (srun --mpi=none). */
static int64_t rank(void)
{
    static const char *const variables[] = { "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", NULL };
    return number_in(variables, -1);
}

int32_t tl_processes_started(void)
{
    static const char *const variables[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", NULL };
    int64_t size = number_in(variables, 1);
    return rank() < 0 || size < 1 ? 1 : (int32_t)size;
}

int tl_processes_speak(void) { return tl_processes_started() == 1 || rank() == 0; }

/* ---- the module ---- */

/* Global, because what MPI loads itself looks for MPI's symbols. */
static void *open_module(void)
{
    const char *home = getenv("TAPELESS_HOME");
    char *path = NULL;
    void *module = NULL;
    if (home && *home && asprintf(&path, "%s/lib/tapeless/%s", home, file) >= 0) {
        if (access(path, F_OK) == 0)
            module = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
        free(path);
    }
    return module ? module : dlopen(file, RTLD_NOW | RTLD_GLOBAL);
}

static int load(tl_exchange *x, tl_error *e)
{
    void *module = open_module(), *symbol = module ? dlsym(module, TL_EXCHANGE_OPEN) : NULL;
    tl_exchange_opener *open;
    if (!symbol) {
        const char *why = dlerror();
        return tl_fail(e, "it was started as one of several processes, for which %s is needed, a part of tapeless "
                       "where that was built with MPI (docs/processes.md): %s", file, why ? why : "it cannot be loaded");
    }
    memcpy(&open, &symbol, sizeof open); /* ISO C converts no object pointer to a function's */
    return open(TL_EXCHANGE_ABI, x, e);
}

/* ---- silence ---- */

static void send_to_null(int fd)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, fd);
        close(null);
    }
}

static void be_silent(void)
{
    fflush(stderr);
    stderr_before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    send_to_null(STDERR_FILENO);
    send_to_null(STDOUT_FILENO);
}

void tl_processes_loud(const tl_exchange *x)
{
    if (!x || stderr_before < 0)
        return;
    fflush(stderr);
    dup2(stderr_before, STDERR_FILENO);
    close(stderr_before);
    stderr_before = -1;
}

/* ---- beginning and end ---- */

/* A process that calls exit, for want of memory deep inside of a product, say, leaves nobody waiting. */
static void abandon(void)
{
    if (exchange.abandon)
        exchange.abandon(exchange.self, TL_EXIT_WRONG);
}

int tl_processes_begin(tl_exchange **x, tl_error *e)
{
    *x = NULL;
    if (tl_processes_started() == 1)
        return 0;
    if (load(&exchange, e))
        return -1;
    exchange.start = calloc((size_t)exchange.ranks + 1, sizeof *exchange.start);
    exchange.word = calloc((size_t)exchange.ranks, sizeof *exchange.word);
    if (!exchange.start || !exchange.word || atexit(abandon)) {
        tl_fail(e, "no memory for what %d processes tell each other", (int)exchange.ranks);
        tl_processes_end(&exchange);
        return -1;
    }
    if (exchange.ranks == 1) {
        tl_processes_end(&exchange);
        return 0;
    }
    if (exchange.rank > 0)
        be_silent();
    *x = &exchange;
    return 0;
}

void tl_processes_end(tl_exchange *x)
{
    if (!x)
        return;
    fflush(stdout); /* the launcher may end who is still at work when another has gone */
    x->end(x->self);
    free(x->start);
    free(x->word);
    *x = (tl_exchange){ 0 };
}
