#include "cli/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tapeless/file.h>
#include <tapeless/output.h>

#include "cli/toolchain.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"

/* ---- what may be written over ---- */

/* A new name, an empty file, or one that has `sign` near its beginning. */
static bool is_ours(const char *path, const char *sign, char **error)
{
    char head[1024] = "";
    tl_error e;
    char *target = tl_output_target(path, &e);
    if (!target) {
        *error = user_sentence("%s", e.text);
        return false;
    }
    int fd = open(target, O_RDONLY | O_CLOEXEC);
    free(target);
    if (fd < 0)
        return true; /* whether it can be replaced will be seen */
    ssize_t n = read(fd, head, sizeof head - 1);
    close(fd);
    if (n <= 0 || memmem(head, (size_t)n, sign, strlen(sign)))
        return true;
    *error = user_sentence("%s: this file was not written by tapeless, and would be lost: -o takes another directory, or "
                           "move it away", path);
    return false;
}

/* ---- the sources ---- */

typedef void Printer(const Program *, FILE *);

typedef struct Source {
    const char *suffix;
    Printer *print;
} Source;

static const Source sources[] = {
    { ".h", emit_header }, { ".c", emit_source }, { "_main.c", emit_main }, { "_ffi.lua", emit_binding }
};
enum { SOURCES = sizeof sources / sizeof *sources };

static char *source_path(Arena *arena, const Program *p, const char *directory, int i)
{
    return arena_printf(arena, "%s/%s%s", directory, p->model->name, sources[i].suffix);
}

static bool write_source(const Program *p, const char *path, Printer *print, char **error)
{
    char *text = NULL;
    size_t size = 0;
    tl_error e;
    FILE *f = text_open(&text, &size);
    print(p, f);
    text_close(f, &text);
    bool fine = !tl_file_replace(path, &(tl_chunk){ text, size }, 1, &e);
    if (!fine)
        *error = user_sentence("%s", e.text);
    free(text);
    return fine;
}

static bool write_all(Arena *arena, const Program *p, const char *directory, char **error)
{
    bool fine = make_directories(arena, directory, 0777, error);
    for (int i = 0; i < SOURCES && fine; i++)
        fine = is_ours(source_path(arena, p, directory, i), "Written by tapeless", error);
    for (int i = 0; i < SOURCES && fine; i++)
        fine = write_source(p, source_path(arena, p, directory, i), sources[i].print, error);
    return fine;
}

bool write_sources(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_all(arena, p, directory, error);
    arena_free(arena);
    return fine;
}

/* ---- trainer and library ---- */

bool build_aside(Arena *arena, const Program *p, const char *directory, char **error)
{
    Toolchain t;
    return toolchain_find(&t, arena, error) && write_all(arena, p, directory, error) &&
           toolchain_build(&t, arena, directory, p->model->name, error);
}

/* What the linker made is put where it belongs as every file is: whole, or not at all. */
static bool install(const char *from, const char *to, char **error)
{
    tl_error e;
    size_t size;
    void *bytes = tl_file_read(from, SIZE_MAX / 4, &size, &e);
    bool fine = bytes && !tl_file_replace_program(to, &(tl_chunk){ bytes, size }, 1, &e);
    if (!fine)
        *error = user_sentence("%s", e.text);
    free(bytes);
    return fine;
}

static bool build_through(Arena *arena, const Program *p, const char *directory, const WorkDir *w, char **error)
{
    const char *name = p->model->name, *results[] = { arena_printf(arena, "lib%s.so", name), name };
    bool fine = true;
    for (int i = 0; i < 2 && fine; i++)
        fine = is_ours(arena_printf(arena, "%s/%s", directory, results[i]), "\177ELF", error);
    fine = fine && build_aside(arena, p, w->path, error);
    for (int i = 0; i < 2 && fine; i++)
        fine = install(arena_printf(arena, "%s/%s", w->path, results[i]),
                       arena_printf(arena, "%s/%s", directory, results[i]), error);
    return fine;
}

bool build_in(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    WorkDir w;
    bool fine = write_all(arena, p, directory, error);
    int fd = fine ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fine && fd < 0)
        *error = user_sentence("%s: %s", directory, strerror(errno));
    fine = fd >= 0 && workdir_make(&w, arena, fd, directory, error);
    if (fine) {
        fine = build_through(arena, p, directory, &w, error);
        workdir_remove(&w);
    }
    if (fd >= 0)
        close(fd);
    arena_free(arena);
    return fine;
}
