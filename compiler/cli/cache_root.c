#include "cli/cache_root.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/workdir.h"
#include "graph/user_error.h"

/* Relative paths in the two others are none, as the XDG specification has it. There is no common directory to
 * fall back to: what others can write must not be run. */
static const char *choose(Arena *arena, char **error)
{
    const char *own = getenv("TAPELESS_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (own && *own)
        return arena_strdup(arena, own);
    if (xdg && *xdg == '/')
        return arena_printf(arena, "%s/tapeless", xdg);
    if (home && *home == '/')
        return arena_printf(arena, "%s/.cache/tapeless", home);
    *error = user_sentence("there is no place to keep what is built: set TAPELESS_CACHE to a directory of your own (HOME "
                           "and XDG_CACHE_HOME are not set to one)");
    return NULL;
}

/* The last part must be no link of somebody else's: it could lead to any directory of ours. */
static int open_directory(const char *path, char **error)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    struct stat link;
    int fd = open(path, flags | O_NOFOLLOW);
    if (fd < 0 && lstat(path, &link) == 0 && S_ISLNK(link.st_mode)) {
        if (link.st_uid != geteuid()) {
            *error = user_sentence("%s: this link belongs to user %u, and what it leads to would be run: set "
                                   "TAPELESS_CACHE to a directory of your own", path, (unsigned)link.st_uid);
            return -1;
        }
        fd = open(path, flags);
    }
    if (fd < 0)
        *error = user_sentence("%s: cannot open the cache: %s; set TAPELESS_CACHE to a directory of your own", path,
                               strerror(errno));
    return fd;
}

/* NAME-HASH, or a directory to build in, as it is called now or was. */
static bool is_entry(const char *name)
{
    const char *dash = strrchr(name, '-');
    size_t n = 0;
    while (dash && isxdigit((unsigned char)dash[1 + n]))
        n++;
    return *name == '.' || (n >= 16 && !dash[1 + n]) || !strncmp(name, "building-", 9);
}

/* A name in it that is no entry's, or NULL. */
static const char *find_stranger(Arena *arena, int fd)
{
    const char *found = NULL;
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
    for (struct dirent *i; d && !found && (i = readdir(d));)
        if (!is_entry(i->d_name))
            found = arena_strdup(arena, i->d_name);
    if (d)
        closedir(d);
    else if (copy >= 0)
        close(copy);
    return found;
}

/* What others could only read becomes ours alone, if it is a cache and no more: ~ is nobody's to close. */
static bool close_to_others(Arena *arena, int fd, const char *path, char **error)
{
    const char *stranger = find_stranger(arena, fd);
    if (stranger)
        *error = user_sentence("%s: others may look into this directory, and it has %s, which is not the cache's: set "
                               "TAPELESS_CACHE to a directory for the cache alone", path, stranger);
    else if (fchmod(fd, 0700))
        *error = user_sentence("%s: others may look into this cache, and its mode cannot be changed: %s; set "
                               "TAPELESS_CACHE to a directory of your own", path, strerror(errno));
    else
        return true;
    return false;
}

static bool check(Arena *arena, int fd, const char *path, char **error)
{
    struct stat s;
    if (fstat(fd, &s))
        *error = user_sentence("%s: %s", path, strerror(errno));
    else if (s.st_uid != geteuid())
        *error = user_sentence("%s: this directory belongs to user %u, and what stands in the cache is run: set "
                               "TAPELESS_CACHE to a directory of your own", path, (unsigned)s.st_uid);
    else if (s.st_mode & 022)
        *error = user_sentence("%s: others may write into this directory (its mode is %04o), and what stands in the cache "
                               "is run: remove it, or set TAPELESS_CACHE to another", path, (unsigned)s.st_mode & 07777);
    else
        return !(s.st_mode & 077) || close_to_others(arena, fd, path, error);
    return false;
}

int cache_root_open(Arena *arena, const char **path, char **error)
{
    const char *chosen = choose(arena, error);
    if (!chosen)
        return -1;
    char *plain = arena_strdup(arena, chosen);
    for (size_t n = strlen(plain); n > 1 && plain[n - 1] == '/'; n--)
        plain[n - 1] = '\0'; /* behind a slash O_NOFOLLOW follows */
    *path = plain;
    if (!make_directories(arena, plain, 0700, error))
        return -1;
    int fd = open_directory(plain, error);
    if (fd >= 0 && !check(arena, fd, plain, error)) {
        close(fd);
        return -1;
    }
    return fd;
}
