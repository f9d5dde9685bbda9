/* emit_kernel.c - the body of a unit as a function of its pointers. Equal bodies are one function,
 * so k2 steps cost k2 calls, not k2 loop nests, to read and to compile. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "graph/user_error.h"

/* ---- pointers, names, numbers ---- */

void begin_kernel(Emitter *e) { e->npointers = 0; }

static bool same_pointer(const Pointer *p, const Layout *l, bool written, const int64_t *stride, int32_t rank)
{
    return p->layout.block == l->block && p->layout.index == l->index && p->layout.owner == l->owner &&
           p->layout.offset == l->offset && p->written == written &&
           !memcmp(p->stride, stride, (size_t)rank * sizeof *stride);
}

uint32_t add_pointer(Emitter *e, Layout l, bool written, bool token, const int64_t *stride, int32_t rank)
{
    for (uint32_t i = 0; i < e->npointers; i++)
        if (same_pointer(&e->pointers[i], &l, written, stride, rank))
            return i;
    if (e->npointers == e->pointers_capacity) {
        e->pointers_capacity = e->pointers_capacity ? 2 * e->pointers_capacity : 32;
        e->pointers = checked(reallocarray(e->pointers, e->pointers_capacity, sizeof *e->pointers));
    }
    Pointer *p = &e->pointers[e->npointers];
    *p = (Pointer){ .layout = l, .written = written, .token = token };
    memcpy(p->stride, stride, (size_t)rank * sizeof *stride);
    return e->npointers++;
}

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

void print_parameters(Emitter *e, FILE *f)
{
    int column = 24; /* of "KERNEL void log_softmax12" */
    fputc('(', f);
    for (uint32_t i = 0; i < e->npointers; i++) {
        const Pointer *p = &e->pointers[i];
        char word[64];
        snprintf(word, sizeof word, "%s%s *restrict %c%u", p->written ? "" : "const ", p->token ? "int32_t" : "real",
                 p->written ? 'y' : 'x', i);
        column = print_wrapped(f, column, !i, word);
    }
    fputs(")\n", f);
}

/* INFINITY and NAN are floats, and would be promoted. */
const char *infinity_word(tl_type real) { return real == TL_F32 ? "HUGE_VALF" : "HUGE_VAL"; }

/* True if so many digits read back as v, which is a float where the type is. More then do as well. */
static bool reads_back(char *text, size_t size, tl_type real, double v, int digits)
{
    snprintf(text, size, "%.*g", digits, v);
    return real == TL_F32 ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v;
}

int print_number(FILE *f, tl_type real, double v)
{
    char text[40];
    if (real == TL_F32)
        v = (float)v;
    if (isnan(v))
        return fprintf(f, real == TL_F32 ? "NAN" : "(double)NAN");
    if (isinf(v))
        return fprintf(f, v < 0 ? "(-%s)" : "%s", infinity_word(real));
    int most = real == TL_F32 ? 9 : 17; /* enough for any; most numbers need nearly as many, or very few */
    int digits = reads_back(text, sizeof text, real, v, most - 3) ? 1 : most - 2;
    while (digits < most && !reads_back(text, sizeof text, real, v, digits))
        digits++;
    reads_back(text, sizeof text, real, v, digits);
    const char *point = strpbrk(text, ".en") ? "" : ".0";
    return fprintf(f, v < 0 || (v == 0 && signbit(v)) ? "(%s%s%s)" : "%s%s%s", text, point, real == TL_F32 ? "f" : "");
}

static uint32_t hash_text(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static void grow_kernels(Emitter *e)
{
    uint32_t size = e->kernels_size ? 2 * e->kernels_size : 256;
    Kernel *bigger = arena_array(e->arena, Kernel, size);
    for (uint32_t i = 0; i < e->kernels_size; i++) {
        if (!e->kernels[i].text)
            continue;
        uint32_t at = hash_text(e->kernels[i].text) & (size - 1);
        while (bigger[at].text)
            at = (at + 1) & (size - 1);
        bigger[at] = e->kernels[i];
    }
    e->kernels = bigger;
    e->kernels_size = size;
}

static const char *find_or_define(Emitter *e, const char *kind, char *text)
{
    if (2 * e->nkernels >= e->kernels_size)
        grow_kernels(e);
    uint32_t at = hash_text(text) & (e->kernels_size - 1);
    for (; e->kernels[at].text; at = (at + 1) & (e->kernels_size - 1))
        if (!strcmp(e->kernels[at].text, text))
            return e->kernels[at].name;
    Kernel *k = &e->kernels[at];
    k->text = arena_strdup(e->arena, text);
    k->name = arena_printf(e->arena, "%s%u", kind, ++e->nkernels);
    /* A comment that begins the text stands above the function. */
    const char *signature = strchr(text, '(');
    if (!strncmp(text, "/*", 2)) {
        signature = strstr(text, "*/\n") + 3;
        fwrite(text, 1, (size_t)(signature - text), e->functions);
    }
    fprintf(e->functions, "KERNEL void %s%s\n", k->name, signature);
    return k->name;
}

static const char *block_word(Block b)
{
    static const char *const words[] = {
        [BLOCK_WORK] = "w", [BLOCK_PARAMS] = "p", [BLOCK_GRADS] = "g", [BLOCK_VERSION] = "p",
        [BLOCK_FRAMES] = "f", [BLOCK_STATES] = "s",
        [BLOCK_NEXT_STATE] = "next", [BLOCK_INPUT] = "in", [BLOCK_TARGET] = "target", [BLOCK_OUTPUT] = "out",
        [BLOCK_WEIGHT] = "weight", [BLOCK_RESET] = "reset", [BLOCK_MASK] = "mask", [BLOCK_LOSSES] = "loss",
        [BLOCK_PROBES] = "probe", [BLOCK_PROBE_GRADS] = "probe_grad",
        [BLOCK_STATE_GRADS] = "state_grad",
    };
    return words[b];
}

/* "w + 128", and notes that the function needs w. */
static void pointer_text(Emitter *e, const Layout *l, char *text, size_t size)
{
    int64_t offset = l->offset;
    int n;
    e->used |= 1u << l->block;
    if (l->block == BLOCK_WORK)
        offset += e->c->plan->offset[l->owner];
    if (l->block == BLOCK_INPUT || l->block == BLOCK_TARGET || l->block == BLOCK_OUTPUT) {
        assume(l->index < MOST_FIELDS, "input, target or output %d", l->index);
        e->used_index[l->block - BLOCK_INPUT][l->index] = true;
        n = snprintf(text, size, "%s%d", block_word(l->block), l->index);
    } else if (l->block == BLOCK_TABLE) {
        e->used_table[l->index] = true;
        n = snprintf(text, size, "constant%d", l->index + 1);
    } else if (l->block == BLOCK_VERSION) {
        e->used_version[l->index] = true;
        n = snprintf(text, size, "p%d", l->index + 1);
    } else {
        n = snprintf(text, size, "%s", block_word(l->block));
    }
    if (offset)
        snprintf(text + n, size - (size_t)n, " + %" PRId64, offset);
}

void print_pointer(Emitter *e, const Layout *l)
{
    char text[64];
    pointer_text(e, l, text, sizeof text);
    fputs(text, e->body);
}

void call_kernel(Emitter *e, const char *kind, char *text)
{
    const char *name = find_or_define(e, kind, text);
    int column = 5 + (int)strlen(name);
    fprintf(e->body, "    %s(", name);
    for (uint32_t i = 0; i < e->npointers; i++) {
        char word[64];
        pointer_text(e, &e->pointers[i].layout, word, sizeof word);
        column = print_wrapped(e->body, column, !i, word);
    }
    fputs(");\n", e->body);
    free(text);
}
