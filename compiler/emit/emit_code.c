/* emit_code.c - the straight line: for every section the calls in order, with constant offsets.
 *
 * Slots are gathered into functions of bounded length. A window that starts late enters the forward
 * functions by a switch and leaves the backward functions by an early return. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "graph/user_error.h"

enum { MOST_STATEMENTS = 400 }; /* in a function; gcc's time grows faster than its length */

/* ---- the pointers a function starts with ---- */

typedef struct BlockSource {
    Block block;
    const char *declare; /* of training; NULL: not there */
    const char *step;    /* of an evaluation step */
} BlockSource;

static const BlockSource sources[] = {
    { BLOCK_PARAMS, "const real *const p = (const real *)win->params", "const real *const p = (const real *)st->params" },
    { BLOCK_GRADS, "real *const g = (real *)win->grads", NULL },
    { BLOCK_FRAMES, "real *const f = (real *)win->frames", NULL },
    { BLOCK_STATES, "real *const s = (real *)win->states", "const real *const s = (const real *)st->state" },
    { BLOCK_NEXT_STATE, NULL, "real *const next = (real *)st->next_state" },
    { BLOCK_WEIGHT, "const real *const weight = (const real *)win->weight", NULL },
    { BLOCK_RESET, "const real *const reset = (const real *)win->reset", NULL },
    { BLOCK_MASK, "const real *const mask = (const real *)win->mask", NULL },
    { BLOCK_LOSSES, "real *const loss = (real *)win->losses", "real *const loss = (real *)st->losses" },
    { BLOCK_PROBES, "real *const probe = (real *)win->probes", NULL },
    { BLOCK_PROBE_GRADS, "real *const probe_grad = (real *)win->probe_grads", NULL },
    { BLOCK_STATE_GRADS, "real *const state_grad = (real *)win->state_grads", NULL },
    { BLOCK_WORK, "real *const w = (real *)win->work", "real *const w = (real *)st->work" },
};

static void declare_arrays(Emitter *e, FILE *out, Block block, const tl_tensor *t, int32_t n, const char *word,
                           const char *field)
{
    const char *from = e->c->window->training ? "win" : "st";
    for (int32_t i = 0; i < n; i++) {
        if (!e->used_index[block - BLOCK_INPUT][i])
            continue;
        const char *type = t[i].vocab ? "int32_t" : "real";
        const char *constant = block == BLOCK_OUTPUT ? "" : "const ";
        fprintf(out, "    %s%s *const %s%d = (%s%s *)%s->%s[%d];\n", constant, type, word, i, constant, type, from,
                field, i);
    }
}

static void declare_blocks(Emitter *e, FILE *out)
{
    const Model *m = e->program->model;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (e->used >> sources[i].block & 1)
            fprintf(out, "    %s;\n", e->c->window->training ? sources[i].declare : sources[i].step);
    for (int32_t slot = 0; e->used >> BLOCK_VERSION & 1 && slot < graph_of(e)->k; slot++)
        if (e->used_version[slot])
            fprintf(out, "    const real *const p%d = (const real *)win->versions[%d];\n", slot + 1, slot);
    declare_arrays(e, out, BLOCK_INPUT, m->inputs, m->ninputs, "in", "input");
    declare_arrays(e, out, BLOCK_TARGET, m->targets, m->ntargets, "target", "target");
    declare_arrays(e, out, BLOCK_OUTPUT, m->outputs, m->noutputs, "out", "output");
}

/* ---- where a unit comes from ---- */

/* A file beside the spec by its name alone: the C must not depend on where the spec lies. */
static const char *shown_file(const Model *m, const char *file)
{
    const char *slash = strrchr(m->spec, '/');
    size_t n = slash ? (size_t)(slash - m->spec) + 1 : 0;
    return strncmp(file, m->spec, n) ? file : file + n;
}

static void print_origin(Emitter *e, uint32_t u, char *last, size_t size)
{
    const Graph *g = graph_of(e);
    const Node *first = node_at(g, member_at(e, u, 0));
    int32_t lo = first->line, hi = first->line;
    char text[512];
    for (uint32_t i = 1; i < unit_at(e, u)->count; i++) {
        const Node *n = node_at(g, member_at(e, u, i));
        if (n->file != first->file || !n->line)
            continue;
        lo = n->line < lo ? n->line : lo;
        hi = n->line > hi ? n->line : hi;
    }
    if (!first->line || first->file >= g->nfiles)
        return;
    const char *file = shown_file(e->program->model, g->files[first->file]);
    snprintf(text, sizeof text, lo == hi ? "%s:%d" : "%s:%d-%d", file, lo, hi);
    if (strcmp(text, last)) {
        fprintf(e->body, "    /* %s */\n", text);
        snprintf(last, size, "%s", text);
    }
}

/* ---- functions ---- */

/* One unit: a call, and the definition of its kernel if it is the first of its kind. */
static void emit_unit(Emitter *e, uint32_t u)
{
    Ref r = member_at(e, u, 0);
    const Node *n = node_at(graph_of(e), r);
    switch (tl_op_table[n->op].kind) {
    case TL_LEAF: emit_dropmask(e, r); break;
    case TL_POINTWISE:
    case TL_COPY: emit_loop(e, u); break;
    case TL_REDUCE: emit_sum(e, r); break;
    case TL_ROWWISE: emit_softmax(e, r); break;
    case TL_MATMUL: emit_matmul(e, r); break;
    case TL_INDEX: emit_index(e, r); break;
    case TL_PATCH: emit_patches(e, r); break;
    case TL_VIEW: assume(false, "a view is not executed: %%%u", r);
    }
}

typedef struct Section {
    uint32_t first, end; /* units */
} Section;

static Section find_section(const Emitter *e, int32_t section)
{
    const Units *s = e->c->units;
    uint32_t lo = 0, hi = s->count; /* units are sorted by section */
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->unit[mid].section < section)
            lo = mid + 1;
        else
            hi = mid;
    }
    Section found = { lo, lo };
    while (found.end < s->count && s->unit[found.end].section == section)
        found.end++;
    return found;
}

static void emit_section(Emitter *e, int32_t section)
{
    char last[512] = "";
    Section s = find_section(e, section);
    for (uint32_t u = s.first; u < s.end; u++) {
        print_origin(e, u, last, sizeof last);
        emit_unit(e, u);
    }
}

typedef struct Body {
    char *text;
    size_t size;
} Body;

static void begin_body(Emitter *e, Body *b)
{
    b->text = NULL;
    e->body = text_open(&b->text, &b->size);
    e->used = 0;
    memset(e->used_index, 0, sizeof e->used_index);
    if (e->used_version)
        memset(e->used_version, 0, (size_t)graph_of(e)->k * sizeof *e->used_version);
}

static void end_body(Emitter *e, Body *b, FILE *out, const char *name)
{
    text_close(e->body, &b->text);
    bool training = e->c->window->training;
    fprintf(out, "static void %s(const %s)\n{\n", name, training ? "tl_window *win" : "tl_step *st");
    declare_blocks(e, out);
    fputs(b->text, out);
    fputs("}\n\n", out);
    free(b->text);
}

/* Statements of a slot, so that functions can be cut before they grow too long. */
static uint32_t count_units(const Emitter *e, int32_t section)
{
    Section s = find_section(e, section);
    return s.end - s.first;
}

static int32_t last_slot_of_chunk(const Emitter *e, int32_t from, int32_t step, bool forward)
{
    int32_t k = graph_of(e)->k, slot = from;
    uint32_t sum = 0;
    for (; slot >= 0 && slot < k; slot += step) {
        int32_t section = section_of_slot(slot);
        sum += count_units(e, forward ? section : section_backward(graph_of(e), section));
        if (sum > MOST_STATEMENTS && slot != from)
            return slot - step;
    }
    return slot - step;
}

static void emit_forward(Emitter *e, FILE *out, FILE *calls)
{
    int32_t k = graph_of(e)->k;
    const char *entry = tl_keeps_steps(&e->program->model->tbptt) ? "from" : "first";
    for (int32_t lo = 0, hi; lo < k; lo = hi + 1) {
        hi = last_slot_of_chunk(e, lo, 1, true);
        Body b;
        begin_body(e, &b);
        if (lo < hi && lo)
            fprintf(e->body, "    switch (win->%s > %d ? win->%s : %d) {\n", entry, lo, entry, lo);
        else if (lo < hi)
            fprintf(e->body, "    switch (win->%s) {\n", entry);
        for (int32_t slot = lo; slot <= hi; slot++) {
            if (lo < hi)
                fprintf(e->body, "%s    case %d:\n", slot > lo ? "    /* fall through */\n" : "", slot);
            fprintf(e->body, "    /* ---- step %d of %d, forward ---- */\n", slot + 1, k);
            emit_section(e, section_of_slot(slot));
        }
        if (lo < hi)
            fputs("    }\n", e->body);
        char name[64];
        snprintf(name, sizeof name, "forward_%d_to_%d", lo + 1, hi + 1);
        end_body(e, &b, out, name);
        if (hi == k - 1)
            fprintf(calls, "    %s(win);\n", name);
        else
            fprintf(calls, "    if (win->%s <= %d)\n        %s(win);\n", entry, hi, name);
    }
}

static void emit_backward(Emitter *e, FILE *out, FILE *calls)
{
    const Graph *g = graph_of(e);
    int32_t k = g->k;
    for (int32_t hi = k - 1, lo; hi >= 0; hi = lo - 1) {
        lo = last_slot_of_chunk(e, hi, -1, false);
        Body b;
        begin_body(e, &b);
        for (int32_t slot = hi; slot >= lo; slot--) {
            if (slot < hi && !g->head) /* a window with a head goes back through all its slots */
                fprintf(e->body, "    if (win->first > %d)\n        return;\n", slot);
            fprintf(e->body, "    /* ---- step %d of %d, backward ---- */\n", slot + 1, k);
            emit_section(e, section_backward(g, section_of_slot(slot)));
        }
        char name[64];
        snprintf(name, sizeof name, "backward_%d_to_%d", hi + 1, lo + 1);
        end_body(e, &b, out, name);
        if (hi == k - 1 || g->head)
            fprintf(calls, "    %s(win);\n", name);
        else
            fprintf(calls, "    if (win->first <= %d)\n        %s(win);\n", hi, name);
    }
}

static void emit_single(Emitter *e, FILE *out, FILE *calls, int32_t section, const char *name, const char *condition)
{
    if (!count_units(e, section))
        return;
    Body b;
    begin_body(e, &b);
    emit_section(e, section);
    end_body(e, &b, out, name);
    fprintf(calls, "%s%s(%s);\n", condition, name, e->c->window->training ? "win" : "st");
}

static void emit_window(Emitter *e, FILE *out)
{
    Body calls = { 0 };
    FILE *f = text_open(&calls.text, &calls.size);
    e->c = &e->program->train;
    const Graph *g = graph_of(e);
    e->used_version = arena_array(e->arena, bool, g->k);
    emit_single(e, out, f, 0, "prologue", "    ");
    emit_forward(e, out, f);
    if (g->head)
        emit_single(e, out, f, section_head(g), "head", "    if (win->first == 0)\n        ");
    fputs("    if (!win->grads)\n        return;\n", f);
    if (g->head)
        emit_single(e, out, f, section_backward(g, section_head(g)), "head_backward", "    ");
    emit_backward(e, out, f);
    emit_single(e, out, f, section_epilogue(g), "epilogue", "    ");
    text_close(f, &calls.text);
    fprintf(out, "void %s_window(const tl_window *win)\n{\n%s}\n\n", e->program->model->name, calls.text);
    free(calls.text);
}

static void emit_step(Emitter *e, const Compiled *c, FILE *out)
{
    static const char *const names[] = { "prepare", "step", "loss", "store" };
    Body calls = { 0 };
    FILE *f = text_open(&calls.text, &calls.size);
    e->c = c;
    for (int32_t section = 0; section < 4; section++) {
        char name[64];
        snprintf(name, sizeof name, "%s_%d", names[section], graph_of(e)->lanes);
        emit_single(e, out, f, section, name, section == 2 ? "    if (st->target)\n        " : "    ");
    }
    text_close(f, &calls.text);
    fprintf(out, "static void evaluate_%d(const tl_step *st)\n{\n%s%s}\n\n", graph_of(e)->lanes,
            *calls.text ? "" : "    (void)st;\n", calls.text);
    free(calls.text);
}

void emit_code(Emitter *e, FILE *out)
{
    const Program *p = e->program;
    emit_window(e, out);
    for (int32_t i = 0; i < p->nsteps; i++)
        emit_step(e, &p->step[i], out);
    fprintf(out, "void %s_step(const tl_step *st)\n{\n", p->model->name);
    if (p->nsteps > 1)
        fprintf(out, "    if (st->lanes == 1)\n        evaluate_1(st);\n    else\n        evaluate_%d(st);\n}\n",
                p->model->tbptt.batch);
    else
        fprintf(out, "    evaluate_%d(st);\n}\n", p->model->tbptt.batch);
}
