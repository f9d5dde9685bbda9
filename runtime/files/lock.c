#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

/* Who has it removes the file before letting go: what was opened may be nobody's name any more. -1: it
 * cannot be known. */
static int is_named(int fd, const char *name)
{
    struct stat a, b;
    if (fstat(fd, &a))
        return -1;
    return lstat(name, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int open_lock(const char *name)
{
    const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(name, O_RDWR | O_CREAT | flags, 0666);
    return fd < 0 && errno == EACCES ? open(name, O_RDONLY | flags) : fd;
}

/* 0 taken, 1 somebody else's, -1 there are no locks here. */
static int try_lock(int fd)
{
    int bad;
    while ((bad = flock(fd, LOCK_EX | LOCK_NB)) && errno == EINTR)
        continue;
    return !bad ? 0 : errno == EWOULDBLOCK ? 1 : -1;
}

static int taken(int fd, const char *path, tl_error *e)
{
    char text[32] = "";
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    long who = n > 0 ? strtol(text, NULL, 10) : 0;
    if (who > 0)
        return tl_fail(e, "%s: process %ld is writing it; two would undo each other's work: wait for it, or take another "
                       "name", path, who);
    return tl_fail(e, "%s: another process is writing it; two would undo each other's work: wait for it, or take "
                   "another name", path);
}

static void sign(int fd)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
        errno = 0; /* only who it is remains unsaid */
}

static tl_lock *held;

/* A process that ends with exit, for want of memory deep inside of a product, say, leaves no file either. */
static void release_all(void)
{
    for (const tl_lock *l = held; l; l = l->next)
        unlink(l->name);
}

static void hold(tl_lock *l)
{
    static int registered;
    if (!registered)
        registered = !atexit(release_all);
    l->next = held;
    held = l;
}

static void let_go(const tl_lock *l)
{
    tl_lock **at = &held;
    while (*at && *at != l)
        at = &(*at)->next;
    if (*at)
        *at = l->next;
}

int tl_lock_take(tl_lock *l, const char *path, tl_error *e)
{
    *l = (tl_lock){ .fd = -1 };
    char *target = tl_output_target(path, e);
    if (!target)
        return -1;
    if (asprintf(&l->name, "%s.tapeless-lock", target) < 0)
        l->name = NULL;
    free(target);
    while (l->name && (l->fd = open_lock(l->name)) >= 0) {
        int state = try_lock(l->fd), named = state ? 0 : is_named(l->fd, l->name);
        if (named > 0) {
            sign(l->fd);
            hold(l);
            return 0;
        }
        int bad = state > 0 ? taken(l->fd, path, e) : 0;
        if (state < 0 || named < 0)
            unlink(l->name); /* it locks nothing */
        close(l->fd);
        l->fd = -1;
        if (state || named < 0)
            return bad;
    }
    return 0;
}

void tl_lock_release(tl_lock *l)
{
    let_go(l);
    if (l->name && l->fd >= 0) {
        unlink(l->name);
        close(l->fd);
    }
    free(l->name);
    *l = (tl_lock){ .fd = -1 };
}
