#include "toolchain.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include <tapeless/file.h>
#include "user_error.h"

extern char **environ;

/* Optimisation that keeps IEEE results: no -ffast-math; math functions need not set errno. */
static const char *const flags[] = { "-std=c99", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math" };
enum { NFLAGS = sizeof flags / sizeof *flags };

/* ---- where things are ---- */

typedef struct Home {
    char *include, *library;
} Home;

static bool readable(const char *path) { return access(path, R_OK) == 0; }

/* TAPELESS_HOME, else beside the installed program, else the build tree. */
static Home find_home(Arena *arena)
{
    const char *home = getenv("TAPELESS_HOME");
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (!home && n > 0) {
        exe[n] = '\0';
        char *slash = strrchr(exe, '/');
        *slash = '\0';
        slash = strrchr(exe, '/');
        if (slash) {
            *slash = '\0';
            if (readable(arena_printf(arena, "%s/include/tapeless/tapeless.h", exe)))
                home = exe;
        }
    }
    if (!home)
        return (Home){ arena_strdup(arena, TAPELESS_BUILD_INCLUDE), arena_strdup(arena, TAPELESS_BUILD_LIBRARY) };
    char *library = arena_printf(arena, "%s/lib/tapeless/libtapeless.a", home);
    return (Home){ arena_printf(arena, "%s/include", home), library };
}

static const char *c_compiler(void)
{
    const char *cc = getenv("CC");
    return cc && *cc ? cc : access(TAPELESS_BUILD_CC, X_OK) == 0 ? TAPELESS_BUILD_CC : "cc";
}

static char *cache_root(Arena *arena)
{
    const char *own = getenv("TAPELESS_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (own && *own)
        return arena_strdup(arena, own);
    if (xdg && *xdg)
        return arena_printf(arena, "%s/tapeless", xdg);
    return home && *home ? arena_printf(arena, "%s/.cache/tapeless", home) : arena_strdup(arena, "/tmp/tapeless-cache");
}

static bool make_directories(Arena *arena, const char *path, char **error)
{
    char *p = arena_strdup(arena, path);
    for (char *c = p + 1;; c++) {
        if (*c && *c != '/')
            continue;
        char kept = *c;
        *c = '\0';
        if (mkdir(p, 0777) && errno != EEXIST) {
            *error = user_sentence("%s: cannot make this directory: %s", p, strerror(errno));
            return false;
        }
        *c = kept;
        if (!kept)
            return true;
    }
}

/* ---- files ---- */

typedef void Printer(const Program *, FILE *);

static bool write_file(Arena *arena, const Program *p, const char *directory, const char *suffix, Printer *print,
                       char **error)
{
    char *text = NULL;
    size_t size = 0;
    tl_error e;
    FILE *f = open_memstream(&text, &size);
    print(p, f);
    fclose(f);
    tl_chunk chunk = { text, size };
    char *path = arena_printf(arena, "%s/%s%s", directory, p->model->name, suffix);
    bool fine = !tl_file_replace(path, &chunk, 1, &e);
    if (!fine)
        *error = user_sentence("%s", e.text);
    free(text);
    return fine;
}

static bool write_all(Arena *arena, const Program *p, const char *directory, char **error)
{
    return make_directories(arena, directory, error) && write_file(arena, p, directory, ".h", emit_header, error) &&
           write_file(arena, p, directory, ".c", emit_source, error) &&
           write_file(arena, p, directory, "_main.c", emit_main, error) &&
           write_file(arena, p, directory, "_ffi.lua", emit_binding, error);
}

bool write_sources(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_all(arena, p, directory, error);
    arena_free(arena);
    return fine;
}

/* ---- the C compiler ---- */

typedef struct Command {
    char *word[48];
    int n;
} Command;

static void push(Command *c, const char *word)
{
    assume(c->n < 47, "a command of %d words", c->n);
    c->word[c->n++] = (char *)word;
}

static bool run(Command *c, const char *what, char **error)
{
    pid_t pid;
    int status = 0, failed = posix_spawnp(&pid, c->word[0], NULL, NULL, c->word, environ);
    if (failed) {
        *error = user_sentence("%s: cannot run the C compiler: %s; install gcc or clang, or set CC", c->word[0],
                               strerror(failed));
        return false;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    *error = user_sentence("%s: the C compiler failed on it (its message is above)", what);
    return false;
}

/* CC may be several words: "ccache gcc". */
static Command begin_command(Arena *arena)
{
    Command c = { .n = 0 };
    char *save = NULL;
    for (char *w = strtok_r(arena_strdup(arena, c_compiler()), " ", &save); w && c.n < 8;
         w = strtok_r(NULL, " ", &save))
        push(&c, w);
    for (int i = 0; i < NFLAGS; i++)
        push(&c, flags[i]);
    return c;
}

/* Not the model's own directory: its header would hide <math.h> where the model is called math. */
static void push_includes(Arena *arena, Command *c)
{
    push(c, "-I");
    push(c, find_home(arena).include);
}

/* One object serves the trainer and the library. */
static bool compile_object(Arena *arena, const char *source, const char *object, char **error)
{
    Command c = begin_command(arena);
    push(&c, "-fPIC");
    push_includes(arena, &c);
    push(&c, "-c");
    push(&c, source);
    push(&c, "-o");
    push(&c, object);
    return run(&c, source, error);
}

static bool link_output(Arena *arena, const char *object, const char *main_source, const char *output,
                        char **error)
{
    static const char *const libraries[] = { "-lopenblas", "-ljansson", "-lcsv", "-lxxhash", "-lz", "-lm" };
    Command c = begin_command(arena);
    push(&c, main_source ? "-fPIE" : "-shared");
    push_includes(arena, &c);
    if (main_source)
        push(&c, main_source);
    push(&c, object);
    push(&c, find_home(arena).library);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        push(&c, libraries[i]);
#if defined(__SANITIZE_ADDRESS__)
    push(&c, "-fsanitize=address,undefined");
#endif
    push(&c, "-o");
    push(&c, output);
    return run(&c, output, error);
}

static bool build_all(Arena *arena, const Program *p, const char *directory, char **error)
{
    const char *name = p->model->name;
    const char *object = arena_printf(arena, "%s/%s.o", directory, name);
    bool fine = write_all(arena, p, directory, error) &&
                compile_object(arena, arena_printf(arena, "%s/%s.c", directory, name), object, error) &&
                link_output(arena, object, NULL, arena_printf(arena, "%s/lib%s.so", directory, name), error) &&
                link_output(arena, object, arena_printf(arena, "%s/%s_main.c", directory, name),
                            arena_printf(arena, "%s/%s", directory, name), error);
    unlink(object);
    return fine;
}

bool build_in(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = build_all(arena, p, directory, error);
    arena_free(arena);
    return fine;
}

/* ---- the cache ---- */

static void hash_file(XXH3_state_t *state, const char *path)
{
    tl_error e;
    size_t size;
    void *bytes = tl_file_read(path, (size_t)1 << 30, &size, &e);
    if (bytes)
        XXH3_64bits_update(state, bytes, size);
    free(bytes);
}

static char *cache_key(Arena *arena, const Program *p)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    emit_source(p, f);
    emit_header(p, f);
    fprintf(f, "%s", c_compiler());
    for (int i = 0; i < NFLAGS; i++)
        fprintf(f, " %s", flags[i]);
    fclose(f);
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        abort();
    XXH3_64bits_reset(state);
    XXH3_64bits_update(state, text, size);
    hash_file(state, find_home(arena).library);
    char *key = arena_printf(arena, "%s-%016llx", p->model->name, (unsigned long long)XXH3_64bits_digest(state));
    XXH3_freeState(state);
    free(text);
    return key;
}

/* Built aside and renamed, so that the cache never holds half a build; if somebody else was faster,
 * theirs is as good. */
static bool fill_cache(Arena *arena, const Program *p, const char *root, const char *final, char **error)
{
    char *aside = arena_printf(arena, "%s/building-XXXXXX", root);
    if (!make_directories(arena, root, error))
        return false;
    if (!mkdtemp(aside)) {
        *error = user_sentence("%s: cannot make a directory here: %s; set TAPELESS_CACHE to one that can be written",
                               root, strerror(errno));
        return false;
    }
    bool fine = build_all(arena, p, aside, error);
    if (fine && rename(aside, final) == 0)
        return true;
    static const char *const endings[] = { "%s/%s.c", "%s/%s.h", "%s/%s_main.c", "%s/%s_ffi.lua",
                                          "%s/%s", "%s/lib%s.so" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *path = NULL;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (asprintf(&path, endings[i], aside, p->model->name) >= 0)
            unlink(path);
#pragma GCC diagnostic pop
        free(path);
    }
    rmdir(aside);
    return fine;
}

char *build_cached(const Program *p, char **error)
{
    Arena *arena = arena_new();
    char *root = cache_root(arena), *final = arena_printf(arena, "%s/%s", root, cache_key(arena, p)), *result = NULL;
    if (readable(arena_printf(arena, "%s/%s", final, p->model->name)) || fill_cache(arena, p, root, final, error))
        result = strdup(final);
    arena_free(arena);
    return result;
}
