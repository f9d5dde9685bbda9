/* inject.c - a library to preload: the n-th call that can fail does (fault.h). Calls from within libc and
 * other libraries count where they go through the symbols below; stdio's writes do at fflush and fclose. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"

static FaultState *state; /* NULL: this program's calls do not count */

/* The next definition of a function, found when it is first needed. */
#define REAL(name)                                                                                     \
    static __typeof__(name) *real;                                                                     \
    if (!real) {                                                                                       \
        void *found = dlsym(RTLD_NEXT, #name);                                                         \
        memcpy(&real, &found, sizeof real);                                                            \
    }

static int counts_here(const FaultState *s)
{
    const char *name = program_invocation_short_name, *at = s->program;
    size_t n = strlen(name);
    while ((at = strstr(at, name)) && ((at > s->program && at[-1] != ' ') || (at[n] && at[n] != ' ')))
        at++;
    return at != NULL;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv(FAULT_STATE);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    FaultState *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (s != MAP_FAILED && counts_here(s))
        state = s;
}

static void trace(const char *name)
{
    void *frame[64];
    FaultState *kept = state;
    state = NULL;
    dprintf(STDERR_FILENO, "fault: %s\n", name);
    backtrace_symbols_fd(frame, backtrace(frame, 64), STDERR_FILENO);
    state = kept;
}

/* What no program can do anything about: OpenBLAS and libgfortran take for granted that they get memory, so
 * does the loader once it has begun. */
static int is_beyond_us(void *caller)
{
    static const char *const names[] = { "libopenblas", "libgfortran", "libquadmath", "ld-linux" };
    Dl_info info;
    if (!dladdr(caller, &info) || !info.dli_fname)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(info.dli_fname, names[i]))
            return 1;
    return 0;
}

/* Whether this call, the next of its kind, is to fail. */
static int fails_for(FaultKind kind, const char *name, void *caller)
{
    if (!state || state->kind != (int32_t)kind)
        return 0;
    int64_t n = atomic_fetch_add(&state->calls, 1);
    if (state->at < 0 || n < state->at || (n > state->at && !state->lasting) || is_beyond_us(caller))
        return 0;
    snprintf(state->what, sizeof state->what, "%s", name);
    if (getenv(FAULT_TRACE))
        trace(name);
    return 1;
}

static int fails_with(FaultKind kind, const char *name, int error, void *caller)
{
    if (kind == FAULT_FILES && state && state->lasting && error != ENOSPC)
        return 0; /* a full disk has no other errors */
    if (!fails_for(kind, name, caller))
        return 0;
    errno = error;
    return 1;
}

/* A microsecond a call: the same run gives the same bytes, on any machine. */
int clock_gettime(clockid_t clock, struct timespec *t)
{
    static atomic_llong calls;
    REAL(clock_gettime)
    if (!state || state->real_clock)
        return real(clock, t);
    int64_t n = atomic_fetch_add(&calls, 1);
    *t = (struct timespec){ .tv_sec = 1000 + n / 1000000, .tv_nsec = n % 1000000 * 1000 };
    return 0;
}

/* ---- memory ---- */

#define CALLER __builtin_return_address(0)
#define NO_MEMORY(name) fails_with(FAULT_MEMORY, name, ENOMEM, CALLER)

void *malloc(size_t n)
{
    REAL(malloc)
    return NO_MEMORY("malloc") ? NULL : real(n);
}

/* dlsym itself may need it. */
void *calloc(size_t n, size_t size)
{
    static char early[4096];
    static size_t used;
    static int looking;
    if (looking) {
        char *p = early + used;
        used += (n * size + 15) / 16 * 16;
        return used <= sizeof early ? p : NULL;
    }
    looking = 1;
    REAL(calloc)
    looking = 0;
    return NO_MEMORY("calloc") ? NULL : real(n, size);
}

void *realloc(void *p, size_t n)
{
    REAL(realloc)
    return NO_MEMORY("realloc") ? NULL : real(p, n);
}

void *reallocarray(void *p, size_t n, size_t size)
{
    REAL(reallocarray)
    return NO_MEMORY("reallocarray") ? NULL : real(p, n, size);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    REAL(aligned_alloc)
    return NO_MEMORY("aligned_alloc") ? NULL : real(alignment, n);
}

int posix_memalign(void **p, size_t alignment, size_t n)
{
    REAL(posix_memalign)
    return NO_MEMORY("posix_memalign") ? ENOMEM : real(p, alignment, n);
}

/* Under AddressSanitizer these two do not come to malloc. */
char *strdup(const char *s)
{
    REAL(strdup)
    return NO_MEMORY("strdup") ? NULL : real(s);
}

char *strndup(const char *s, size_t n)
{
    REAL(strndup)
    return NO_MEMORY("strndup") ? NULL : real(s, n);
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    REAL(mmap)
    return NO_MEMORY("mmap") ? MAP_FAILED : real(at, n, protection, flags, fd, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context)
{
    REAL(pthread_create)
    return NO_MEMORY("pthread_create") ? EAGAIN : real(thread, attributes, start, context);
}

/* ---- files ---- */

#define BAD_FILE(name, error) fails_with(FAULT_FILES, name, error, CALLER)
#define INTERRUPTED(name) fails_with(FAULT_INTERRUPT, name, EINTR, CALLER)

static mode_t mode_of(int flags, va_list ap)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(ap, int) : 0;
}

#define OPEN(name, ...)                                                                                \
    REAL(name)                                                                                         \
    va_list ap;                                                                                        \
    va_start(ap, flags);                                                                               \
    mode_t mode = mode_of(flags, ap);                                                                  \
    va_end(ap);                                                                                        \
    if (BAD_FILE(#name, flags & O_CREAT ? ENOSPC : EMFILE))                                           \
        return -1;                                                                                     \
    return real(__VA_ARGS__, flags, mode)

int open(const char *path, int flags, ...) { OPEN(open, path); }
int open64(const char *path, int flags, ...) { OPEN(open64, path); }
int openat(int directory, const char *path, int flags, ...) { OPEN(openat, directory, path); }

FILE *fopen(const char *path, const char *mode)
{
    REAL(fopen)
    return BAD_FILE("fopen", *mode == 'r' ? EMFILE : ENOSPC) ? NULL : real(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    REAL(fdopen)
    return BAD_FILE("fdopen", ENOMEM) ? NULL : real(fd, mode);
}

FILE *tmpfile(void)
{
    REAL(tmpfile)
    return BAD_FILE("tmpfile", ENOSPC) ? NULL : real();
}

int mkostemp(char *name, int flags)
{
    REAL(mkostemp)
    return BAD_FILE("mkostemp", ENOSPC) ? -1 : real(name, flags);
}

int mkstemp(char *name)
{
    REAL(mkstemp)
    return BAD_FILE("mkstemp", ENOSPC) ? -1 : real(name);
}

char *mkdtemp(char *name)
{
    REAL(mkdtemp)
    return BAD_FILE("mkdtemp", ENOSPC) ? NULL : real(name);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir)
    return BAD_FILE("mkdir", ENOSPC) ? -1 : real(path, mode);
}

/* Keeps what a file is to become, for the loop to know it by. */
static void record(int directory, const char *from, const char *to)
{
    char name[512];
    const char *slash = strrchr(to, '/');
    if (!state || !state->versions[0])
        return;
    snprintf(name, sizeof name, "%s/%s.%d", state->versions, slash ? slash + 1 : to, atomic_fetch_add(&state->renames, 1) + 1);
    linkat(directory, from, AT_FDCWD, name, 0);
}

int rename(const char *from, const char *to)
{
    REAL(rename)
    record(AT_FDCWD, from, to);
    return BAD_FILE("rename", EIO) ? -1 : real(from, to);
}

int renameat(int a, const char *from, int b, const char *to)
{
    REAL(renameat)
    record(a, from, to);
    return BAD_FILE("renameat", EIO) ? -1 : real(a, from, b, to);
}

int fsync(int fd)
{
    REAL(fsync)
    return BAD_FILE("fsync", EIO) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync)
    return BAD_FILE("fdatasync", EIO) ? -1 : real(fd);
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate)
    return BAD_FILE("ftruncate", EIO) ? -1 : real(fd, length);
}

int fstat(int fd, struct stat *s)
{
    REAL(fstat)
    return BAD_FILE("fstat", EIO) ? -1 : real(fd, s);
}

int dup(int fd)
{
    REAL(dup)
    return BAD_FILE("dup", EMFILE) ? -1 : real(fd);
}

int pipe2(int ends[2], int flags)
{
    REAL(pipe2)
    return BAD_FILE("pipe2", EMFILE) ? -1 : real(ends, flags);
}

pid_t fork(void)
{
    REAL(fork)
    return BAD_FILE("fork", EAGAIN) ? -1 : real();
}

int flock(int fd, int operation)
{
    REAL(flock)
    return BAD_FILE("flock", ENOLCK) || INTERRUPTED("flock") ? -1 : real(fd, operation);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    REAL(waitpid)
    return INTERRUPTED("waitpid") ? -1 : real(pid, status, options);
}

int close(int fd)
{
    REAL(close)
    int bad = real(fd);
    return BAD_FILE("close", EIO) ? -1 : bad; /* Linux closes it all the same */
}

static size_t part(const char *name, size_t n) { return n > 1 && fails_for(FAULT_SHORT, name, CALLER) ? n / 2 : n; }

ssize_t write(int fd, const void *p, size_t n)
{
    REAL(write)
    return BAD_FILE("write", ENOSPC) || INTERRUPTED("write") ? -1 : real(fd, p, part("write", n));
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    REAL(pwrite)
    return BAD_FILE("pwrite", ENOSPC) || INTERRUPTED("pwrite") ? -1 : real(fd, p, part("pwrite", n), at);
}

ssize_t read(int fd, void *p, size_t n)
{
    REAL(read)
    return BAD_FILE("read", EIO) || INTERRUPTED("read") ? -1 : real(fd, p, part("read", n));
}

/* A stream that is flushed while its descriptor leads to a full disk: it keeps its error, as it would. */
static int to_full_disk(FILE *f, int (*flush)(FILE *), int stays_open)
{
    FaultState *kept = state;
    state = NULL;
    int fd = fileno(f), saved = dup(fd), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    dup2(full, fd);
    int bad = flush(f);
    if (stays_open)
        dup2(saved, fd);
    close(saved);
    close(full);
    state = kept;
    errno = ENOSPC;
    return bad;
}

static int is_written(FILE *f) { return f && fileno(f) >= 0 && __fpending(f) > 0; }

int fflush(FILE *f)
{
    REAL(fflush)
    return is_written(f) && fails_for(FAULT_FILES, "fflush", CALLER) ? to_full_disk(f, real, 1) : real(f);
}

int fclose(FILE *f)
{
    REAL(fclose)
    return is_written(f) && fails_for(FAULT_FILES, "fclose", CALLER) ? to_full_disk(f, real, 0) : real(f);
}
