/* emit_kernel.c - kernels as functions, and calls of them. k2 steps cost k2 calls, not k2 loop nests, to read
 * and to compile. */
#include <inttypes.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/user_error.h"

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

static const char *kind_word(const Kernel *k)
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

/* "(real *restrict y0, const real *restrict x1)" */
static void print_parameters(FILE *f, const Kernel *k)
{
    int column = 24; /* of "KERNEL void log_softmax12" */
    fputc('(', f);
    for (uint32_t i = 0; i < k->narguments; i++) {
        const Access *a = access_of(k, i);
        char word[64];
        snprintf(word, sizeof word, "%s%s *restrict %c%u", a->written ? "" : "const ",
                 a->token ? "int32_t" : "real", argument_letter(a), i);
        column = print_wrapped(f, column, !i, word);
    }
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

void name_kernels(Emitter *e)
{
    const Kernels *all = e->program->kernels;
    uint32_t functions = 0;
    e->name = arena_array(e->arena, const char *, all->count);
    for (uint32_t i = 0; i < all->count; i++)
        if (is_function(&all->kernel[i]))
            e->name[i] = arena_printf(e->arena, "%s%u", kind_word(&all->kernel[i]), ++functions);
}

void emit_kernels(const Emitter *e, FILE *f)
{
    const Kernels *all = e->program->kernels;
    for (uint32_t i = 0; i < all->count; i++) {
        const Kernel *k = &all->kernel[i];
        if (!is_function(k))
            continue;
        print_title(f, k);
        fprintf(f, "KERNEL void %s", e->name[i]);
        print_parameters(f, k);
        fputs("{\n", f);
        print_body(f, k, e->program->real);
        fputs("}\n\n", f);
    }
}

/* ---- calls ---- */

/* "w + 128", and notes that the function needs w. */
static void place_text(Emitter *e, const Place *p, char *text, size_t size)
{
    int64_t offset = p->offset;
    int n;
    e->used |= 1u << p->block;
    if (p->block == BLOCK_WORK)
        offset += e->c->plan->offset[p->owner];
    if (p->block == BLOCK_INPUT || p->block == BLOCK_TARGET || p->block == BLOCK_OUTPUT) {
        assume(p->index < MOST_FIELDS, "input, target or output %d", p->index);
        e->used_index[p->block - BLOCK_INPUT][p->index] = true;
        n = snprintf(text, size, "%s%d", block_words[p->block], p->index);
    } else if (p->block == BLOCK_TABLE) {
        e->used_table[p->index] = true;
        n = snprintf(text, size, "constant%d", p->index + 1);
    } else if (p->block == BLOCK_VERSION) {
        e->used_version[p->index] = true;
        n = snprintf(text, size, "p%d", p->index + 1);
    } else {
        n = snprintf(text, size, "%s", block_words[p->block]);
    }
    if (offset)
        snprintf(text + n, size - (size_t)n, " + %" PRId64, offset);
}

/* A mask is that of its slot's tick: the newest slot's is the window's. */
static void print_dropmask(Emitter *e, uint32_t u, const Kernel *k)
{
    const Graph *g = graph_of(e);
    char place[64];
    place_text(e, places_of(e->c->selected, u), place, sizeof place);
    fprintf(e->body, "    tl_dropmask_%s(%s, %" PRId64 ", %" PRId64 ", ",
            e->program->real == TL_F32 ? "f32" : "f64", place, k->nest.extent[0], k->nest.extent[1]);
    print_number(e->body, TL_F64, k->probability);
    fprintf(e->body, ", win->seed, win->tick - %d, %d);\n",
            g->k - 1 - slot_of_section(g, unit_at(e, u)->section), k->stream);
}

void emit_call(Emitter *e, uint32_t u)
{
    const Selected *s = e->c->selected;
    const Kernel *k = kernel_of(s, u);
    if (!is_function(k)) {
        print_dropmask(e, u, k);
        return;
    }
    const char *name = e->name[s->call[u].kernel];
    int column = 5 + (int)strlen(name);
    fprintf(e->body, "    %s(", name);
    for (uint32_t i = 0; i < k->narguments; i++) {
        char word[64];
        place_text(e, &places_of(s, u)[i], word, sizeof word);
        column = print_wrapped(e->body, column, !i, word);
    }
    fputs(");\n", e->body);
}
