/* loop.c - runs a command again and again, and each time lets another of its calls fail (fault.h).
 *
 *     loop --kind memory|starve|files|full|interrupt|short --inject LIBRARY --programs "tapeless ..." --before DIR
 *          [--grows NAME]... [--free NAME]... [--real-clock] [--most N] [--name WORDS] -- COMMAND...
 *
 * The command runs in a copy of DIR, which is removed; `@` at the beginning of one of its words stands for
 * that copy's path. First without a fault: it must exit 0, and what it leaves is what should be. Then with
 * the n-th call failing, for every n; or, where there are more than N, for the first N / 4 and as many as are left spread
 * evenly over the others. With `starve` and `full` all later calls fail as well: those of `memory`,
 * and of `files` those that fail on a full disk. A finding is
 *
 *     an end by a signal (processor time is bounded: what spins is killed), a sanitizer's report, or a
 *     status that is not 0, 1, 2; with `interrupt` and `short`, which a program must not notice, not 0;
 *     status 0, but files, or standard output, that are not those of the run without a fault;
 *     another status, but no sentence on stderr; or a file that is neither as it was before nor as it
 *     should be, nor what the run without a fault made of it on the way (of one that `grows`: its beginning, by
 *     whole lines; one that is `free`: anything), or that should not be there.
 *
 * Prints one line of figures; exits 1 if there was a finding, each of which says how to run it again. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"

enum { MOST_GROWING = 8, CPU_SECONDS = 120 };

typedef struct Loop {
    const char *kind, *inject, *before, *name;
    const char *grows[MOST_GROWING], *free[MOST_GROWING];
    int ngrows, nfree;
    long most;
    char **command;
    char work[64], after[64], versions[64]; /* the copy, what it should become, what it was on the way */
    char messages[64], output[64], printed[64]; /* stderr, standard output, and what that should be */
    FaultState *state;
    long runs, fine, refused, failed, findings;
} Loop;

static _Noreturn void stop(const char *what)
{
    fprintf(stderr, "loop: %s: %s\n", what, strerror(errno));
    exit(3);
}

/* ---- files ---- */

typedef struct Bytes {
    char *data;
    size_t size;
} Bytes;

/* data NULL: there is no such file. */
static Bytes slurp(const char *path)
{
    Bytes b = { NULL, 0 };
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return b;
    if (fstat(fd, &s) || !(b.data = malloc((size_t)s.st_size + 1)))
        stop(path);
    ssize_t n = read(fd, b.data, (size_t)s.st_size);
    if (n < 0)
        stop(path);
    b.size = (size_t)n;
    b.data[n] = '\0';
    close(fd);
    return b;
}

static bool same(Bytes a, Bytes b)
{
    return a.data && b.data && a.size == b.size && !memcmp(a.data, b.data, a.size);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s, (void)type, (void)f;
    return remove(path);
}

static void remove_tree(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

static void copy_file(const char *from, const char *to, mode_t mode)
{
    Bytes b = slurp(from);
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 0777);
    if (!b.data || fd < 0 || write(fd, b.data, b.size) != (ssize_t)b.size)
        stop(to);
    close(fd);
    free(b.data);
}

static char *joined(const char *directory, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        stop(name);
    return path;
}

/* each(path here, path there, directory?, context) for every entry below `directory`. */
typedef void Each(const char *here, const char *there, mode_t mode, void *context);

static void walk(const char *directory, const char *other, Each *each, void *context)
{
    DIR *d = opendir(directory);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        struct stat s;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        char *here = joined(directory, e->d_name), *there = joined(other, e->d_name);
        if (lstat(here, &s))
            stop(here);
        each(here, there, s.st_mode, context);
        if (S_ISDIR(s.st_mode))
            walk(here, there, each, context);
        free(here);
        free(there);
    }
    closedir(d);
}

static void copy_entry(const char *here, const char *there, mode_t mode, void *context)
{
    (void)context;
    if (S_ISDIR(mode) ? mkdir(there, 0777) : 0)
        stop(there);
    if (S_ISREG(mode))
        copy_file(here, there, mode);
}

static void restore(const Loop *l)
{
    remove_tree(l->work);
    if (mkdir(l->work, 0777))
        stop(l->work);
    walk(l->before, l->work, copy_entry, NULL);
}

/* ---- a run ---- */

static _Noreturn void become(const Loop *l)
{
    struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS + 1 }, core = { 0, 0 };
    int out = open(l->output, O_WRONLY | O_CREAT | O_TRUNC, 0666), err = open(l->messages, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out < 0 || err < 0 || chdir(l->work))
        _exit(126);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_CORE, &core);
    setenv("LD_PRELOAD", l->inject, 1);
    for (char **w = l->command; *w; w++)
        if (**w == '@')
            *w = joined(l->work, *w + 1);
    execvp(l->command[0], l->command);
    _exit(126);
}

static int run(Loop *l, int64_t at)
{
    int status;
    restore(l);
    l->state->at = at;
    l->state->what[0] = '\0';
    atomic_store(&l->state->calls, 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        become(l);
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        stop("fork");
    return status;
}

/* ---- what is wrong with it ---- */

typedef struct Verdict {
    const Loop *l;
    bool whole;     /* status 0: every file is as it should be */
    char text[512]; /* "" while nothing is wrong */
} Verdict;

static void wrong(Verdict *v, const char *what, const char *which)
{
    if (!v->text[0])
        snprintf(v->text, sizeof v->text, "%s%s", what, which);
}

static bool is_among(const char *const *names, int n, const char *path)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(strrchr(path, '/') + 1, names[i]))
            return true;
    return false;
}

static bool is_beginning(Bytes now, Bytes after)
{
    return now.data && after.data && now.size <= after.size && !memcmp(now.data, after.data, now.size) &&
           (!now.size || now.data[now.size - 1] == '\n');
}

/* What the file was for a while in the run without a fault. */
static bool is_version(const Loop *l, const char *path, Bytes now)
{
    bool found = false;
    for (int i = 1; i <= atomic_load(&l->state->renames) && !found; i++) {
        char *name;
        if (asprintf(&name, "%s%s.%d", l->versions, strrchr(path, '/'), i) < 0)
            stop(path);
        Bytes then = slurp(name);
        found = same(now, then);
        free(then.data);
        free(name);
    }
    return found;
}

static bool is_allowed(const Verdict *v, const char *path, Bytes now, Bytes before, Bytes after)
{
    const Loop *l = v->l;
    if (same(now, after) || v->whole)
        return same(now, after);
    return same(now, before) || is_version(l, path, now) || is_among(l->free, l->nfree, path) ||
           (is_among(l->grows, l->ngrows, path) && is_beginning(now, after));
}

static void look_at(const char *here, const char *there, mode_t mode, void *context)
{
    Verdict *v = context;
    if (!S_ISREG(mode))
        return;
    char *old = joined(v->l->before, here + strlen(v->l->work) + 1);
    Bytes now = slurp(here), after = slurp(there), before = slurp(old);
    if (!after.data && !before.data)
        wrong(v, "it leaves behind ", here);
    else if (!is_allowed(v, here, now, before, after))
        wrong(v, v->whole ? "status 0, but another file than without a fault: " : "a damaged file: ", here);
    free(now.data);
    free(after.data);
    free(before.data);
    free(old);
}

static void look_for(const char *here, const char *there, mode_t mode, void *context)
{
    if (S_ISREG(mode) && access(there, F_OK))
        wrong(context, "there is no ", here);
}

static bool is_sentence(Bytes b)
{
    return b.size > 1 && b.data[b.size - 1] == '\n' && !strstr(b.data, "Sanitizer") && !strstr(b.data, "internal error") &&
           !strstr(b.data, "runtime error:");
}

/* But for what memory it took. */
static void without_measures(char *text)
{
    for (char *to = text, *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        next += *next != '\0';
        char *word = memmem(line, (size_t)(next - line), "memory", 6);
        memmove(to, line, word ? 0 : (size_t)(next - line));
        to += word ? 0 : next - line;
        if (!*next)
            *to = '\0';
    }
}

static bool same_output(const Loop *l)
{
    Bytes now = slurp(l->output), then = slurp(l->printed);
    without_measures(now.data);
    without_measures(then.data);
    bool equal = !strcmp(now.data, then.data);
    free(now.data);
    free(then.data);
    return equal;
}

static void judge(Verdict *v, int status)
{
    const Loop *l = v->l;
    static char number[32];
    Bytes said = slurp(l->messages);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    bool unnoticed = l->state->kind == FAULT_INTERRUPT || l->state->kind == FAULT_SHORT;
    snprintf(number, sizeof number, "%d", WIFSIGNALED(status) ? WTERMSIG(status) : code);
    v->whole = code == 0;
    if (WIFSIGNALED(status))
        wrong(v, "it ends by signal ", number);
    else if (code > 2 || (unnoticed && code))
        wrong(v, "it ends with status ", number);
    if (code && !is_sentence(said))
        wrong(v, "no sentence but: ", said.data && said.size ? said.data : "nothing");
    if (v->whole && !l->state->real_clock && !same_output(l))
        wrong(v, "status 0, but other output than without a fault", "");
    walk(l->work, l->after, look_at, v);
    walk(v->whole ? l->after : l->before, l->work, look_for, v);
    free(said.data);
}

static void try(Loop *l, int64_t at)
{
    Verdict v = { .l = l };
    int status = run(l, at);
    judge(&v, status);
    l->runs++;
    l->fine += v.whole;
    l->refused += WIFEXITED(status) && WEXITSTATUS(status) == 2;
    l->failed += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    if (!v.text[0])
        return;
    l->findings++;
    printf("FINDING %s, %s %lld (%s): %s\n", l->name, l->kind, (long long)at, l->state->what, v.text);
    if (getenv("FAULT_SHOW")) {
        Bytes said = slurp(l->messages);
        fwrite(said.data, 1, said.size, stdout);
        free(said.data);
    }
}

/* ---- the loop ---- */

static int64_t all_calls(Loop *l)
{
    snprintf(l->state->versions, sizeof l->state->versions, "%s", l->versions);
    if (mkdir(l->versions, 0777))
        stop(l->versions);
    int status = run(l, -1);
    if (status) {
        Bytes said = slurp(l->messages);
        fprintf(stderr, "loop: %s: without a fault it ends with %d: %s\n", l->name, status, said.data ? said.data : "");
        exit(3);
    }
    l->state->versions[0] = '\0';
    if (rename(l->output, l->printed) || rename(l->work, l->after))
        stop(l->after);
    return atomic_load(&l->state->calls);
}

static void loop(Loop *l)
{
    int64_t calls = all_calls(l), every = calls, rest;
    const char *only = getenv("FAULT_ONLY");
    if (only)
        try(l, atoll(only));
    if (l->most && calls > l->most)
        every = l->most / 4;
    for (int64_t n = 0; n < every && !only; n++)
        try(l, n);
    rest = calls - every;
    for (int64_t i = 0; i < l->most - every && rest && !only; i++)
        try(l, every + rest * i / (l->most - every));
    printf("%s: %s: %lld calls, %ld failed in turn: %ld done all the same, %ld refused (2), %ld failed (1), %ld findings\n",
           l->name, l->kind, (long long)calls, l->runs, l->fine, l->refused, l->failed, l->findings);
}

static void set_kind(Loop *l)
{
    static const struct {
        const char *name;
        FaultKind kind;
        bool lasting;
    } kinds[] = { { "memory", FAULT_MEMORY, false }, { "starve", FAULT_MEMORY, true },         { "files", FAULT_FILES, false },
                  { "full", FAULT_FILES, true },     { "interrupt", FAULT_INTERRUPT, false }, { "short", FAULT_SHORT, false } };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].name, l->kind)) {
            l->state->kind = kinds[i].kind;
            l->state->lasting = kinds[i].lasting;
            return;
        }
    fprintf(stderr, "loop: there is no kind %s\n", l->kind);
    exit(3);
}

static void parse(Loop *l, int argc, char **argv, const char **programs, bool *real_clock)
{
    static const struct option options[] = {
        { "kind", 1, NULL, 'k' }, { "inject", 1, NULL, 'i' },   { "before", 1, NULL, 'b' }, { "grows", 1, NULL, 'g' },
        { "most", 1, NULL, 'm' }, { "programs", 1, NULL, 'p' }, { "name", 1, NULL, 'n' },   { "free", 1, NULL, 'f' },
        { "real-clock", 0, NULL, 'r' }, { 0 }
    };
    for (int c; (c = getopt_long(argc, argv, "+", options, NULL)) != -1;)
        switch (c) {
        case 'k': l->kind = optarg; break;
        case 'i': l->inject = optarg; break;
        case 'b': l->before = optarg; break;
        case 'm': l->most = atol(optarg); break;
        case 'n': l->name = optarg; break;
        case 'p': *programs = optarg; break;
        case 'g':
            if (l->ngrows < MOST_GROWING)
                l->grows[l->ngrows++] = optarg;
            break;
        case 'f':
            if (l->nfree < MOST_GROWING)
                l->free[l->nfree++] = optarg;
            break;
        case 'r': *real_clock = true; break;
        default: exit(3);
        }
    l->command = argv + optind;
    if (!l->kind || !l->inject || !l->before || !*programs || !*l->command) {
        fputs("loop: --kind, --inject, --before, --programs and a command are needed\n", stderr);
        exit(3);
    }
}

int main(int argc, char **argv)
{
    Loop l = { .name = "run" };
    const char *programs = NULL;
    bool real_clock = false;
    char root[] = "/tmp/faults-XXXXXX";
    parse(&l, argc, argv, &programs, &real_clock);
    if (!mkdtemp(root))
        stop(root);
    snprintf(l.work, sizeof l.work, "%s/work", root);
    snprintf(l.after, sizeof l.after, "%s/after", root);
    snprintf(l.versions, sizeof l.versions, "%s/versions", root);
    snprintf(l.messages, sizeof l.messages, "%s/stderr", root);
    snprintf(l.output, sizeof l.output, "%s/stdout", root);
    snprintf(l.printed, sizeof l.printed, "%s/printed", root);
    char *shared = joined(root, "state");
    int fd = open(shared, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *l.state))
        stop(shared);
    l.state = mmap(NULL, sizeof *l.state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (l.state == MAP_FAILED)
        stop(shared);
    snprintf(l.state->program, sizeof l.state->program, "%s", programs);
    setenv(FAULT_STATE, shared, 1);
    l.state->real_clock = real_clock;
    set_kind(&l);
    loop(&l);
    remove_tree(root);
    free(shared);
    return l.findings ? 1 : 0;
}
