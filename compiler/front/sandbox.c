#include "front/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "graph/checked.h"

/* AddressSanitizer reserves terabytes of address space for its shadow: no bound on it can hold. */
#if defined(__SANITIZE_ADDRESS__)
#define BOUND_ADDRESS_SPACE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BOUND_ADDRESS_SPACE 0
#endif
#endif
#ifndef BOUND_ADDRESS_SPACE
#define BOUND_ADDRESS_SPACE 1
#endif

enum {
    PIPE = 3,        /* the child's one descriptor beyond the standard three */
    NO_MEMORY = 123, /* its status */
};

/* ---- in the child ---- */

static size_t address_space(void) /* bytes mapped now */
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f)
        return 0;
    if (fscanf(f, "%lu", &pages) != 1)
        pages = 0;
    fclose(f);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Never raises a limit that was there before. */
static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit r;
    if (getrlimit(resource, &r))
        return;
    if (r.rlim_max == RLIM_INFINITY || hard < r.rlim_max)
        r.rlim_max = hard;
    if (r.rlim_cur == RLIM_INFINITY || soft < r.rlim_cur)
        r.rlim_cur = soft < r.rlim_max ? soft : r.rlim_max;
    if (r.rlim_cur > r.rlim_max)
        r.rlim_cur = r.rlim_max;
    setrlimit(resource, &r);
}

static void set_limits(const SandboxLimits *l)
{
    rlim_t cpu = (rlim_t)l->cpu_seconds;
    limit(RLIMIT_CPU, cpu, cpu + 1); /* SIGXCPU, and SIGKILL should that be blocked */
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, 0, 0);
    if (BOUND_ADDRESS_SPACE) {
        rlim_t bytes = (rlim_t)(address_space() + l->memory);
        limit(RLIMIT_AS, bytes, bytes);
    }
}

static void default_signals(void)
{
    sigset_t none;
    for (int s = 1; s < NSIG; s++)
        signal(s, s == SIGXFSZ ? SIG_IGN : SIG_DFL); /* where stderr is a file: not written */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int isolate(int pipe_end, pid_t parent)
{
    default_signals();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        return -1; /* it is gone already */
    if (pipe_end != PIPE && dup2(pipe_end, PIPE) < 0)
        return -1;
    close_range(PIPE + 1, ~0u, 0);
    int null = open("/dev/null", O_RDWR);
    if (null < 0)
        return -1;
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (null > PIPE)
        close(null);
    return 0;
}

static _Noreturn void child(int pipe_end, pid_t parent, int (*body)(void *, FILE *), void *context,
                            const SandboxLimits *limits)
{
    if (isolate(pipe_end, parent))
        _exit(126);
    set_limits(limits);
    FILE *out = fdopen(PIPE, "w");
    if (!out)
        _exit(NO_MEMORY);
    out_of_memory_is(NO_MEMORY);
    int status = body(context, out);
    if (fflush(out) || ferror(out))
        status = 125;
    _exit(status);
}

/* ---- in the parent ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

typedef struct Received {
    char *text;
    size_t length, capacity;
} Received;

/* Room for one more chunk and a NUL; false without memory. */
static bool make_room(Received *r)
{
    enum { CHUNK = 1 << 16 };
    if (r->capacity - r->length > CHUNK)
        return true;
    size_t bigger = r->capacity ? 2 * r->capacity : 4 * CHUNK;
    char *text = realloc(r->text, bigger);
    if (!text)
        return false;
    r->text = text;
    r->capacity = bigger;
    return true;
}

/* Reads to the end of the pipe; anything but SANDBOX_DONE means that the child must be killed. */
static SandboxEnd receive(int fd, const SandboxLimits *limits, Received *r, int *detail)
{
    int64_t deadline = now_ms() + (int64_t)limits->wall_seconds * 1000;
    for (;;) {
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return SANDBOX_WALL;
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int ready = poll(&p, 1, (int)left);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        if (ready < 0 || !make_room(r)) {
            *detail = errno;
            return SANDBOX_SYSTEM;
        }
        ssize_t n = read(fd, r->text + r->length, r->capacity - r->length - 1);
        if (n == 0)
            return SANDBOX_DONE;
        if (n < 0 && errno != EINTR) {
            *detail = errno;
            return SANDBOX_SYSTEM;
        }
        r->length += n > 0 ? (size_t)n : 0;
        if (r->length > limits->output)
            return SANDBOX_OUTPUT;
    }
}

static SandboxEnd how_it_ended(int status, int *detail)
{
    if (WIFEXITED(status)) {
        *detail = WEXITSTATUS(status);
        if (*detail == NO_MEMORY)
            return SANDBOX_MEMORY;
        return *detail ? SANDBOX_DIED : SANDBOX_DONE;
    }
    *detail = WTERMSIG(status);
    if (*detail == SIGXCPU || *detail == SIGKILL)
        return SANDBOX_CPU;
    return SANDBOX_DIED;
}

static SandboxEnd reap(pid_t pid, SandboxEnd end, int *detail)
{
    int status;
    if (end != SANDBOX_DONE)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            *detail = errno;
            return SANDBOX_SYSTEM;
        }
    return end == SANDBOX_DONE ? how_it_ended(status, detail) : end;
}

SandboxEnd sandbox_run(int (*body)(void *, FILE *), void *context, const SandboxLimits *limits,
                       char **text, size_t *length, int *detail)
{
    int ends[2];
    *text = NULL;
    *length = 0;
    *detail = 0;
    if (pipe2(ends, O_CLOEXEC)) {
        *detail = errno;
        return SANDBOX_SYSTEM;
    }
    fflush(NULL); /* or the child would write the parent's buffers again */
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        child(ends[1], parent, body, context, limits);
    *detail = errno;
    close(ends[1]);
    Received r = { 0 };
    SandboxEnd end = SANDBOX_SYSTEM;
    if (pid > 0) {
        *detail = 0;
        end = reap(pid, receive(ends[0], limits, &r, detail), detail);
    }
    close(ends[0]);
    if (r.text)
        r.text[r.length] = '\0';
    *text = r.text;
    *length = r.length;
    return end;
}
