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
#include "schedule/rolls.h"

enum { MOST_STATEMENTS = 400 }; /* in a function; gcc's time grows faster than its length */

/* ---- where a unit comes from ---- */

/* A file beside the spec by its name alone: the C must not depend on where the spec lies. */
static const char *shown_file(const Model *m, const char *file)
{
    const char *slash = strrchr(m->spec, '/');
    size_t n = slash ? (size_t)(slash - m->spec) + 1 : 0;
    return strncmp(file, m->spec, n) ? file : file + n;
}

static void print_origin(Emitter *e, uint32_t u, int32_t indent, char *last, size_t size)
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
        fprintf(e->body, "%s/* %s */\n", indent_text(indent), text);
        snprintf(last, size, "%s", text);
    }
}

/* ---- functions ---- */

static void emit_range(Emitter *e, UnitRange s)
{
    char last[512] = "";
    for (uint32_t u = s.first; u < s.end; u++) {
        print_origin(e, u, 1, last, sizeof last);
        emit_call(e, u);
    }
}

/* The calls of step `from`, t steps on; those of the next step tell how far arguments move. */
static void emit_moving(Emitter *e, UnitRange from, UnitRange next)
{
    char last[512] = "";
    for (uint32_t i = 0; i < from.end - from.first; i++) {
        print_origin(e, from.first + i, 2, last, sizeof last);
        emit_moving_call(e, from.first + i, next.first + i);
    }
}

/* What runs once, or together; a lone slot's code only if the window has that slot. */
static void emit_together(Emitter *e, UnitRange s)
{
    char last[512] = "";
    for (uint32_t u = s.first; u < s.end; u++) {
        const Unit *unit = unit_at(e, u);
        bool late = unit->high >= 0 && unit->low == unit->high && unit->high < graph_of(e)->k - 1;
        print_origin(e, u, 1, last, sizeof last);
        if (late)
            fprintf(e->body, "    if (win->first <= %d)\n    ", unit->high);
        emit_call(e, u);
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
    e->used_first = false;
    forget_tensors(e);
    for (int i = 0; i < 3; i++)
        memset(e->used_index[i], 0, (size_t)e->nfields * sizeof *e->used_index[i]);
    if (e->used_version)
        memset(e->used_version, 0, (size_t)graph_of(e)->k * sizeof *e->used_version);
}

static void end_body(Emitter *e, Body *b, FILE *out, const char *name)
{
    text_close(e->body);
    bool training = e->c->window->training;
    fprintf(out, "static void %s(const %s)\n{\n", name, training ? "tl_window *win" : "tl_step *st");
    if (e->used_first)
        fputs("    const int first = win->first;\n", out);
    declare_blocks(e, out);
    fputs(b->text, out);
    fputs("}\n\n", out);
    free(b->text);
}

/* Statements of a slot, so that functions can be cut before they grow too long. */
static uint32_t count_units(const Emitter *e, int32_t segment, int32_t slot)
{
    UnitRange s = units_of_segment(e->c->units, segment, slot);
    return s.end - s.first;
}

static int32_t last_slot_of_chunk(const Emitter *e, int32_t segment, int32_t from, int32_t step)
{
    int32_t k = graph_of(e)->k, slot = from;
    uint32_t sum = 0;
    for (; slot >= 0 && slot < k; slot += step) {
        sum += count_units(e, segment, slot);
        if (sum > MOST_STATEMENTS && slot != from)
            return slot - step;
    }
    return slot - step;
}

static void print_step_title(Emitter *e, int32_t slot, const char *way)
{
    fprintf(e->body, "    /* ---- step %d of %d, %s ---- */\n", slot + 1, graph_of(e)->k, way);
}

static void emit_up(Emitter *e, FILE *out, FILE *calls, int32_t segment, const char *name)
{
    int32_t k = graph_of(e)->k;
    const char *entry = tl_keeps_steps(&e->program->model->tbptt) ? "from" : "first";
    for (int32_t lo = 0, hi; lo < k; lo = hi + 1) {
        hi = last_slot_of_chunk(e, segment, lo, 1);
        Body b;
        begin_body(e, &b);
        if (lo < hi && lo)
            fprintf(e->body, "    switch (win->%s > %d ? win->%s : %d) {\n", entry, lo, entry, lo);
        else if (lo < hi)
            fprintf(e->body, "    switch (win->%s) {\n", entry);
        for (int32_t slot = lo; slot <= hi; slot++) {
            if (lo < hi)
                fprintf(e->body, "%s    case %d:\n", slot > lo ? "    /* fall through */\n" : "", slot);
            print_step_title(e, slot, "forward");
            emit_range(e, units_of_segment(e->c->units, segment, slot));
        }
        if (lo < hi)
            fputs("    }\n", e->body);
        char function[96];
        snprintf(function, sizeof function, "%s_%d_to_%d", name, lo + 1, hi + 1);
        end_body(e, &b, out, function);
        if (hi == k - 1)
            fprintf(calls, "    %s(win);\n", function);
        else
            fprintf(calls, "    if (win->%s <= %d)\n        %s(win);\n", entry, hi, function);
    }
}

static void emit_down(Emitter *e, FILE *out, FILE *calls, int32_t segment, const char *name)
{
    const Graph *g = graph_of(e);
    int32_t k = g->k;
    for (int32_t hi = k - 1, lo; hi >= 0; hi = lo - 1) {
        lo = last_slot_of_chunk(e, segment, hi, -1);
        Body b;
        begin_body(e, &b);
        for (int32_t slot = hi; slot >= lo; slot--) {
            if (slot < hi && !g->head) /* a window with a head goes back through all its slots */
                fprintf(e->body, "    if (win->first > %d)\n        return;\n", slot);
            print_step_title(e, slot, "backward");
            emit_range(e, units_of_segment(e->c->units, segment, slot));
        }
        char function[96];
        snprintf(function, sizeof function, "%s_%d_to_%d", name, hi + 1, lo + 1);
        end_body(e, &b, out, function);
        if (hi == k - 1 || g->head)
            fprintf(calls, "    %s(win);\n", function);
        else
            fprintf(calls, "    if (win->first <= %d)\n        %s(win);\n", hi, function);
    }
}

/* "    for (ptrdiff_t t = first > 1 ? first : 1; t <= 30; t++) {": those of the slots from lo to hi that the window has. */
static void open_roll(Emitter *e, int32_t lo, int32_t hi, int32_t way)
{
    const char *entry = way > 0 && tl_keeps_steps(&e->program->model->tbptt) ? "from" : "first";
    char low[96];
    snprintf(low, sizeof low, lo ? "(win->%s > %d ? win->%s : %d)" : "win->%s", entry, lo, entry, lo);
    if (lo == hi)
        fprintf(e->body, "    if (win->%s <= %d) {\n", entry, lo);
    else if (way > 0)
        fprintf(e->body, "    for (ptrdiff_t t = %s; t <= %d; t++) {\n", low, hi);
    else
        fprintf(e->body, "    for (ptrdiff_t t = %d; t >= %s; t--) {\n", hi, low);
}

static void print_roll_title(Emitter *e, int32_t from, int32_t to, int32_t way)
{
    const char *word = way > 0 ? "forward" : "backward";
    if (from == to)
        print_step_title(e, from, word);
    else
        fprintf(e->body, "    /* ---- steps %d to %d of %d, %s ---- */\n", from + 1, to + 1, graph_of(e)->k, word);
}

/* A recurrence whose alike steps are loops: way 1 forward, -1 backward. */
static void emit_rolled(Emitter *e, FILE *out, FILE *calls, int32_t segment, const char *name, int32_t way)
{
    int32_t k = graph_of(e)->k;
    Body b;
    begin_body(e, &b);
    for (int32_t from = way > 0 ? 0 : k - 1, to; from >= 0 && from < k; from = to + way) {
        to = roll_end(e->c, segment, from, way);
        UnitRange units = units_of_segment(e->c->units, segment, from);
        if (units.first == units.end)
            continue;
        print_roll_title(e, from, to, way);
        open_roll(e, way > 0 ? from : to, way > 0 ? to : from, way);
        emit_moving(e, units, units_of_segment(e->c->units, segment, from == to ? from : from + way));
        fputs("    }\n", e->body);
    }
    end_body(e, &b, out, name);
    fprintf(calls, "    %s(win);\n", name);
}

static void emit_single(Emitter *e, FILE *out, FILE *calls, int32_t segment, const char *name, const char *condition)
{
    if (!count_units(e, segment, -1))
        return;
    Body b;
    begin_body(e, &b);
    emit_together(e, units_of_segment(e->c->units, segment, -1));
    end_body(e, &b, out, name);
    fprintf(calls, "%s%s(%s);\n", condition, name, e->c->window->training ? "win" : "st");
}

static const char *const phase_words[] = {
    [PHASE_PROLOGUE] = "prologue", [PHASE_FORWARD] = "forward", [PHASE_HEAD] = "head",
    [PHASE_HEAD_BACKWARD] = "head_backward", [PHASE_BACKWARD] = "backward", [PHASE_EPILOGUE] = "epilogue"
};

/* Segments of one kind in one phase are numbered from the second on. */
static void name_segment(const Emitter *e, int32_t segment, char *name, size_t size)
{
    const Segment *s = &e->c->segments->segment[segment];
    int32_t same = 1;
    for (int32_t i = 0; i < segment; i++)
        same += s[i - segment].phase == s->phase && s[i - segment].kind == s->kind;
    size_t n = (size_t)snprintf(name, size, "%s%s", phase_words[s->phase], s->kind == SEGMENT_TOGETHER ? "_all" : "");
    if (same > 1)
        snprintf(name + n, size - n, "_%d", same);
}

/* Some steps are loops. Where each reads parameters of its own (overlap "versions") none are. */
static bool rolls(const Emitter *e, int32_t segment, int32_t way)
{
    int32_t k = graph_of(e)->k, pieces = 0;
    for (int32_t from = way > 0 ? 0 : k - 1; from >= 0 && from < k; from = roll_end(e->c, segment, from, way) + way)
        pieces++;
    return pieces < k;
}

static void emit_recurrence(Emitter *e, FILE *out, FILE *calls, int32_t segment, const char *name)
{
    bool up = e->c->segments->segment[segment].kind == SEGMENT_UP;
    if (e->program->model->rolled && rolls(e, segment, up ? 1 : -1))
        emit_rolled(e, out, calls, segment, name, up ? 1 : -1);
    else if (up)
        emit_up(e, out, calls, segment, name);
    else
        emit_down(e, out, calls, segment, name);
}

static void emit_segment(Emitter *e, FILE *out, FILE *calls, int32_t segment)
{
    const Segment *s = &e->c->segments->segment[segment];
    char name[64];
    name_segment(e, segment, name, sizeof name);
    switch (s->kind) {
    case SEGMENT_UP:
    case SEGMENT_DOWN: emit_recurrence(e, out, calls, segment, name); break;
    case SEGMENT_ONCE:
    case SEGMENT_TOGETHER:
        emit_single(e, out, calls, segment, name, s->phase == PHASE_HEAD ? "    if (win->first == 0)\n        " : "    ");
    }
}

static void emit_preparation(Emitter *e, FILE *out, FILE *calls)
{
    if (!e->c->selected->npacks)
        return;
    Body b;
    begin_body(e, &b);
    emit_packs(e);
    end_body(e, &b, out, "pack_weights");
    fputs("    if (!win->packs)\n        pack_weights(win);\n", calls);
}

static void emit_window(Emitter *e, FILE *out)
{
    Body calls = { 0 };
    FILE *f = text_open(&calls.text, &calls.size);
    e->c = &e->program->train;
    e->used_version = arena_array(e->arena, bool, graph_of(e)->k);
    name_tensors(e);
    const Segments *s = e->c->segments;
    bool back = false;
    emit_preparation(e, out, f);
    for (int32_t i = 0; i < s->count; i++) {
        if (!back && s->segment[i].phase > PHASE_HEAD)
            fputs("    if (!win->grads)\n        return;\n", f);
        back |= s->segment[i].phase > PHASE_HEAD;
        emit_segment(e, out, f, i);
    }
    text_close(f);
    fprintf(out, "void %s_window(const tl_window *win)\n{\n%s}\n\n", e->program->model->name, calls.text);
    free(calls.text);
}

void emit_evaluation(Emitter *e, const Compiled *c, const char *suffix, FILE *out)
{
    static const char *const names[] = { "prepare", "step", "loss", "store" };
    Body calls = { 0 };
    FILE *f = text_open(&calls.text, &calls.size);
    e->c = c;
    name_tensors(e);
    for (int32_t i = 0; i < c->segments->count; i++) {
        char name[64];
        int32_t section = (int32_t)c->segments->segment[i].phase;
        snprintf(name, sizeof name, "%s_%s", names[section], suffix);
        emit_single(e, out, f, i, name, section == 2 ? "    if (st->target)\n        " : "    ");
    }
    text_close(f);
    fprintf(out, "static void evaluate_%s(const tl_step *st)\n{\n%s%s}\n\n", suffix,
            *calls.text ? "" : "    (void)st;\n", calls.text);
    free(calls.text);
}

static void emit_step(Emitter *e, const Compiled *c, FILE *out)
{
    char lanes[16];
    snprintf(lanes, sizeof lanes, "%d", c->window->graph->lanes);
    emit_evaluation(e, c, lanes, out);
}

static int32_t largest(int32_t a, int32_t b) { return a > b ? a : b; }

Emitter emitter_new(const Program *p, int32_t outputs)
{
    const Model *m = p->model;
    Emitter e = { .program = p, .arena = arena_new() };
    e.nfields = largest(largest(m->ninputs, m->ntargets), largest(m->noutputs, outputs)) + 1;
    for (int i = 0; i < 3; i++)
        e.used_index[i] = arena_array(e.arena, bool, e.nfields);
    e.used_table = arena_array(e.arena, bool, m->step->tables ? m->step->tables->n : 0);
    e.name = arena_array(e.arena, const char *, p->kernels->count);
    e.base_name = arena_array(e.arena, const char *, p->kernels->count);
    return e;
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
                tl_lanes(&p->model->tbptt));
    else
        fprintf(out, "    evaluate_%d(st);\n}\n", tl_lanes(&p->model->tbptt));
}
