#include "cli/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <tapeless/file.h>
#include <tapeless/version.h>

#include "cli/build.h"
#include "cli/cache_root.h"
#include "cli/home.h"
#include "cli/toolchain.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"

static const char manifest[] = "manifest";

/* ---- hashes ---- */

typedef struct Sum {
    uintmax_t size;
    char hash[2 * sizeof(XXH128_hash_t) + 1];
} Sum;

static void to_hex(XXH128_hash_t h, char *hex)
{
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, h);
    for (size_t i = 0; i < sizeof c.digest; i++)
        sprintf(hex + 2 * i, "%02x", c.digest[i]);
}

/* Of a regular file; false with errno. */
static bool sum_of(int fd, Sum *sum)
{
    char bytes[1 << 16];
    struct stat s;
    XXH3_state_t *state = checked(XXH3_createState());
    XXH3_128bits_reset(state);
    bool fine = fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
    sum->size = 0;
    for (ssize_t n; fine && (n = read(fd, bytes, sizeof bytes));) {
        fine = n > 0 || errno == EINTR;
        if (n > 0) {
            XXH3_128bits_update(state, bytes, (size_t)n);
            sum->size += (uintmax_t)n;
        }
    }
    to_hex(XXH3_128bits_digest(state), sum->hash);
    XXH3_freeState(state);
    return fine;
}

static int open_in(int directory, const char *name)
{
    return openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* ---- the key ---- */

/* False with a sentence. */
static bool print_sum(const char *path, FILE *f, char **error)
{
    Sum sum = { 0 };
    int fd = open_in(AT_FDCWD, path);
    bool fine = fd >= 0 && sum_of(fd, &sum);
    if (fine)
        fprintf(f, "%s %s\n", path, sum.hash);
    else
        *error = user_sentence("%s: %s; is tapeless installed whole?", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return fine;
}

static int is_header(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 2 && !strcmp(d->d_name + n - 2, ".h");
}

/* Generated code includes more than declarations. */
static bool print_headers(Arena *arena, const char *include, FILE *f, char **error)
{
    const char *directory = arena_printf(arena, "%s/tapeless", include);
    struct dirent **entry;
    int n = scandir(directory, &entry, is_header, alphasort);
    if (n <= 0)
        *error = user_sentence("%s: the runtime's headers: %s; is tapeless installed whole?", directory,
                               n ? strerror(errno) : "there are none");
    for (int i = 0; i < n; i++) {
        if (!*error)
            print_sum(arena_printf(arena, "%s/%s", directory, entry[i]->d_name), f, error);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
    return !*error;
}

/* All that is built from; false with a sentence. */
static bool print_source(Arena *arena, const Program *p, FILE *f, char **error)
{
    Toolchain t;
    const char *identity = toolchain_find(&t, arena, error) ? toolchain_identity(&t, arena, error) : NULL;
    if (!identity)
        return false;
    Home home = find_home(arena);
    if (!print_sum(home.library, f, error) || !print_headers(arena, home.include, f, error))
        return false;
    fprintf(f, "%s %d\n%s", TL_VERSION, TL_ABI, identity);
    emit_source(p, f);
    emit_header(p, f);
    emit_main(p, f);
    emit_binding(p, f);
    return true;
}

static const char *find_key(Arena *arena, const Program *p, char **error)
{
    char *text = NULL, hash[2 * sizeof(XXH128_hash_t) + 1];
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    bool fine = print_source(arena, p, f, error);
    text_close(f);
    to_hex(XXH3_128bits(text, size), hash);
    free(text);
    return fine ? arena_printf(arena, "%s-%s", p->model->name, hash) : NULL;
}

/* ---- what an entry holds ---- */

/* NULL if the file is as the manifest's line says, else what is wrong with it. */
static const char *compare(Arena *arena, int entry, const char *name, const Sum *wanted)
{
    Sum sum;
    int fd = open_in(entry, name);
    if (fd < 0)
        return arena_printf(arena, "%s: %s", name, strerror(errno));
    bool read = sum_of(fd, &sum);
    close(fd);
    if (!read)
        return arena_printf(arena, "%s cannot be read", name);
    if (sum.size != wanted->size)
        return arena_printf(arena, "%s has %ju bytes, not %ju", name, sum.size, wanted->size);
    return strcmp(sum.hash, wanted->hash) ? arena_printf(arena, "%s is not what was built", name) : NULL;
}

static const char *verify_lines(Arena *arena, int entry, char *lines, const char *const *needed)
{
    bool seen[2] = { false, false };
    char *save = NULL;
    for (char *line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        Sum wanted;
        char name[256];
        if (sscanf(line, "%ju %32[0-9a-f] %255s", &wanted.size, wanted.hash, name) != 3 || strchr(name, '/'))
            return "its manifest is damaged";
        const char *wrong = compare(arena, entry, name, &wanted);
        if (wrong)
            return wrong;
        for (int i = 0; i < 2; i++)
            seen[i] |= !strcmp(name, needed[i]);
    }
    return seen[0] && seen[1] ? NULL : "its manifest is damaged";
}

/* NULL if all of the entry is what was built. */
static const char *find_damage(Arena *arena, int entry, const char *name)
{
    char lines[8192];
    const char *needed[] = { name, arena_printf(arena, "lib%s.so", name) };
    int fd = open_in(entry, manifest);
    ssize_t n = fd >= 0 ? read(fd, lines, sizeof lines - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return "it has no manifest";
    lines[n] = '\0';
    return verify_lines(arena, entry, lines, needed);
}

static bool sync_in(int directory, const char *name, char **error)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool fine = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);
    if (!fine)
        *error = user_sentence("%s: cannot be flushed to the disk: %s", name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return fine;
}

/* Every file to the disk, then the manifest that names them all. */
static bool seal(Arena *arena, const WorkDir *w, char **error)
{
    char *text = NULL;
    size_t size = 0;
    tl_error e;
    int copy = openat(w->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
    if (!d) {
        *error = user_sentence("%s: cannot read this directory: %s", w->path, strerror(errno));
        if (copy >= 0)
            close(copy);
        return false;
    }
    FILE *lines = text_open(&text, &size);
    bool fine = true;
    for (struct dirent *i; fine && (i = readdir(d));) {
        Sum sum;
        int fd = *i->d_name == '.' ? -1 : open_in(w->fd, i->d_name);
        if (fd < 0)
            continue;
        fine = sum_of(fd, &sum);
        if (fine)
            fprintf(lines, "%ju %s %s\n", sum.size, sum.hash, i->d_name);
        else
            *error = user_sentence("%s/%s: %s", w->path, i->d_name, strerror(errno));
        close(fd);
        fine = fine && sync_in(w->fd, i->d_name, error);
    }
    closedir(d);
    text_close(lines);
    if (fine && tl_file_replace(arena_printf(arena, "%s/%s", w->path, manifest), &(tl_chunk){ text, size }, 1, &e)) {
        *error = user_sentence("%s", e.text);
        fine = false;
    }
    free(text);
    return fine;
}

/* ---- looking and building ---- */

typedef struct Cache {
    Arena *arena;
    const char *path;
    int root;
    const char *key, *name;
} Cache;

/* 1 whole, 0 not there, -1 damaged, *why. */
static int look(const Cache *c, const char **why)
{
    struct stat s;
    int fd = openat(c->root, c->key, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        *why = strerror(errno);
    else if (fstat(fd, &s) || s.st_uid != geteuid() || s.st_mode & 022)
        *why = "it is not ours alone";
    else
        *why = find_damage(c->arena, fd, c->name);
    if (fd >= 0)
        close(fd);
    return *why ? -1 : 1;
}

/* Under a lock, and looked at again: what another process has put there since is not ours to remove. */
static void remove_damaged(const Cache *c)
{
    const char *why = NULL;
    while (flock(c->root, LOCK_EX) && errno == EINTR)
        continue;
    if (look(c, &why) < 0) {
        fprintf(stderr, "tapeless: %s/%s: damaged (%s); it is built again\n", c->path, c->key, why);
        remove_tree(c->root, c->key);
    }
    flock(c->root, LOCK_UN);
}

/* Whether there is an entry now, ours or one that somebody was faster with. */
static bool fill(const Cache *c, const Program *p, char **error)
{
    WorkDir w;
    if (!workdir_make(&w, c->arena, c->root, c->path, error))
        return false;
    mode_t mask = umask(077);
    bool fine = build_aside(c->arena, p, w.path, error) && seal(c->arena, &w, error);
    umask(mask);
    if (fine && renameat(c->root, w.name, c->root, c->key) && errno != EEXIST && errno != ENOTEMPTY) {
        *error = user_sentence("%s/%s: cannot be put into the cache: %s", c->path, c->key, strerror(errno));
        fine = false;
    }
    workdir_remove(&w);
    return fine && sync_in(c->root, ".", error);
}

static bool find_or_build(const Cache *c, const Program *p, char **error)
{
    for (int tries = 0; tries < 3; tries++) {
        const char *why = NULL;
        int state = look(c, &why);
        if (state > 0)
            return true;
        if (state < 0)
            remove_damaged(c);
        if (!fill(c, p, error))
            return false;
    }
    *error = user_sentence("%s/%s: what is built here is damaged at once: is the disk in order? TAPELESS_CACHE names "
                           "another place", c->path, c->key);
    return false;
}

bool build_cached(const Program *p, CacheEntry *entry, char **error)
{
    Arena *arena = arena_new();
    Cache c = { .arena = arena, .name = p->model->name };
    *entry = (CacheEntry){ .root = -1 };
    *error = NULL;
    c.root = cache_root_open(arena, &c.path, error);
    c.key = c.root >= 0 ? find_key(arena, p, error) : NULL;
    bool fine = c.key && find_or_build(&c, p, error);
    if (fine) {
        *entry = (CacheEntry){ .root = c.root, .path = checked(strdup(path_in(arena, c.root, c.path, c.key))) };
        checked_print(asprintf(&entry->shown, "%s/%s", c.path, c.key));
    } else if (c.root >= 0) {
        close(c.root);
    }
    arena_free(arena);
    return fine;
}

void cache_entry_close(CacheEntry *e)
{
    if (e->root >= 0)
        close(e->root);
    free(e->path);
    free(e->shown);
    *e = (CacheEntry){ .root = -1 };
}
