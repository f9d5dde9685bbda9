#include "cli/toolchain.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tapeless/blas.h>

#include "cli/home.h"
#include "graph/checked.h"
#include "graph/user_error.h"

extern char **environ;

/* Optimisation that keeps IEEE results: no -ffast-math; math functions need not set errno. Products
 * go through the runtime. */
static const char *const flags[] = { "-std=c99",          "-O3",                "-march=native",
                                     "-fno-math-errno",   "-fno-trapping-math", "-ffp-contract=fast", TL_BLAS_RENAMED };
static const char *const libraries[] = { "-ljansson", "-lcsv", "-lxxhash", "-lz", "-ldl", "-lm" };
/* What else moves gcc and clang to other headers, libraries or programs. */
static const char *const variables[] = { "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH",
                                         "COMPILER_PATH", "GCC_EXEC_PREFIX", "CCC_OVERRIDE_OPTIONS" };
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- which ---- */

static bool is_program(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode) && access(path, X_OK) == 0;
}

/* As execvp looks: a name with a slash is a path. NULL if there is none. */
static const char *find_program(Arena *arena, const char *name)
{
    const char *path = getenv("PATH");
    if (strchr(name, '/'))
        return is_program(name) ? name : NULL;
    char *save = NULL, *list = arena_strdup(arena, path && *path ? path : "/usr/local/bin:/usr/bin:/bin");
    for (char *dir = strtok_r(list, ":", &save); dir; dir = strtok_r(NULL, ":", &save)) {
        char *full = arena_printf(arena, "%s/%s", dir, name);
        if (is_program(full))
            return full;
    }
    return NULL;
}

/* A path with blanks in it that is one program needs no quotes. */
static bool split_cc(Toolchain *t, const char *cc, char **error)
{
    if (is_program(cc)) {
        words_push(&t->cc, cc);
        return true;
    }
    if (!words_split(&t->cc, cc)) {
        *error = user_sentence("CC=%s: a quote is not closed", cc);
        return false;
    }
    return true;
}

bool toolchain_find(Toolchain *t, Arena *arena, char **error)
{
    const char *cc = getenv("CC");
    *t = (Toolchain){ .cc = { .arena = arena } };
    if (cc && !split_cc(t, cc, error))
        return false;
    bool given = t->cc.count > 0; /* not where CC is empty, or blank */
    if (!given)
        words_push(&t->cc, is_program(TAPELESS_BUILD_CC) ? TAPELESS_BUILD_CC : "cc");
    t->executable = find_program(arena, t->cc.word[0]);
    if (t->executable)
        return true;
    *error = given ? user_sentence("CC=%s: there is no program %s; set CC to a C compiler, gcc or clang", cc,
                                   t->cc.word[0])
                   : user_sentence("there is no C compiler: install gcc or clang, or set CC");
    return false;
}

bool toolchain_named(Toolchain *t, Arena *arena, const char *program, const char *package, char **error)
{
    *t = (Toolchain){ .cc = { .arena = arena }, .executable = find_program(arena, program) };
    if (t->executable)
        words_push(&t->cc, program);
    else
        *error = user_sentence("there is no %s: apt-get install %s", program, package);
    return t->executable;
}

/* ---- running it ---- */

static Words begin_command(const Toolchain *t, Arena *arena)
{
    Words w = { .arena = arena };
    for (int i = 0; i < t->cc.count; i++)
        words_push(&w, t->cc.word[i]);
    return w;
}

static void push_flags(Words *w)
{
    for (size_t i = 0; i < COUNT(flags); i++)
        words_push(w, flags[i]);
}

static bool is_full(const char *directory)
{
    struct statvfs s;
    return statvfs(directory, &s) == 0 && s.f_blocks && s.f_bavail * s.f_frsize < 65536;
}

/* `what` was being made in `directory`; the compiler's own message is above. */
static char *why_failed(const Toolchain *t, int status, const char *what, const char *directory)
{
    const char *tmp = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    if (WIFSIGNALED(status))
        return user_sentence("%s: the C compiler %s was ended by signal %d (%s)", what, t->executable, WTERMSIG(status),
                             strsignal(WTERMSIG(status)));
    if (is_full(directory) || is_full(tmp))
        return user_sentence("%s: the C compiler %s failed on it: no space is left in %s", what, t->executable,
                             is_full(directory) ? directory : tmp);
    return user_sentence("%s: the C compiler %s failed on it (its message is above)", what, t->executable);
}

/* out: what its standard output becomes, or -1. Returns the status of waitpid, or -1 with a sentence. */
static int run(const Toolchain *t, const Words *w, int out, char **error)
{
    pid_t pid;
    int status = 0;
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) || (out >= 0 && posix_spawn_file_actions_adddup2(&actions, out, 1)))
        out_of_memory();
    int failed = posix_spawnp(&pid, w->word[0], &actions, NULL, (char *const *)w->word, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) {
        *error = user_sentence("%s: cannot run the C compiler: %s; install gcc or clang, or set CC", t->executable,
                               strerror(failed));
        return -1;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

bool toolchain_run(const Toolchain *t, const Words *w, const char *what, const char *directory, char **error)
{
    int status = run(t, w, -1, error);
    if (status > 0)
        *error = why_failed(t, status, what, directory);
    return status == 0;
}

/* ---- what it is ---- */

/* What the command prints, to `to`. */
static bool capture(const Toolchain *t, const Words *w, FILE *to, char **error)
{
    char text[4096];
    int out = memfd_create("printed", MFD_CLOEXEC);
    if (out < 0) {
        *error = user_sentence("cannot listen to the C compiler: %s", strerror(errno));
        return false;
    }
    int status = run(t, w, out, error);
    if (status > 0)
        *error = user_sentence("%s: it does not work as a C compiler; set CC to gcc or clang", t->executable);
    lseek(out, 0, SEEK_SET);
    for (ssize_t n; (n = read(out, text, sizeof text)) > 0;)
        fwrite(text, 1, (size_t)n, to);
    close(out);
    return status == 0;
}

/* A word that is a program: "ccache gcc" has two. It may be another one of the same name. */
static void print_word(Arena *arena, FILE *to, const char *word)
{
    struct stat s;
    const char *program = find_program(arena, word);
    fprintf(to, "%s\n", word);
    if (program && stat(program, &s) == 0)
        fprintf(to, "%s %jd %jd.%09ld\n", program, (intmax_t)s.st_size, (intmax_t)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

/* -march=native means another processor on another machine: which one, the predefined macros say, with the
 * version, for gcc and for clang; in no other way do both. */
static bool print_identity(const Toolchain *t, Arena *arena, FILE *to, char **error)
{
    static const char *const macros[] = { "-dM", "-E", "-x", "c", "/dev/null" };
    Words w = begin_command(t, arena);
    for (int i = 0; i < t->cc.count; i++)
        print_word(arena, to, t->cc.word[i]);
    for (size_t i = 0; i < COUNT(flags); i++)
        fprintf(to, "%s\n", flags[i]);
    for (size_t i = 0; i < COUNT(libraries); i++)
        fprintf(to, "%s\n", libraries[i]);
    for (size_t i = 0; i < COUNT(variables); i++)
        fprintf(to, "%s=%s\n", variables[i], getenv(variables[i]) ? getenv(variables[i]) : "");
    push_flags(&w);
    for (size_t i = 0; i < COUNT(macros); i++)
        words_push(&w, macros[i]);
    return capture(t, &w, to, error);
}

const char *toolchain_identity(const Toolchain *t, Arena *arena, char **error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    bool fine = print_identity(t, arena, f, error);
    text_close(f);
    const char *identity = fine ? arena_strdup(arena, text) : NULL;
    free(text);
    return identity;
}

/* ---- what it makes ---- */

/* Not the model's own directory: its header would hide what it is called after. */
static Words begin_build(const Toolchain *t, Arena *arena)
{
    Words w = begin_command(t, arena);
    push_flags(&w);
    words_push(&w, "-I");
    words_push(&w, find_home(arena).include);
#ifdef TAPELESS_SANITIZED
    words_push(&w, "-fsanitize=address,undefined");
#endif
    return w;
}

/* One object serves the trainer and the library. */
static bool compile_object(const Toolchain *t, Arena *arena, const char *directory, const char *name, char **error)
{
    Words w = begin_build(t, arena);
    char *source = arena_printf(arena, "%s/%s.c", directory, name);
    words_push(&w, "-fPIC");
    words_push(&w, "-c");
    words_push(&w, source);
    words_push(&w, "-o");
    words_push(&w, arena_printf(arena, "%s/%s.o", directory, name));
    return toolchain_run(t, &w, arena_printf(arena, "%s.c", name), directory, error);
}

/* A trainer finds beside the runtime what it loads, see <tapeless/processes.h>. */
static void push_run_path(Words *w, const char *library)
{
    char *directory = arena_strdup(w->arena, library);
    *strrchr(directory, '/') = '\0';
#ifdef TAPELESS_SANITIZED
    words_push(w, "-Wl,--disable-new-dtags"); /* dlopen is called by AddressSanitizer, whose path a RUNPATH is not */
#endif
    words_push(w, "-Xlinker"); /* -Wl would take a comma for the end of it */
    words_push(w, "-rpath");
    words_push(w, "-Xlinker");
    words_push(w, directory);
}

/* `first`: what the object is linked with, a source or an option. */
static bool link_output(const Toolchain *t, Arena *arena, const char *directory, const char *name, const char *first,
                        const char *output, char **error)
{
    Words w = begin_build(t, arena);
    words_push(&w, *first == '-' ? first : "-fPIE");
    if (*first != '-')
        words_push(&w, arena_printf(arena, "%s/%s", directory, first));
    words_push(&w, arena_printf(arena, "%s/%s.o", directory, name));
    words_push(&w, find_home(arena).library);
    words_push(&w, "-Wl,--exclude-libs,libtapeless.a"); /* a library exports the model's names alone */
    if (*first != '-')
        push_run_path(&w, find_home(arena).library);
    for (size_t i = 0; i < COUNT(libraries); i++)
        words_push(&w, libraries[i]);
    words_push(&w, "-o");
    words_push(&w, arena_printf(arena, "%s/%s", directory, output));
    return toolchain_run(t, &w, output, directory, error);
}

bool toolchain_build(const Toolchain *t, Arena *arena, const char *directory, const char *name, char **error)
{
    char *library = arena_printf(arena, "lib%s.so", name), *object = arena_printf(arena, "%s/%s.o", directory, name);
    bool fine = compile_object(t, arena, directory, name, error) &&
                link_output(t, arena, directory, name, "-shared", library, error) &&
                link_output(t, arena, directory, name, arena_printf(arena, "%s_main.c", name), name, error);
    unlink(object);
    return fine;
}

bool toolchain_build_alone(const Toolchain *t, Arena *arena, const char *directory, const char *name,
                           const Target *target, char **error)
{
    Words w = begin_build(t, arena);
    for (int i = 0; target && i < MOST_TARGET_FLAGS && target->flags[i]; i++)
        words_push(&w, target->flags[i]); /* the last -march holds */
    char *library = arena_printf(arena, "lib%s.so", name);
    words_push(&w, "-fPIC");
    words_push(&w, "-shared");
    words_push(&w, arena_printf(arena, "%s/%s.c", directory, name));
    words_push(&w, "-lm");
    words_push(&w, "-o");
    words_push(&w, arena_printf(arena, "%s/%s", directory, library));
    return toolchain_run(t, &w, library, directory, error);
}
