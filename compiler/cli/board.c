#include "cli/board.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tapeless/file.h>
#include "cli/build.h"
#include "cli/toolchain.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"

#define ARM "arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi"

const char board_names[] = "cortex-m0plus, cortex-m4, cortex-m7, riscv64, host";

static const Board boards[] = {
    { "cortex-m0plus", ARM, { "-mcpu=cortex-m0plus", "-mthumb", "-mfloat-abi=soft" } },
    { "cortex-m4", ARM, { "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16" } },
    { "cortex-m7", ARM, { "-mcpu=cortex-m7", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv5-d16" } },
    { "riscv64", "riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu libc6-dev-riscv64-cross", { "-march=rv64gc" } },
    { "host", "gcc", "gcc", { NULL } },
};
enum { BOARDS = sizeof boards / sizeof *boards };

/* -fcallgraph-info=su writes what each function calls and takes of the stack to NAME.ci. */
static const char *const flags[] = { "-std=c99", "-O2", "-ffp-contract=off", "-fno-math-errno", "-ffreestanding",
                                     "-fno-tree-loop-distribute-patterns", "-fcallgraph-info=su", "-c" };

const Board *board_named(const char *name)
{
    for (int i = 0; i < BOARDS; i++)
        if (!strcmp(boards[i].name, name))
            return &boards[i];
    return NULL;
}

/* ---- sections of an object ---- */

/* What the sections whose names begin like this take; objects are of this machine's byte order. */
#define SECTIONS(BITS)                                                                                                  \
    static int64_t sections_##BITS(const char *file, size_t size, const char *begins)                                   \
    {                                                                                                                   \
        const Elf##BITS##_Ehdr *e = (const void *)file;                                                                 \
        int64_t sum = 0;                                                                                                \
        if (e->e_shoff + (uint64_t)e->e_shnum * sizeof(Elf##BITS##_Shdr) > size || e->e_shstrndx >= e->e_shnum)         \
            return -1;                                                                                                  \
        const Elf##BITS##_Shdr *s = (const void *)(file + e->e_shoff);                                                  \
        for (int i = 0; i < e->e_shnum; i++) {                                                                          \
            const uint64_t name = s[e->e_shstrndx].sh_offset + s[i].sh_name;                                            \
            if (name + strlen(begins) < size && !strncmp(file + name, begins, strlen(begins)))                          \
                sum += (int64_t)s[i].sh_size;                                                                           \
        }                                                                                                               \
        return sum;                                                                                                     \
    }
SECTIONS(32)
SECTIONS(64)

static int64_t sections(const char *file, size_t size, const char *begins)
{
    if (size < sizeof(Elf64_Ehdr) || memcmp(file, ELFMAG, SELFMAG))
        return -1;
    return file[EI_CLASS] == ELFCLASS64 ? sections_64(file, size, begins) : sections_32(file, size, begins);
}

/* ---- the stack ---- */

typedef struct Function {
    const char *name;
    int64_t own, all; /* all: -1 not known yet, -2 being looked at */
} Function;

typedef struct Calls {
    Function *function;
    int nfunctions;
    const char *(*edge)[2];
    int nedges;
} Calls;

/* What stands in quotes behind `key`; NULL. */
static char *quoted(Arena *arena, const char *line, const char *key)
{
    const char *from = strstr(line, key);
    const char *begin = from ? strchr(from, '"') : NULL, *end = begin ? strchr(begin + 1, '"') : NULL;
    return end ? arena_printf(arena, "%.*s", (int)(end - begin - 1), begin + 1) : NULL;
}

static void read_line(Calls *c, Arena *arena, const char *line)
{
    const char *bytes = strstr(line, " bytes (");
    if (!strncmp(line, "node:", 5)) {
        while (bytes && bytes > line && bytes[-1] >= '0' && bytes[-1] <= '9')
            bytes--;
        c->function[c->nfunctions++] = (Function){ quoted(arena, line, "title:"), bytes ? atoll(bytes) : 0, -1 };
    } else if (!strncmp(line, "edge:", 5)) {
        c->edge[c->nedges][0] = quoted(arena, line, "sourcename:");
        c->edge[c->nedges++][1] = quoted(arena, line, "targetname:");
    }
}

static Calls read_calls(Arena *arena, char *text)
{
    int lines = 1;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    Calls c = { .function = arena_array(arena, Function, lines), .edge = arena_alloc(arena, (size_t)lines, sizeof *c.edge) };
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        read_line(&c, arena, line);
    return c;
}

static Function *function_named(const Calls *c, const char *name)
{
    for (int i = 0; i < c->nfunctions; i++)
        if (c->function[i].name && name && !strcmp(c->function[i].name, name))
            return &c->function[i];
    return NULL;
}

/* With the deepest of what it calls; none calls itself. */
static int64_t depth(const Calls *c, Function *f)
{
    int64_t most = 0;
    if (!f || f->all == -2)
        return 0;
    if (f->all >= 0)
        return f->all;
    f->all = -2;
    for (int i = 0; i < c->nedges; i++)
        if (c->edge[i][0] && !strcmp(c->edge[i][0], f->name)) {
            const int64_t d = depth(c, function_named(c, c->edge[i][1]));
            most = d > most ? d : most;
        }
    return f->all = f->own + most;
}

static int64_t stack_of(const Calls *c, Arena *arena, const char *model, const char *function)
{
    Function *f = function_named(c, arena_printf(arena, "%s_%s", model, function));
    return f ? depth(c, f) : -1;
}

/* ---- the object ---- */

static bool compile_for(const Toolchain *t, Arena *arena, const Board *b, const char *directory, const char *name, char **error)
{
    Words w = { .arena = arena };
    words_push(&w, t->executable);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        words_push(&w, flags[i]);
    for (int i = 0; b->flag[i]; i++)
        words_push(&w, b->flag[i]);
    words_push(&w, arena_printf(arena, "%s/%s.c", directory, name));
    words_push(&w, "-o");
    words_push(&w, arena_printf(arena, "%s/%s.o", directory, name));
    return toolchain_run(t, &w, arena_printf(arena, "%s.c", name), directory, error);
}

static char *read_text(Arena *arena, const char *directory, const char *name, size_t *size, char **error)
{
    tl_error e;
    char *bytes = tl_file_read(arena_printf(arena, "%s/%s", directory, name), SIZE_MAX / 4, size, &e);
    if (!bytes)
        *error = user_sentence("%s", e.text);
    char *text = bytes ? arena_array(arena, char, *size + 1) : NULL;
    if (bytes)
        memcpy(text, bytes, *size);
    free(bytes);
    return text;
}

/* The structures' sizes are those of sections. */
static bool write_sizes(Arena *arena, const Program *p, const char *directory, char **error)
{
    tl_error e;
    const char *name = p->model->name;
    const bool online = p->single->online && !p->single->fixed;
    const char *text = arena_printf(arena, "#include \"%s.h\"\nchar a[sizeof(%s_predictor)] __attribute__((section(\".bss.predictor\")));\n", name, name);
    if (online)
        text = arena_printf(arena, "%schar b[sizeof(%s_learner)] __attribute__((section(\".bss.learner\")));\n", text, name);
    const char *path = arena_printf(arena, "%s/%s_sizes.c", directory, name);
    bool fine = !tl_file_replace(path, &(tl_chunk){ text, strlen(text) }, 1, &e);
    if (!fine)
        *error = user_sentence("%s", e.text);
    return fine;
}

static bool look(Arena *arena, const Board *b, const Toolchain *t, const Program *p, const char *directory, Footprint *f, char **error)
{
    const char *name = p->model->name, *sizes = arena_printf(arena, "%s_sizes", name);
    size_t n, m, k;
    if (!write_single(p, directory, error) || !write_sizes(arena, p, directory, error) ||
        !compile_for(t, arena, b, directory, name, error) || !compile_for(t, arena, b, directory, sizes, error))
        return false;
    char *object = read_text(arena, directory, arena_printf(arena, "%s.o", name), &n, error);
    char *calls = object ? read_text(arena, directory, arena_printf(arena, "%s.ci", name), &m, error) : NULL;
    char *structures = calls ? read_text(arena, directory, arena_printf(arena, "%s.o", sizes), &k, error) : NULL;
    if (!structures)
        return false;
    const Calls c = read_calls(arena, calls);
    *f = (Footprint){ .code = sections(object, n, ".text"), .constants = sections(object, n, ".rodata"),
                      .predictor = sections(structures, k, ".bss.predictor"), .learner = sections(structures, k, ".bss.learner"),
                      .predict = stack_of(&c, arena, name, p->single->fixed ? "fixed" : "predict"),
                      .push = stack_of(&c, arena, name, "push") };
    return true;
}

bool measure_footprint(const Board *b, const Program *p, Footprint *f, char **error)
{
    Arena *arena = arena_new();
    Toolchain t;
    WorkDir w;
    const char *temporary = getenv("TMPDIR"), *directory = temporary && *temporary ? temporary : "/tmp";
    bool fine = toolchain_named(&t, arena, b->compiler, b->package, error);
    int fd = fine ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fine && fd < 0)
        *error = user_sentence("%s: %s", directory, strerror(errno));
    fine = fd >= 0 && workdir_make(&w, arena, fd, directory, error);
    if (fine) {
        fine = look(arena, b, &t, p, w.path, f, error);
        workdir_remove(&w);
    }
    if (fd >= 0)
        close(fd);
    arena_free(arena);
    return fine;
}
