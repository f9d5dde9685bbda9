/* emit_kernel.c - kernels as functions, and calls of them. k2 steps cost k2 calls, not k2 loop nests, to read
 * and to compile. */
#include <inttypes.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/user_error.h"
#include "schedule/rolls.h"

enum { LINE = 100 }; /* columns, of generated code too */

/* Prints a word of a list after `column` columns of the line, on a new line if it would not fit.
 * Returns the columns used then. */
static int print_wrapped(FILE *f, int column, bool first, const char *word)
{
    int length = (int)strlen(word);
    if (!first)
        fputc(',', f);
    if (column + length + 4 > LINE) {
        fprintf(f, "\n        %s", word);
        return 8 + length;
    }
    fprintf(f, first ? "%s" : " %s", word);
    return column + length + (first ? 0 : 2);
}

/* ---- definitions ---- */

/* The dropout masks are filled by the runtime. */
static bool is_function(const Kernel *k) { return k->kind != KERNEL_DROPMASK; }

const char *kernel_word(const Kernel *k)
{
    switch (k->kind) {
    case KERNEL_LOOP: return "loop";
    case KERNEL_SUM_INSIDE:
    case KERNEL_SUM_OUTSIDE: return "sum";
    case KERNEL_SOFTMAX: return "softmax";
    default: return tl_op_table[k->op].word;
    }
}

static void print_title(FILE *f, const Kernel *k)
{
    switch (k->kind) {
    case KERNEL_LOOP: print_loop_title(f, k); break;
    case KERNEL_PRODUCT: print_product_title(f, k); break;
    case KERNEL_SLIDE: print_slide_title(f, k); break;
    default: fprintf(f, "/* %s */\n", tl_op_table[k->op].word);
    }
}

static const Access *access_of(const Kernel *k, uint32_t argument)
{
    const Access *a = k->access;
    while (a->argument != argument)
        a++;
    return a;
}

/* A product that turns. */
static bool has_direction(const Kernel *k) { return k->kind == KERNEL_PRODUCT && k->form.turns; }

/* "(real *restrict y0, const real *restrict x1)" */
static void print_parameters(FILE *f, const Kernel *k)
{
    bool slots = k->nest.slots || k->clear.slots;
    int column = 24; /* of "KERNEL void log_softmax12" */
    fputs(slots ? "(int slots, " : "(", f);
    for (uint32_t i = 0; i < k->narguments; i++) {
        const Access *a = access_of(k, i);
        char word[64];
        snprintf(word, sizeof word, "%s%s *restrict %c%u", a->written ? "" : "const ",
                 a->token ? "int32_t" : "real", argument_letter(a), i);
        column = print_wrapped(f, column, !i, word);
    }
    if (has_direction(k))
        print_wrapped(f, column, false, "int back");
    fputs(")\n", f);
}

static void print_body(FILE *f, const Kernel *k, tl_type real)
{
    switch (k->kind) {
    case KERNEL_LOOP: print_loop(f, k, real); break;
    case KERNEL_SUM_INSIDE:
    case KERNEL_SUM_OUTSIDE: print_sum(f, k); break;
    case KERNEL_SOFTMAX: print_softmax(f, k, real); break;
    case KERNEL_PRODUCT: print_product(f, k, real); break;
    case KERNEL_INDEX: print_index(f, k); break;
    case KERNEL_SLIDE: print_slide(f, k, real); break;
    case KERNEL_DROPMASK: break;
    }
}

void emit_kernels(const Emitter *e, FILE *f)
{
    const Kernels *all = e->program->kernels;
    for (uint32_t i = 0; i < all->count; i++) {
        const Kernel *k = &all->kernel[i];
        if (!is_function(k))
            continue;
        print_title(f, k);
        fprintf(f, "%sKERNEL void %s", k->by_halves ? "BY_HALVES " : "", e->name[i]);
        print_parameters(f, k);
        fputs("{\n", f);
        print_body(f, k, e->program->real);
        fputs("}\n\n", f);
    }
}

/* ---- calls ---- */

/* The slot for which a call's arguments are printed. */
typedef struct Slot {
    const char *name; /* a variable; NULL: the run's newest slot, or no run */
    int32_t newest;   /* where places stand */
    const Place *next; /* those of the call in the slot behind, or before if `back`; NULL: places have steps of their own */
    bool back;
} Slot;

/* "w", or "p_W", and notes that the function needs it. Returns the offset at which it stands in the block. */
static int64_t block_text(Emitter *e, const Place *p, char *text, size_t size)
{
    const char *word = block_table[p->block].word;
    NamedTensor *t = named_tensor(e, p->block, p->offset);
    if (t) {
        t->used = true;
        snprintf(text, size, "%s", t->name);
        return t->offset;
    }
    e->used |= 1u << (p->block == BLOCK_SCRATCH ? BLOCK_WORK : p->block);
    if (p->block == BLOCK_INPUT || p->block == BLOCK_TARGET || p->block == BLOCK_OUTPUT) {
        assume(p->index < e->nfields, "input, target or output %d", p->index);
        e->used_index[p->block - BLOCK_INPUT][p->index] = true;
        snprintf(text, size, "%s%d", word, p->index);
    } else if (p->block == BLOCK_TABLE) {
        e->used_table[p->index] = true;
        snprintf(text, size, "constant%d", p->index + 1);
    } else if (p->block == BLOCK_VERSION) {
        e->used_version[p->index] = true;
        snprintf(text, size, "p%d", p->index + 1);
    } else {
        snprintf(text, size, "%s", word);
    }
    return 0;
}

/* "w + first * 640 + 128" */
static void place_text(Emitter *e, const Place *p, const Slot *slot, char *text, size_t size)
{
    int64_t behind = p->block == BLOCK_SCRATCH ? e->c->plan->size : 0; /* the values in the workspace */
    int64_t offset = p->offset + behind - block_text(e, p, text, size);
    size_t n = strlen(text);
    if (p->block == BLOCK_WORK)
        offset += e->c->plan->offset[p->owner];
    if (slot->name && p->step) {
        offset -= slot->newest * p->step;
        n += (size_t)snprintf(text + n, size - n, " + %s * %" PRId64, slot->name, p->step);
    }
    if (offset)
        snprintf(text + n, size - n, offset < 0 ? " - %" PRId64 : " + %" PRId64, offset < 0 ? -offset : offset);
}

/* Argument i of a call. */
static void moved_text(Emitter *e, uint32_t u, uint32_t i, const Slot *slot, char *text, size_t size)
{
    Place p = places_of(e->c->selected, u)[i];
    if (slot->next) {
        int64_t distance = place_offset(e->c, &slot->next[i]) - place_offset(e->c, &p);
        p.step = slot->back ? -distance : distance;
    }
    place_text(e, &p, slot, text, size);
}

/* A mask is that of its slot's tick: the newest slot's and a head's is the window's. */
static void print_dropmask(Emitter *e, uint32_t u, const Kernel *k, const Slot *slot)
{
    int32_t newest = graph_of(e)->k - 1, high = unit_at(e, u)->high;
    char place[512], back[48];
    if (slot->name)
        snprintf(back, sizeof back, "(uint64_t)(%d - %s)", newest, slot->name);
    else
        snprintf(back, sizeof back, "%d", high < 0 ? 0 : newest - high);
    moved_text(e, u, 0, slot, place, sizeof place);
    fprintf(e->body, "    tl_dropmask_%s(%s, (size_t)win->lane, %" PRId64 ", %" PRId64 ", ", e->program->real == TL_F32 ? "f32" : "f64",
            place, k->nest.extent[0], k->nest.extent[1]);
    print_number(e->body, TL_F64, k->probability);
    fprintf(e->body, ", win->seed, win->tick - %s, %d);\n", back, k->stream);
}

/* Every other slot goes back. */
static void print_direction(Emitter *e, uint32_t u, const Slot *slot, int column)
{
    char word[48];
    if (slot->name)
        snprintf(word, sizeof word, "%s & 1", slot->name);
    else
        snprintf(word, sizeof word, "%d", unit_at(e, u)->high & 1);
    print_wrapped(e->body, column, false, word);
}

/* "    loop3(50 - first, w, p + 8);", indented by so many steps. */
static void print_call(Emitter *e, uint32_t u, uint32_t kernel, const Slot *slot, int32_t indent)
{
    const Selected *s = e->c->selected;
    const char *name = e->name[kernel];
    int column = fprintf(e->body, "%s%s(", indent_text(indent), name);
    if (s->call[u].how == CALL_ALL)
        column += fprintf(e->body, "%d - %s, ", slot->newest + 1, slot->name);
    for (uint32_t i = 0; i < kernel_of(s, u)->narguments; i++) {
        char word[512];
        moved_text(e, u, i, slot, word, sizeof word);
        column = print_wrapped(e->body, column, !i, word);
    }
    if (has_direction(kernel_of(s, u)))
        print_direction(e, u, slot, column);
    fputs(");\n", e->body);
}

/* Slot after slot, newest first. */
static void print_each(Emitter *e, uint32_t u, const char *from, int32_t indent)
{
    const Call *call = &e->c->selected->call[u];
    int32_t high = unit_at(e, u)->high;
    if (call->rest != call->kernel)
        print_call(e, u, call->kernel, &(Slot){ NULL, high, NULL, false }, indent);
    fprintf(e->body, "%sfor (int t = %d; t >= %s; t--)\n", indent_text(indent), high - (call->rest != call->kernel), from);
    print_call(e, u, call->rest, &(Slot){ "t", high, NULL, false }, indent + 1);
}

/* A run that ends before the newest slot, or begins after the oldest, may be shorter than the window, or nothing. */
static void print_run(Emitter *e, uint32_t u)
{
    const Unit *unit = unit_at(e, u);
    const Call *call = &e->c->selected->call[u];
    bool always = unit->high == graph_of(e)->k - 1, block = !always || unit->low > 0;
    const char *from = unit->low > 0 ? "from" : "first";
    e->used_first = true;
    if (!always)
        fprintf(e->body, "    if (first <= %d) {\n", unit->high);
    else if (block)
        fputs("    {\n", e->body);
    if (unit->low > 0)
        fprintf(e->body, "        const int from = first > %d ? first : %d;\n", unit->low, unit->low);
    if (call->how == CALL_ALL)
        print_call(e, u, call->kernel, &(Slot){ from, unit->high, NULL, false }, 1 + block);
    else
        print_each(e, u, from, 1 + block);
    if (block)
        fputs("    }\n", e->body);
}

/* "    tl_pack_transposed(512, 128, 4, p + 8, 128, w + 4096);" */
static void print_pack(Emitter *e, const Pack *pack)
{
    char from[512], to[96];
    place_text(e, &pack->from, &(Slot){ 0 }, from, sizeof from);
    place_text(e, &(Place){ .block = BLOCK_PACKED, .offset = pack->at }, &(Slot){ 0 }, to, sizeof to);
    fprintf(e->body, "    tl_pack_%s(%" PRId64 ", %" PRId64 ", %d, %s, %" PRId64 ", %s);\n",
            pack->transposed ? "transposed" : "copied", pack->columns, pack->depth, pack->vectors, from, pack->row, to);
}

void emit_packs(Emitter *e)
{
    for (uint32_t i = 0; i < e->c->selected->npacks; i++)
        print_pack(e, &e->c->selected->pack[i]);
}

void emit_call(Emitter *e, uint32_t u)
{
    const Selected *s = e->c->selected;
    if (!is_function(kernel_of(s, u)))
        print_dropmask(e, u, kernel_of(s, u), &(Slot){ 0 });
    else if (is_run(unit_at(e, u)))
        print_run(e, u);
    else
        print_call(e, u, s->call[u].kernel, &(Slot){ 0 }, 1);
}

void emit_moving_call(Emitter *e, uint32_t u, uint32_t next)
{
    const Selected *s = e->c->selected;
    int32_t slot = unit_at(e, u)->high, other = unit_at(e, next)->high;
    const Slot at = { u == next ? NULL : "t", slot, places_of(s, next), other < slot };
    if (!is_function(kernel_of(s, u)))
        print_dropmask(e, u, kernel_of(s, u), &at);
    else
        print_call(e, u, s->call[u].kernel, &at, 2);
}
