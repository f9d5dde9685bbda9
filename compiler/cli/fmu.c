#include "cli/fmu.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include <tapeless/file.h>
#include <tapeless/param.h>
#include <tapeless/prediction.h>
#include "cli/archive.h"
#include "cli/home.h"
#include "cli/toolchain.h"
#include "cli/trained.h"
#include "cli/workdir.h"
#include "front/identifier.h"
#include "graph/checked.h"

enum { MOST_ENTRIES = 64 };

/* What goes into the FMU. */
typedef struct Contents {
    Arena *arena;
    ArchiveEntry entry[MOST_ENTRIES];
    size_t n;
    void *owned[MOST_ENTRIES];
} Contents;

static void add_entry(Contents *c, const char *name, void *data, size_t size)
{
    assume(c->n < MOST_ENTRIES, "the FMU has more files than %d", MOST_ENTRIES);
    c->owned[c->n] = data;
    c->entry[c->n++] = (ArchiveEntry){ name, data, size };
}

static bool has_entry(const Contents *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (!strcmp(c->entry[i].name, name))
            return true;
    return false;
}

static void free_contents(Contents *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->owned[i]);
}

/* ---- what the description says of the data ---- */

static void label_field(Fmu *u, const tl_coding *c, int32_t field, bool target, size_t at)
{
    for (size_t i = 0; c->kind == TL_CODING_TABLE && i < c->ncolumns; i++)
        if (c->column[i].field == field && (c->column[i].target != 0) == target)
            u->label[at++] = tl_column_label(&c->column[i]);
}

static void label_columns(Fmu *u, const Trained *t, const Model *m, Arena *arena)
{
    size_t at = 0, n = 1;
    for (int32_t i = 0; i < m->ninputs; i++)
        n += tl_size(&m->inputs[i]);
    for (int32_t i = 0; i < m->noutputs; i++)
        n += tl_size(&m->outputs[i]);
    u->label = arena_array(arena, const char *, n);
    for (int32_t i = 0; i < m->ninputs; at += tl_size(&m->inputs[i++]))
        label_field(u, &t->weights.coding, i, false, at);
    for (int32_t i = 0; i < m->noutputs; at += tl_size(&m->outputs[i++])) {
        int32_t target = tl_predicted_by(t->model, i);
        if (target >= 0 && !m->targets[target].vocab && tl_size(&m->outputs[i]) == tl_size(&m->targets[target]))
            label_field(u, &t->weights.coding, target, true, at);
    }
}

/* A learned state starts from a parameter. */
static double first_value(const Trained *t, const tl_tensor *state, size_t j)
{
    const double *params = t->weights.params;
    return state->learned < 0 ? tl_first_value(state, j) : params[tl_param_at(&t->model->params[state->learned], j)];
}

static const double *start_of(const Trained *t, const Model *m, Arena *arena)
{
    size_t n = 0, at = 0;
    for (int32_t i = 0; i < m->nstates; i++)
        n += tl_size(&m->states[i]);
    double *start = arena_array(arena, double, n + 1);
    for (int32_t i = 0; i < m->nstates; i++)
        for (size_t j = 0; j < tl_size(&m->states[i]); j++)
            start[at++] = first_value(t, &m->states[i], j);
    return start;
}

static void mark_reads(const Model *m, Ref result, bool *reads, Arena *arena)
{
    bool *used = arena_array(arena, bool, m->step->count);
    used[result] = true;
    for (Ref r = result; r; r--) {
        const Node *n = node_at(m->step, r);
        if (used[r] && n->op == OP_INPUT)
            reads[n->attr[0]] = true;
        if (used[r] && n->op == OP_STATE)
            reads[m->ninputs + n->attr[0]] = true;
        for (uint32_t i = 0; used[r] && i < n->nargs; i++)
            used[arg_at(m->step, r, i)] = true;
    }
}

/* What an output is not made of has no derivative there, whatever the numbers. */
static const bool *const *reads_of(const Model *m, Arena *arena)
{
    bool **reads = arena_array(arena, bool *, m->noutputs + 1);
    for (int32_t i = 0; i < m->noutputs; i++) {
        reads[i] = arena_array(arena, bool, m->ninputs + m->nstates + 1);
        mark_reads(m, m->output[i], reads[i], arena);
    }
    return (const bool *const *)reads;
}

/* ---- the texts ---- */

typedef void PrintFmu(const Fmu *, FILE *);

static char *text_of(const Fmu *u, PrintFmu *print, size_t *size)
{
    char *text = NULL;
    FILE *f = text_open(&text, size);
    print(u, f);
    text_close(f);
    return text;
}

/* Of all that the FMU says and does. */
static const char *fingerprint(const Fmu *u, Arena *arena)
{
    Fmu nameless = *u;
    size_t size = 0, more = 0;
    nameless.guid = "";
    char *code = text_of(&nameless, emit_fmu, &size), *description = text_of(&nameless, emit_fmu_description, &more);
    XXH128_hash_t h = XXH3_128bits_withSeed(description, more, XXH3_64bits(code, size));
    free(code);
    free(description);
    return arena_printf(arena, "{%08x-%04x-%04x-%04x-%012" PRIx64 "}", (unsigned)(h.high64 >> 32),
                        (unsigned)(h.high64 >> 16 & 0xffff), (unsigned)(h.high64 & 0xffff), (unsigned)(h.low64 >> 48),
                        h.low64 & 0xffffffffffff);
}

/* ---- the runtime's headers that the source needs ---- */

static bool add_headers(Contents *c, const char *include, const char *text, char **error);

static bool add_header(Contents *c, const char *include, const char *name, char **error)
{
    tl_error e;
    size_t size = 0;
    const char *entry = arena_printf(c->arena, "sources/tapeless/%s", name);
    if (has_entry(c, entry))
        return true;
    char *text = tl_file_read(arena_printf(c->arena, "%s/tapeless/%s", include, name), SIZE_MAX / 4, &size, &e);
    if (!text) {
        *error = user_sentence("%s", e.text);
        return false;
    }
    add_entry(c, entry, text, size);
    return add_headers(c, include, text, error);
}

/* `#include <tapeless/NAME.h>`, or "NAME.h" of a header that stands beside. */
static bool add_headers(Contents *c, const char *include, const char *text, char **error)
{
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        char name[64];
        if (sscanf(line, " # include <tapeless/%63[^>\n]>", name) != 1 && sscanf(line, " # include \"%63[^\"\n]\"", name) != 1)
            continue;
        if (!add_header(c, include, name, error))
            return false;
    }
    return true;
}

/* ---- the library ---- */

static bool build_in_work(Contents *c, const char *name, const char *code, size_t size, const Target *target,
                          const WorkDir *w, char **error)
{
    Toolchain t;
    tl_error e;
    size_t length = 0;
    if (!toolchain_find(&t, c->arena, error))
        return false;
    void *library = NULL;
    bool fine = !tl_file_replace(arena_printf(c->arena, "%s/%s.c", w->path, name), &(tl_chunk){ code, size }, 1, &e);
    if (fine && !toolchain_build_alone(&t, c->arena, w->path, name, target, error))
        return false;
    if (fine)
        library = tl_file_read(arena_printf(c->arena, "%s/lib%s.so", w->path, name), SIZE_MAX / 4, &length, &e);
    if (!library) {
        *error = user_sentence("%s", e.text);
        return false;
    }
    add_entry(c, arena_printf(c->arena, "binaries/linux64/%s.so", name), library, length);
    return true;
}

static const char *directory_of(Arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    return !slash ? "." : slash == file ? "/" : arena_printf(arena, "%.*s", (int)(slash - file), file);
}

/* Beside the FMU, in a directory that goes. */
static bool add_library(Contents *c, const char *name, const char *code, size_t size, const Target *target,
                        const char *file, char **error)
{
    WorkDir w;
    const char *directory = directory_of(c->arena, file);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        *error = user_sentence("%s: %s", directory, strerror(errno));
        return false;
    }
    bool fine = workdir_make(&w, c->arena, fd, directory, error);
    if (fine) {
        fine = build_in_work(c, name, code, size, target, &w, error);
        workdir_remove(&w);
    }
    close(fd);
    return fine;
}

/* ---- the file ---- */

/* modelDescription.xml comes first: by it an FMU is known. */
static bool collect(Contents *c, const Fmu *u, const char *file, char **error)
{
    size_t size = 0;
    const char *name = u->step->d->model->name;
    char *description = text_of(u, emit_fmu_description, &size);
    add_entry(c, "modelDescription.xml", description, size);
    char *code = text_of(u, emit_fmu, &size);
    add_entry(c, arena_printf(c->arena, "sources/%s.c", name), code, size);
    return add_headers(c, find_home(c->arena).include, code, error) &&
           add_library(c, name, code, size, u->step->base.target, file, error);
}

static bool write_fmu(const Fmu *u, const char *file, Arena *arena, char **error)
{
    Contents c = { .arena = arena };
    tl_error e;
    size_t size = 0;
    void *bytes = collect(&c, u, file, error) ? archive_make(c.entry, c.n, &size, error) : NULL;
    bool fine = bytes && !tl_file_replace(file, &(tl_chunk){ bytes, size }, 1, &e);
    if (bytes && !fine)
        *error = user_sentence("%s", e.text);
    free(bytes);
    free_contents(&c);
    return fine;
}

/* What stands there is an FMU, or nothing is lost by it. */
static char *check_file(const FmuArguments *a)
{
    static const char sign[] = "modelDescription.xml";
    char head[256] = "";
    tl_error e;
    if (tl_file_check(a->file, &e))
        return user_sentence("%s", e.text);
    if (!tl_file_exists(a->file))
        return NULL;
    if (!a->overwrite)
        return user_sentence("%s: it exists; --overwrite replaces it", a->file);
    int fd = open(a->file, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : 0;
    if (fd >= 0)
        close(fd);
    if (n <= 0 || memmem(head, (size_t)n, sign, sizeof sign - 1))
        return NULL;
    return user_sentence("%s: this is no FMU, and would be lost; write another, or move it away", a->file);
}

static bool make(const FmuArguments *a, const Common *common, Model *m, Trained *t, char **error)
{
    const StepOptions options = { .forward_alone = true, .input = t->input, .output = t->output };
    const CompileOptions o = compile_options(common);
    StepDerivatives *d = step_derivatives(m, &options, error);
    StepProgram *p = d ? compile_step(d, &o, error) : NULL;
    bool fine = p;
    if (p) {
        p->params = trained_params(t, p->base.model, p->base.memory.param_size);
        Fmu u = { .step = p, .count = { m->ninputs, m->noutputs, m->nstates }, .step_size = a->step_size };
        u.start = start_of(t, m, t->arena);
        u.reads = reads_of(m, t->arena);
        label_columns(&u, t, m, t->arena);
        u.guid = fingerprint(&u, t->arena);
        fine = write_fmu(&u, a->file, t->arena, error);
    }
    step_program_free(p);
    step_derivatives_free(d);
    return fine;
}

static bool open_and_make(const FmuArguments *a, const Common *common, Model *m, char **error)
{
    Trained t = { 0 };
    bool fine = trained_open(&t, m, a->checkpoint, error);
    if (fine)
        trained_units(&t, m);
    fine = fine && make(a, common, m, &t, error);
    trained_close(&t);
    return fine;
}

int run_fmu(const FmuArguments *given, Common *common)
{
    FmuArguments a = *given;
    char path[512];
    if (common->precision && strcmp(common->precision, "f64"))
        return complain(user_sentence("tapeless export: --fmu: FMI computes in double precision; leave --precision %s out "
                                      "(parameters may be of any)", common->precision));
    if (!common->machine) /* an FMU goes to other machines */
        common->machine = target_common()->name;
    char *error = check_file(&a);
    if (error)
        return complain(error);
    if (!a.checkpoint) {
        Arena *arena = arena_new();
        snprintf(path, sizeof path, "%s.safetensors", model_identifier(arena, common->spec));
        a.checkpoint = path;
        arena_free(arena);
    }
    Model *m = trained_load(common, a.checkpoint);
    if (!m)
        return EXIT_WRONG;
    error = check_function_name(m, "--fmu");
    bool fine = !error && open_and_make(&a, common, m, &error);
    model_free(m);
    return fine ? EXIT_DONE : complain(error);
}
