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
    const char *path; /* below the directory; $ is the model's name */
    Printer *print;
} Source;

static const Source sources[] = {
    { "$.h", emit_header }, { "$.c", emit_source }, { "$_main.c", emit_main }, { "$_ffi.lua", emit_binding }
};
enum { SOURCES = sizeof sources / sizeof *sources };

static const Source single[] = { { "$.h", emit_single_header }, { "$.c", emit_single_source }, { "$_weights.h", emit_weights } };
static const Source fixed[] = { { "$.h", emit_fixed_header }, { "$.c", emit_fixed_source }, { "$_weights.h", emit_weights } };

/* What goes with the sources, and what a user goes on from: that is written where it is not there. */
static const Source arduino[] = { { "keywords.txt", emit_arduino_keywords } };
static const Source arduino_begin[] = {
    { "library.properties", emit_arduino_properties }, { "examples/Predict/Predict.ino", emit_arduino_predict },
    { "examples/Learn/Learn.ino", emit_arduino_learn },
};
static const Source esp_idf[] = { { "CMakeLists.txt", emit_idf_component } };
static const Source esp_idf_begin[] = {
    { "idf_component.yml", emit_idf_manifest }, { "examples/predict/CMakeLists.txt", emit_idf_project },
    { "examples/predict/main/CMakeLists.txt", emit_idf_main }, { "examples/predict/main/main.c", emit_idf_program },
};

/* "DIRECTORY/room.h" of "$.h" */
static char *named_path(Arena *arena, const char *name, const char *directory, const char *path)
{
    const char *mark = strchr(path, '$');
    return mark ? arena_printf(arena, "%s/%.*s%s%s", directory, (int)(mark - path), path, name, mark + 1)
                : arena_printf(arena, "%s/%s", directory, path);
}

static char *source_path(Arena *arena, const Program *p, const char *directory, const Source *s)
{
    return named_path(arena, p->model->name, directory, s->path);
}

const char *const *output_paths(Arena *arena, const char *name, const char *directory, bool build)
{
    const char **paths = arena_array(arena, const char *, SOURCES + 3);
    int n = 0;
    for (; n < SOURCES; n++)
        paths[n] = named_path(arena, name, directory, sources[n].path);
    if (build) {
        paths[n++] = arena_printf(arena, "%s/%s", directory, name);
        paths[n] = arena_printf(arena, "%s/lib%s.so", directory, name);
    }
    return paths;
}

static bool write_text(const char *path, const char *text, size_t size, char **error)
{
    tl_error e;
    bool fine = !tl_file_replace(path, &(tl_chunk){ text, size }, 1, &e);
    if (!fine)
        *error = user_sentence("%s", e.text);
    return fine;
}

static bool write_source(const Program *p, const char *path, Printer *print, char **error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    print(p, f);
    text_close(f);
    bool fine = write_text(path, text, size, error);
    free(text);
    return fine;
}

static bool make_directory_of(Arena *arena, char *path, char **error)
{
    return make_directories(arena, arena_printf(arena, "%.*s", (int)(strrchr(path, '/') - path), path), 0777, error);
}

static bool write_each(Arena *arena, const Program *p, const Source *s, int n, const char *directory, char **error)
{
    bool fine = true;
    for (int i = 0; i < n && fine; i++)
        fine = make_directory_of(arena, source_path(arena, p, directory, &s[i]), error);
    for (int i = 0; i < n && fine; i++)
        fine = is_ours(source_path(arena, p, directory, &s[i]), "Written by tapeless", error);
    for (int i = 0; i < n && fine; i++)
        fine = write_source(p, source_path(arena, p, directory, &s[i]), s[i].print, error);
    return fine;
}

static bool write_all(Arena *arena, const Program *p, const char *directory, char **error)
{
    return write_each(arena, p, sources, SOURCES, directory, error);
}

static bool write_alone(Arena *arena, const Program *p, const char *directory, char **error)
{
    return p->single->fixed ? write_each(arena, p, fixed, 3, directory, error)
                            : write_each(arena, p, single, p->single->params ? 3 : 2, directory, error);
}

bool write_single(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_alone(arena, p, directory, error);
    arena_free(arena);
    return fine;
}

static bool write_missing(Arena *arena, const Program *p, const Source *s, int n, const char *directory, char **error)
{
    bool fine = true;
    for (int i = 0; i < n && fine; i++)
        if (!tl_file_exists(source_path(arena, p, directory, &s[i])))
            fine = write_each(arena, p, &s[i], 1, directory, error);
    return fine;
}

bool write_arduino(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_alone(arena, p, arena_printf(arena, "%s/src", directory), error) && write_each(arena, p, arduino, 1, directory, error) &&
                write_missing(arena, p, arduino_begin, p->single->online ? 3 : 2, directory, error);
    arena_free(arena);
    return fine;
}

bool write_esp_idf(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_alone(arena, p, arena_printf(arena, "%s/src", directory), error) && write_each(arena, p, esp_idf, 1, directory, error) &&
                write_missing(arena, p, esp_idf_begin, sizeof esp_idf_begin / sizeof *esp_idf_begin, directory, error);
    arena_free(arena);
    return fine;
}

bool write_weights(const Program *p, const char *path, char **error)
{
    return is_ours(path, "Written by tapeless", error) && write_source(p, path, emit_weights, error);
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

typedef bool Make(Arena *, const void *program, const char *directory, char **error);

static bool build_through(Arena *arena, const void *program, Make *make, const char *const *results, int n,
                          const char *directory, const WorkDir *w, char **error)
{
    bool fine = true;
    for (int i = 0; i < n && fine; i++)
        fine = is_ours(arena_printf(arena, "%s/%s", directory, results[i]), "\177ELF", error);
    fine = fine && make(arena, program, w->path, error);
    for (int i = 0; i < n && fine; i++)
        fine = install(arena_printf(arena, "%s/%s", w->path, results[i]),
                       arena_printf(arena, "%s/%s", directory, results[i]), error);
    return fine;
}

/* Makes n results aside and puts them into `directory`, which is there. */
static bool build_results(Arena *arena, const void *program, Make *make, const char *const *results, int n,
                          const char *directory, char **error)
{
    WorkDir w;
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        *error = user_sentence("%s: %s", directory, strerror(errno));
    bool fine = fd >= 0 && workdir_make(&w, arena, fd, directory, error);
    if (fine) {
        fine = build_through(arena, program, make, results, n, directory, &w, error);
        workdir_remove(&w);
    }
    if (fd >= 0)
        close(fd);
    return fine;
}

static bool make_model(Arena *arena, const void *program, const char *directory, char **error)
{
    return build_aside(arena, program, directory, error);
}

bool build_in(const Program *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    const char *name = p->model->name, *results[] = { arena_printf(arena, "lib%s.so", name), name };
    bool fine = write_all(arena, p, directory, error) &&
                build_results(arena, p, make_model, results, 2, directory, error);
    arena_free(arena);
    return fine;
}

/* ---- for CasADi ---- */

static bool write_step(Arena *arena, const StepProgram *p, const char *directory, char **error)
{
    char *text = NULL, *path = arena_printf(arena, "%s/%s_casadi.c", directory, p->base.model->name);
    size_t size = 0;
    if (!make_directories(arena, directory, 0777, error) || !is_ours(path, "Written by tapeless", error))
        return false;
    FILE *f = text_open(&text, &size);
    emit_casadi(p, f);
    text_close(f);
    bool fine = write_text(path, text, size, error);
    free(text);
    return fine;
}

static bool make_step(Arena *arena, const void *program, const char *directory, char **error)
{
    const StepProgram *p = program;
    Toolchain t;
    return toolchain_find(&t, arena, error) && write_step(arena, p, directory, error) &&
           toolchain_build_alone(&t, arena, directory, arena_printf(arena, "%s_casadi", p->base.model->name), NULL,
                                 error);
}

bool write_casadi(const StepProgram *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    bool fine = write_step(arena, p, directory, error);
    arena_free(arena);
    return fine;
}

bool build_casadi(const StepProgram *p, const char *directory, char **error)
{
    Arena *arena = arena_new();
    const char *result = arena_printf(arena, "lib%s_casadi.so", p->base.model->name);
    bool fine = write_step(arena, p, directory, error) &&
                build_results(arena, p, make_step, &result, 1, directory, error);
    arena_free(arena);
    return fine;
}
