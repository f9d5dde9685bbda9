#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "real.h"

size_t tl_sequences_training(const size_t *first, size_t n, double valid)
{
    double apart = valid * (double)first[n];
    size_t k = n;
    while (k > 1 && (double)(first[n] - first[k]) < apart)
        k--;
    return k;
}

static size_t pieces_of(size_t rows, size_t most) { return rows ? (rows - 1) / most + 1 : 1; }

size_t *tl_sequences_cut(const size_t *first, size_t n, size_t most, size_t *pieces)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += pieces_of(first[i + 1] - first[i], most);
    size_t *to = calloc(count + 1, sizeof *to), at = 0;
    for (size_t i = 0; i < n && to; i++) {
        const size_t rows = first[i + 1] - first[i], parts = pieces_of(rows, most);
        for (size_t k = 0; k < parts; k++) /* the first rows % parts have one more */
            to[at++] = first[i] + k * (rows / parts) + (k < rows % parts ? k : rows % parts);
    }
    if (to)
        to[count] = first[n];
    *pieces = count;
    return to;
}

typedef struct Sequence {
    size_t index, from, length; /* number in the data, rows there */
    size_t lane, start;         /* where it goes */
} Sequence;

typedef struct Packing {
    Sequence *item;
    size_t n, lanes;
    size_t *filled; /* [lanes] steps so far */
} Packing;

static int longest_first(const void *a, const void *b)
{
    const Sequence *x = a, *y = b;
    if (x->length != y->length)
        return x->length < y->length ? 1 : -1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int in_order(const void *a, const void *b)
{
    const Sequence *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

static size_t shortest(const Packing *p)
{
    size_t best = 0;
    for (size_t lane = 1; lane < p->lanes; lane++)
        if (p->filled[lane] < p->filled[best])
            best = lane;
    return best;
}

/* Decides on lanes, then lays the sequences down in the order of the data. Returns the longest
 * lane's steps. */
static size_t place(Packing *p)
{
    size_t most = 0;
    qsort(p->item, p->n, sizeof *p->item, longest_first);
    for (size_t i = 0; i < p->n; i++) {
        p->item[i].lane = shortest(p);
        p->filled[p->item[i].lane] += p->item[i].length;
    }
    qsort(p->item, p->n, sizeof *p->item, in_order);
    memset(p->filled, 0, p->lanes * sizeof *p->filled);
    for (size_t i = 0; i < p->n; i++) {
        size_t *filled = &p->filled[p->item[i].lane];
        p->item[i].start = *filled;
        *filled += p->item[i].length;
        most = *filled > most ? *filled : most;
    }
    return most;
}

static void copy_fields(const Packing *p, const tl_tensor *field, int32_t n, void *const *from,
                        void *const *to)
{
    for (int32_t i = 0; i < n; i++) {
        size_t size = tl_size(&field[i]) * tl_type_size(field[i].type);
        for (size_t k = 0; k < p->n; k++) {
            const Sequence *s = &p->item[k];
            for (size_t t = 0; t < s->length; t++)
                memcpy((char *)to[i] + ((s->start + t) * p->lanes + s->lane) * size,
                       (const char *)from[i] + (s->from + t) * size, size);
        }
    }
}

static int any_padding(const Packing *p, size_t rows)
{
    for (size_t lane = 0; lane < p->lanes; lane++)
        if (p->filled[lane] < rows)
            return 1;
    return 0;
}

/* What each step's loss counts, where the data say so; of padding nothing. 0 if memory is short. */
static int copy_weights(tl_examples *x, const Packing *p, const void *from, tl_type real)
{
    if (!from)
        return 1;
    if (!(x->weight = tl_aligned(x->rows * x->lanes * tl_real_size(real))))
        return 0;
    for (size_t k = 0; k < p->n; k++)
        for (size_t t = 0; t < p->item[k].length; t++)
            tl_real_set(real, x->weight, (p->item[k].start + t) * p->lanes + p->item[k].lane,
                        tl_real_get(real, from, p->item[k].from + t));
    return 1;
}

/* 0 if memory is short. */
static int set_flags(tl_examples *x, const Packing *p, tl_type real)
{
    size_t bytes = x->rows * x->lanes * tl_real_size(real); /* checked: fields are not smaller */
    if (!(x->reset = tl_aligned(bytes)))
        return 0;
    for (size_t k = 0; k < p->n; k++)
        tl_real_set(real, x->reset, p->item[k].start * p->lanes + p->item[k].lane, 1);
    if (!any_padding(p, x->rows))
        return 1;
    if (!(x->mask = tl_aligned(bytes)))
        return 0;
    for (size_t lane = 0; lane < p->lanes; lane++)
        for (size_t t = 0; t < p->filled[lane]; t++)
            tl_real_set(real, x->mask, t * p->lanes + lane, 1);
    return 1;
}

static int pack(tl_examples *to, const tl_model *m, const tl_examples *flat, Packing *p)
{
    size_t rows = place(p), bytes;
    if (__builtin_mul_overflow(rows, p->lanes, &bytes) ||
        __builtin_mul_overflow(bytes, sizeof(double), &bytes) ||
        !tl_examples_new(to, m, rows, p->lanes))
        return 0;
    copy_fields(p, m->inputs, m->ninputs, flat->input, to->input);
    copy_fields(p, m->targets, m->ntargets, flat->target, to->target);
    return set_flags(to, p, m->real) && copy_weights(to, p, flat->weight, m->real);
}

int tl_sequences_pack(tl_examples *x, const tl_model *m, const tl_examples *flat, size_t from,
                      size_t to, size_t lanes, const char *label, tl_error *e)
{
    Packing p = { .n = to - from, .lanes = lanes };
    *x = (tl_examples){ 0 };
    p.item = calloc(p.n, sizeof *p.item);
    p.filled = calloc(lanes, sizeof *p.filled);
    for (size_t i = 0; p.item && i < p.n; i++) {
        const size_t *first = &flat->first[from + i];
        p.item[i] = (Sequence){ .index = i, .from = first[0], .length = first[1] - first[0] };
    }
    int fine = p.item && p.filled && pack(x, m, flat, &p);
    free(p.item);
    free(p.filled);
    if (fine)
        return 0;
    tl_examples_free(x);
    return tl_fail(e, "%s: no memory for %zu sequences in %zu lanes", label, to - from, lanes);
}
