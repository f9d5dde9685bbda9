/* kill_at.c - preloaded, kills the process in the KILL_AT-th of the calls by which files are written and
 * replaced: at the same place on every machine, however busy. A write that it dies in has written half.
 * tests/cli/killed_*.sh and logs_go_on_at_the_checkpoint.sh use it. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static long calls;

/* 1 if this call is the last. */
static int last(void)
{
    const char *at = getenv("KILL_AT");
    return at && ++calls == atol(at);
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int mkostemp(char *name, int flags)
{
    NEXT(mkostemp);
    int end = last(), fd = next(name, flags);
    if (end)
        raise(SIGKILL);
    return fd;
}

ssize_t write(int fd, const void *p, size_t n)
{
    NEXT(write);
    int end = last();
    ssize_t written = next(fd, p, end ? n / 2 : n);
    if (end)
        raise(SIGKILL);
    return written;
}

int fsync(int fd)
{
    NEXT(fsync);
    if (last())
        raise(SIGKILL);
    return next(fd);
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    int end = last(), status = next(from, to);
    if (end)
        raise(SIGKILL);
    return status;
}
