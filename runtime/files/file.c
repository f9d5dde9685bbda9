#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

int tl_file_exists(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0;
}

/* Reads until the end or until `limit` bytes: a pipe has no size to ask for. */
static void *read_all(int fd, const char *path, size_t limit, size_t *size, tl_error *e)
{
    struct stat s;
    size_t room = 1 << 16, n = 0;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && (uintmax_t)s.st_size < limit)
        room = (size_t)s.st_size + 1;
    char *p = malloc(room + 1);
    while (p) {
        ssize_t got = read(fd, p + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            tl_fail(e, "%s: %s", path, strerror(errno));
            break;
        }
        n += (size_t)got;
        if (n > limit) {
            tl_fail(e, "%s: larger than the %zu bytes that can be read here", path, limit);
            break;
        }
        if (got == 0) {
            p[n] = 0;
            *size = n;
            return p;
        }
        if (n == room) {
            room *= 2; /* n <= limit, and limit is at most half of the address space */
            char *more = realloc(p, room + 1);
            if (!more) {
                tl_fail(e, "%s: no memory for %zu bytes", path, room);
                break;
            }
            p = more;
        }
    }
    if (!p)
        tl_fail(e, "%s: no memory for %zu bytes", path, room);
    free(p);
    return NULL;
}

void *tl_file_read(const char *path, size_t limit, size_t *size, tl_error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        tl_fail(e, "%s: %s", path, strerror(errno));
        return NULL;
    }
    void *p = read_all(fd, path, limit < SIZE_MAX / 4 ? limit : SIZE_MAX / 4, size, e);
    close(fd);
    return p;
}

static int write_all(int fd, const tl_chunk *chunk)
{
    const char *p = chunk->data;
    size_t left = chunk->size;
    while (left) {
        ssize_t n = write(fd, p, left < (1u << 30) ? left : (1u << 30));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        p += n;
        left -= (size_t)n;
    }
    return 0;
}

/* The directory of a file; the caller closes it. -1 with errno. */
static int open_directory(const char *path)
{
    char *dir = strdup(path);
    if (!dir)
        return -1;
    char *slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir] = 0;
    int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    return fd;
}

static int sync_directory(const char *path)
{
    int fd = open_directory(path);
    if (fd < 0)
        return -1;
    int bad = fsync(fd);
    close(fd);
    /* Some filesystems cannot flush a directory; the rename itself has happened. */
    return bad && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}

/* ---- temporaries ---- */

static const char mark[] = ".tapeless-";
enum { RANDOM = 6 }; /* characters behind the mark, as mkostemp wants them */

static char *temporary_name(const char *path)
{
    size_t n = strlen(path) + sizeof mark + RANDOM;
    char *name = malloc(n);
    if (name)
        snprintf(name, n, "%s%sXXXXXX", path, mark);
    return name;
}

static int is_temporary(const char *name, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t n = strlen(base), m = sizeof mark - 1;
    if (strncmp(name, base, n) || strncmp(name + n, mark, m) || strlen(name + n + m) != RANDOM)
        return 0;
    for (const char *p = name + n + m; *p; p++)
        if (!((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z')))
            return 0;
    return 1;
}

/* Opens a new file and locks it. One that was swept between the two is given up for another. Where
 * the filesystem has no locks nobody can sweep. */
static int create(char *name)
{
    struct stat s;
    for (;;) {
        int fd = mkostemp(name, O_CLOEXEC);
        if (fd < 0)
            return -1;
        while (flock(fd, LOCK_EX) && errno == EINTR)
            continue;
        if (fstat(fd, &s) || s.st_nlink > 0)
            return fd;
        close(fd);
        memset(name + strlen(name) - RANDOM, 'X', RANDOM);
    }
}

/* 1 if it was a dead process's. What the lock was got for must be what the name stands for. */
static int remove_dead(int dir, const char *name)
{
    struct stat a, b;
    int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return 0;
    int dead = fstat(fd, &a) == 0 && S_ISREG(a.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
               fstatat(dir, name, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_ino == b.st_ino &&
               a.st_dev == b.st_dev && unlinkat(dir, name, 0) == 0;
    close(fd);
    return dead;
}

static size_t sweep_beside(const char *target)
{
    size_t n = 0;
    int fd = open_directory(target);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        if (fd >= 0)
            close(fd);
        return 0;
    }
    for (struct dirent *i; (i = readdir(d));)
        if (is_temporary(i->d_name, target))
            n += (size_t)remove_dead(fd, i->d_name);
    closedir(d);
    return n;
}

size_t tl_file_sweep(const char *path)
{
    tl_error ignored;
    char *target = tl_output_target(path, &ignored);
    size_t n = target ? sweep_beside(target) : 0;
    free(target);
    return n;
}

/* mkostemp makes the file 0600: give it what a new file would have, or what the old one had. */
static void set_mode(int fd, const char *path, int program)
{
    struct stat s;
    mode_t mask = umask(0);
    umask(mask);
    mode_t mode = stat(path, &s) == 0 ? s.st_mode & 07777 : 0666 & ~mask;
    if (program)
        mode |= 0111 & ~mask;
    if (fchmod(fd, mode))
        errno = 0; /* the owner can still read it */
}

static int write_chunks(int fd, const tl_chunk *chunks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (write_all(fd, &chunks[i]))
            return -1;
    return fsync(fd);
}

/* A new file beside `target`, open and locked; its name to *temporary, which the caller frees. -1 with a
 * sentence. */
static int open_temporary(const char *path, const char *target, char **temporary, tl_error *e)
{
    *temporary = temporary_name(target);
    if (!*temporary)
        return tl_fail(e, "%s: out of memory", path);
    int fd = create(*temporary);
    if (fd < 0)
        tl_fail(e, "%s: cannot write here: %s", path, strerror(errno));
    return fd;
}

int tl_file_check(const char *path, tl_error *e)
{
    char *temporary = NULL, *target = tl_output_target(path, e);
    int fd = target ? open_temporary(path, target, &temporary, e) : -1;
    if (fd >= 0) {
        unlink(temporary);
        close(fd);
    }
    free(temporary);
    free(target);
    return fd >= 0 ? 0 : -1;
}

/* `target` is what `path` stands for. */
static int replace(const char *path, const char *target, const tl_chunk *chunks, size_t count, int program,
                   tl_error *e)
{
    char *temporary = NULL;
    int fd = open_temporary(path, target, &temporary, e);
    if (fd < 0) {
        free(temporary);
        return -1;
    }
    set_mode(fd, target, program);
    int bad = write_chunks(fd, chunks, count) || rename(temporary, target);
    if (bad) {
        tl_fail(e, "%s: cannot write: %s; what was there is untouched", path, strerror(errno));
        unlink(temporary);
    } else if (sync_directory(target)) {
        bad = tl_fail(e, "%s: written, but its directory cannot be flushed: %s", path,
                      strerror(errno));
    }
    close(fd); /* and with it goes the lock; what is flushed cannot fail any more */
    free(temporary);
    return bad ? -1 : 0;
}

int tl_file_replace(const char *path, const tl_chunk *chunks, size_t count, tl_error *e)
{
    char *target = tl_output_target(path, e);
    int bad = target ? replace(path, target, chunks, count, 0, e) : -1;
    free(target);
    return bad;
}

int tl_file_replace_program(const char *path, const tl_chunk *chunks, size_t count, tl_error *e)
{
    char *target = tl_output_target(path, e);
    int bad = target ? replace(path, target, chunks, count, 1, e) : -1;
    free(target);
    return bad;
}
