/* spec.c - a spec is evaluated in a child process, and comes back as text. */
#include "front/spec.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "front/front.h"
#include "front/identifier.h"
#include "front/past.h"
#include "front/sandbox.h"
#include "graph/checked.h"

static const SandboxLimits limits = {
    .cpu_seconds = 5, .wall_seconds = 600, .memory = (size_t)1 << 30, .output = (size_t)64 << 20
};

static Model *fail(char **error, const char *format, ...) __attribute__((format(printf, 2, 3)));

static Model *fail(char **error, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    checked_print(vasprintf(error, format, ap));
    va_end(ap);
    return NULL;
}

/* The path stands in comments and strings of what is generated. */
static bool is_plain(const char *path)
{
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f || strchr("\"\\", *p) || !strncmp(p, "*/", 2) ||
            !strncmp(p, "/*", 2))
            return false;
    return true;
}

/* ---- in the child ---- */

typedef struct Request {
    const char *path;
    const SpecOptions *options;
} Request;

static Model *new_model(Arena *arena, const char *path)
{
    Model *m = arena_array(arena, Model, 1);
    m->arena = arena;
    m->name = model_identifier(arena, path);
    m->spec = path;
    m->step = graph_new(0, 1);
    m->step->limit = FRONT_NODES;
    m->step->tables = tables_new(arena);
    return m;
}

static int evaluate_spec(void *context, FILE *out)
{
    const Request *r = context;
    Arena *arena = arena_new();
    Front f = { .arena = arena,
                .out = out,
                .model = new_model(arena, r->path),
                .options = r->options,
                .path = r->path,
                .hash = XXH64_createState() };
    char message[FRONT_MESSAGE];
    snprintf(message, sizeof message, "%s: " FRONT_NO_MEMORY, r->path);
    f.graph = f.model->step;
    if (!f.hash || XXH64_reset(f.hash, 0) || !front_new_state(&f) ||
        !front_evaluate(&f, message, sizeof message)) {
        fprintf(out, "%c%s", FRONT_SENT_ERROR, message);
        return 0;
    }
    for (int i = 0; i < f.nfiles; i++)
        fprintf(out, "%c%s\n", FRONT_SENT_FILE, f.files[i]);
    if (r->options->version)
        XXH64_update(f.hash, r->options->version, strlen(r->options->version));
    fprintf(out, "%c%016" PRIx64, FRONT_SENT_MODEL, (uint64_t)XXH64_digest(f.hash));
    drop_unseen(f.model);
    model_write(f.model, out);
    return 0;
}

/* ---- in the parent ---- */

#define LOOK "a spec only describes one step, so look for an endless loop"
#define OURS "this is a mistake in tapeless"

static Model *bad_end(const char *path, SandboxEnd end, int detail, char **error)
{
    switch (end) {
    case SANDBOX_CPU:
        return fail(error, "%s: the spec did not finish within %d seconds of CPU time; " LOOK, path,
                    limits.cpu_seconds);
    case SANDBOX_WALL:
        return fail(error, "%s: the evaluation of the spec used little of the %d seconds that it was given; does it read a "
                    "file that does not answer?", path, limits.wall_seconds);
    case SANDBOX_OUTPUT:
        return fail(error, "%s: the model is too large: its description takes more than %zu MiB",
                    path, limits.output >> 20);
    case SANDBOX_MEMORY:
        return fail(error, "%s: " FRONT_NO_MEMORY, path);
    case SANDBOX_SYSTEM:
        return fail(error, "%s: cannot start a process to evaluate the spec: %s", path,
                    strerror(detail));
    default:
        return fail(error, "%s: the evaluation of the spec ended with %d; " OURS, path, detail);
    }
}

static size_t after_line(const char *text, size_t at, size_t length)
{
    const char *end = memchr(text + at, '\n', length - at);
    return end ? (size_t)(end - text) + 1 : length;
}

/* Shows the lines that the spec printed, and returns how much of the text they are. */
static size_t show_printed(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && text[at] == FRONT_SENT_PRINT) {
        size_t next = after_line(text, at, length);
        fwrite(text + at + 1, 1, next - at - 1, stderr);
        at = next;
    }
    return at;
}

/* `text` is lines, the path of a file each. */
static void take_files(Model *m, const char *text, size_t length)
{
    m->files = arena_array(m->arena, const char *, FRONT_FILES);
    for (size_t at = 0; at < length && m->nfiles < FRONT_FILES;) {
        size_t next = after_line(text, at, length);
        m->files[m->nfiles++] = arena_printf(m->arena, "%.*s", (int)(next - at - 2), text + at + 1);
        at = next;
    }
}

static Model *received_model(const char *path, const char *text, size_t length, char **error)
{
    char *why = NULL;
    if (length < 1 + FRONT_HASH_DIGITS || text[0] != FRONT_SENT_MODEL)
        return fail(error, "%s: the evaluation of the spec sent nothing; " OURS, path);
    Model *m = model_read(text + 1 + FRONT_HASH_DIGITS, length - 1 - FRONT_HASH_DIGITS, &why);
    if (m)
        m->hash = arena_printf(m->arena, "%.*s", FRONT_HASH_DIGITS, text + 1);
    else
        fail(error, "%s: the evaluated model cannot be read back: %s; " OURS, path, why);
    free(why);
    return m;
}

static Model *received(const char *path, const char *text, size_t length, char **error)
{
    if (length > 1 && text[0] == FRONT_SENT_ERROR)
        return fail(error, "%s", text + 1);
    size_t files = 0;
    while (files < length && text[files] == FRONT_SENT_FILE)
        files = after_line(text, files, length);
    Model *m = received_model(path, text + files, length - files, error);
    if (m)
        take_files(m, text, files);
    return m;
}

Model *spec_load(const char *path, const SpecOptions *options, char **error)
{
    Request request = { path, options };
    char *text;
    size_t length;
    int detail;
    if (!is_plain(path))
        return fail(error, "the path of a spec stands in the C that is generated, so it has no "
                    "quotes, backslashes, control characters or comment marks");
    SandboxEnd end = sandbox_run(evaluate_spec, &request, &limits, &text, &length, &detail);
    size_t at = show_printed(text, length);
    Model *m = end == SANDBOX_DONE ? received(path, text + at, length - at, error)
                                   : bad_end(path, end, detail, error);
    free(text);
    return m;
}
