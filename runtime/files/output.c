#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "safetensors.h"

enum { MOST_LINKS = 40 }; /* as the kernel follows */

static const char *kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return "a directory";
    case S_IFCHR:
    case S_IFBLK: return "a device";
    case S_IFIFO: return "a pipe";
    case S_IFSOCK: return "a socket";
    default: return "no file";
    }
}

static int check_kind(const char *path, mode_t mode, tl_error *e)
{
    if (S_ISREG(mode))
        return 0;
    return tl_fail(e, "%s: it is %s, which the file that is written would replace; give the name of a file, or one that is free", path,
                   kind_of(mode));
}

/* Where the link `path` points, seen from where path was; malloc'ed. NULL with errno. */
static char *read_link(const char *path)
{
    char to[4096], *joined = NULL;
    ssize_t n = readlink(path, to, sizeof to - 1);
    if (n < 0)
        return NULL;
    to[n] = 0;
    const char *slash = strrchr(path, '/');
    int directory = slash && *to != '/' ? (int)(slash - path) + 1 : 0;
    return asprintf(&joined, "%.*s%s", directory, path, to) < 0 ? NULL : joined;
}

/* The end of a chain of links that leads to nothing yet. */
static char *follow(const char *path)
{
    struct stat s;
    char *at = strdup(path);
    for (int i = 0; at && i < MOST_LINKS; i++) {
        if (lstat(at, &s) || !S_ISLNK(s.st_mode))
            return at;
        char *next = read_link(at);
        free(at);
        at = next;
    }
    if (at)
        errno = ELOOP;
    free(at);
    return NULL;
}

char *tl_output_target(const char *path, tl_error *e)
{
    struct stat s, link;
    int there = stat(path, &s) == 0;
    if (!*path) {
        tl_fail(e, "an empty name cannot be written to");
        return NULL;
    }
    if (there && check_kind(path, s.st_mode, e))
        return NULL;
    if (!there && errno != ENOENT) {
        tl_fail(e, "%s: %s", path, strerror(errno));
        return NULL;
    }
    int linked = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
    char *target = !linked ? strdup(path) : there ? realpath(path, NULL) : follow(path);
    if (!target)
        tl_fail(e, "%s: %s", path, strerror(errno));
    return target;
}

FILE *tl_output_open(const char *path, int append, int fresh, tl_error *e)
{
    struct stat s;
    char *target = tl_output_target(path, e);
    if (!target)
        return NULL;
    /* O_NONBLOCK: should a pipe have come in between, it does not wait for a reader. */
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (append ? O_APPEND : 0) | (fresh ? O_EXCL : 0);
    int fd = open(fresh ? path : target, flags, 0666);
    FILE *f = NULL;
    if (fd < 0 || fstat(fd, &s))
        tl_fail(e, "%s: %s", path, strerror(errno));
    else if (!check_kind(path, s.st_mode, e)) {
        if (append || !ftruncate(fd, 0))
            f = fdopen(fd, append ? "a" : "w");
        if (!f)
            tl_fail(e, "%s: %s", path, strerror(errno));
    }
    free(target);
    if (!f && fd >= 0)
        close(fd);
    return f;
}

/* ---- all of a command's ---- */

static int same_file(const char *a, const char *b)
{
    struct stat s, t;
    if (stat(a, &s) || stat(b, &t))
        return strcmp(a, b) == 0;
    return s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

static int check_inputs(const tl_output *o, const tl_list *inputs, tl_error *e)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (same_file(o->path, inputs->item[i]))
            return tl_fail(e, "%s %s: this file is read; nothing is written over it", o->option, o->path);
    return 0;
}

int tl_output_check_weights(const char *path, tl_error *e)
{
    struct stat s;
    if (stat(path, &s) || !S_ISREG(s.st_mode) || s.st_size == 0 || tl_st_looks_like(path))
        return 0;
    return tl_fail(e, "%s: this is no file of weights, and would be lost; write another, or move it away", path);
}

int tl_outputs_check(const tl_output *o, size_t n, const tl_list *const *inputs, size_t ninputs, tl_error *e)
{
    char *target[16] = { NULL };
    int bad = n > sizeof target / sizeof *target ? tl_fail(e, "too many files to write") : 0;
    for (size_t i = 0; i < n && !bad; i++) {
        if (!o[i].path)
            continue;
        target[i] = tl_output_target(o[i].path, e);
        bad = !target[i] || tl_file_check(o[i].path, e);
        for (size_t j = 0; j < ninputs && !bad; j++)
            bad = check_inputs(&o[i], inputs[j], e);
        for (size_t j = 0; j < i && !bad; j++)
            if (target[j] && same_file(target[i], target[j]))
                bad = tl_fail(e, "%s and %s: both would write %s", o[j].option, o[i].option, o[i].path);
    }
    for (size_t i = 0; i < sizeof target / sizeof *target; i++)
        free(target[i]);
    return bad ? -1 : 0;
}
