#include "cli/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/user_error.h"

static const char mark[] = ".tapeless-building-";
enum { RANDOM = 6 }; /* characters behind the mark */

char *path_in(Arena *arena, int fd, const char *directory, const char *name)
{
    char *through = arena_printf(arena, "/proc/self/fd/%d", fd);
    return arena_printf(arena, "%s/%s", access(through, X_OK) == 0 ? through : directory, name);
}

bool make_directories(Arena *arena, const char *path, unsigned mode, char **error)
{
    char *p = arena_strdup(arena, path);
    for (char *c = *p ? p + 1 : p;; c++) {
        if (*c && *c != '/')
            continue;
        char kept = *c;
        *c = '\0';
        if (mkdir(p, (mode_t)mode) && errno != EEXIST && errno != EISDIR) {
            *error = user_sentence("%s: cannot make this directory: %s", p, strerror(errno));
            return false;
        }
        *c = kept;
        if (!kept)
            return true;
    }
}

/* ---- removing ---- */

static int open_at(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void remove_tree(int parent, const char *name)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return;
    int fd = open_at(parent, name);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *i; d && (i = readdir(d));)
        if (strcmp(i->d_name, ".") && strcmp(i->d_name, ".."))
            remove_tree(fd, i->d_name);
    if (d)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static bool is_named(int fd, int parent, const char *name)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && fstatat(parent, name, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static bool is_ours(const char *name)
{
    return !strncmp(name, mark, sizeof mark - 1) && strlen(name) == sizeof mark - 1 + RANDOM;
}

/* What the dead have left. Who made one and has not locked it yet makes another (lock_new). */
static void sweep(int parent)
{
    int copy = open_at(parent, ".");
    DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
    for (struct dirent *i; d && (i = readdir(d));) {
        int fd = is_ours(i->d_name) ? open_at(parent, i->d_name) : -1;
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(fd, parent, i->d_name))
            remove_tree(parent, i->d_name);
        if (fd >= 0)
            close(fd);
    }
    if (d)
        closedir(d);
    else if (copy >= 0)
        close(copy);
}

/* ---- making ---- */

static void choose_name(WorkDir *w)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345"; /* 32 */
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    int n = snprintf(w->name, sizeof w->name, "%s", mark);
    for (int i = 0; i < RANDOM; i++, random >>= 5)
        w->name[n++] = letters[random & 31];
    w->name[n] = '\0';
}

/* Without O_CLOEXEC: the C compiler finds its files through it, and keeps the lock should we be killed. */
static bool lock_new(WorkDir *w)
{
    w->fd = openat(w->parent, w->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (w->fd < 0)
        return false;
    while (flock(w->fd, LOCK_EX) && errno == EINTR)
        continue;
    if (is_named(w->fd, w->parent, w->name))
        return true;
    close(w->fd);
    w->fd = -1;
    return false;
}

/* 1 made, 0 the name is somebody's, -1 with errno. */
static int try_name(WorkDir *w)
{
    choose_name(w);
    if (mkdirat(w->parent, w->name, 0700))
        return errno == EEXIST ? 0 : -1;
    return lock_new(w);
}

bool workdir_make(WorkDir *w, Arena *arena, int parent, const char *shown, char **error)
{
    int made = 0;
    *w = (WorkDir){ .parent = parent, .fd = -1 };
    sweep(parent);
    for (int tries = 0; !made && tries < 100; tries++)
        made = try_name(w);
    if (made > 0)
        w->path = path_in(arena, w->fd, arena_printf(arena, "%s/%s", shown, w->name), ".");
    else
        *error = user_sentence("%s: cannot make a directory here: %s", shown, strerror(errno));
    return made > 0;
}

void workdir_remove(WorkDir *w)
{
    if (w->fd < 0)
        return;
    if (is_named(w->fd, w->parent, w->name))
        remove_tree(w->parent, w->name);
    close(w->fd);
    w->fd = -1;
}
