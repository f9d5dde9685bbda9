#include "schedule/kernel.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "graph/checked.h"

bool matrix_by_rows(const Matrix *m)
{
    return (m->cols == 1 || m->col == 1) && (m->rows == 1 || m->row >= m->cols);
}

Matrix product_matrix(const Kernel *k, uint32_t access)
{
    static const int rows[] = { DIM_M, DIM_M, DIM_K }, cols[] = { DIM_N, DIM_K, DIM_N };
    const int64_t *stride = k->access[access].stride;
    int row = rows[access], col = cols[access];
    const Nest *n = &k->nest; /* of slots there are several */
    return (Matrix){ n->extent[row] << dim_of_slots(n, row), n->extent[col] << dim_of_slots(n, col), stride[row], stride[col], stride[DIM_LANES] };
}

/* ---- a kernel as a list of numbers: what makes two equal is said here, once ---- */

typedef struct KernelKey {
    int64_t *word;
    size_t count, capacity;
} KernelKey;

static void put(KernelKey *key, int64_t word)
{
    if (key->count == key->capacity) {
        key->capacity = key->capacity ? 2 * key->capacity : 128;
        key->word = checked(reallocarray(key->word, key->capacity, sizeof *key->word));
    }
    key->word[key->count++] = word;
}

/* By its bits: -0 is not 0. */
static void put_number(KernelKey *key, double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put(key, bits);
}

static void put_all(KernelKey *key, const int64_t *words, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        put(key, words[i]);
}

static void put_nest(KernelKey *key, const Nest *nest)
{
    put(key, nest->rank);
    put_all(key, nest->extent, nest->rank);
    put(key, nest->slots);
}

static void put_access(KernelKey *key, const Access *a, int32_t rank)
{
    put(key, a->argument);
    put(key, a->written | a->add << 1 | a->token << 2 | a->addressed << 3 | a->image << 4);
    put(key, a->token_stride);
    put_all(key, a->stride, a->image ? DIM_COL + 1 : rank);
}

static void put_instruction(KernelKey *key, const Instruction *in)
{
    put(key, in->op);
    put(key, in->store);
    put_number(key, in->number[0]);
    put_number(key, in->number[1]);
    put(key, in->noperands);
    for (uint32_t i = 0; i < in->noperands; i++) {
        put(key, in->operand[i].from);
        put(key, in->operand[i].index);
        put_number(key, in->operand[i].number);
    }
}

static void put_slide(KernelKey *key, const Slide *s)
{
    put(key, s->high);
    put(key, s->wide);
    for (int d = 0; d < 2; d++) {
        put(key, s->size[d]);
        put(key, s->step[d]);
        put(key, s->padding[d]);
    }
}

static void put_kernel(KernelKey *key, const Kernel *k)
{
    put(key, k->kind);
    put(key, k->op);
    put(key, k->form.kind);
    put(key, k->form.rows);
    put(key, k->form.vectors);
    put(key, k->form.chains);
    put(key, k->form.block_rows);
    put(key, k->form.turns);
    put(key, k->by_halves);
    put_nest(key, &k->nest);
    put(key, k->narguments);
    put(key, k->naccesses);
    for (uint32_t i = 0; i < k->naccesses; i++)
        put_access(key, &k->access[i], k->nest.rank);
    put(key, k->ninstructions);
    for (uint32_t i = 0; i < k->ninstructions; i++)
        put_instruction(key, &k->body[i]);
    put(key, k->kept);
    put_nest(key, &k->clear);
    put_all(key, k->clear_stride, k->clear.rank);
    put_slide(key, &k->slide);
    put_number(key, k->probability);
    put(key, k->stream);
}

static bool same_key(const KernelKey *a, const KernelKey *b)
{
    return a->count == b->count && !memcmp(a->word, b->word, a->count * sizeof *a->word);
}

static uint64_t hash_key(const KernelKey *key)
{
    return XXH3_64bits(key->word, key->count * sizeof *key->word);
}

/* ---- the set ---- */

Kernels *kernels_new(void)
{
    Kernels *s = checked(calloc(1, sizeof *s));
    s->arena = arena_new();
    return s;
}

void kernels_free(Kernels *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++)
        free(s->key[i].word);
    free(s->key);
    free(s->kernel);
    free(s->slot);
    arena_free(s->arena);
    free(s);
}

/* Where the key is, or where it would be. */
static uint32_t find_slot(const Kernels *s, const KernelKey *key)
{
    uint32_t at = (uint32_t)hash_key(key) & (s->nslots - 1);
    while (s->slot[at] && !same_key(&s->key[s->slot[at] - 1], key))
        at = (at + 1) & (s->nslots - 1);
    return at;
}

static void grow_slots(Kernels *s)
{
    free(s->slot);
    s->nslots = s->nslots ? 2 * s->nslots : 256;
    s->slot = checked(calloc(s->nslots, sizeof *s->slot));
    for (uint32_t i = 0; i < s->count; i++)
        s->slot[find_slot(s, &s->key[i])] = i + 1;
}

static void append(Kernels *s, const Kernel *k, KernelKey key)
{
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 64;
        s->kernel = checked(reallocarray(s->kernel, s->capacity, sizeof *s->kernel));
        s->key = checked(reallocarray(s->key, s->capacity, sizeof *s->key));
    }
    Kernel *copy = &s->kernel[s->count];
    *copy = *k;
    copy->access = arena_array(s->arena, Access, k->naccesses);
    memcpy(copy->access, k->access, k->naccesses * sizeof *k->access);
    copy->body = arena_array(s->arena, Instruction, k->ninstructions);
    if (k->ninstructions)
        memcpy(copy->body, k->body, k->ninstructions * sizeof *k->body);
    s->key[s->count++] = key;
}

uint32_t kernels_add(Kernels *s, const Kernel *k)
{
    KernelKey key = { 0 };
    put_kernel(&key, k);
    if (2 * s->count >= s->nslots)
        grow_slots(s);
    uint32_t at = find_slot(s, &key);
    if (s->slot[at]) {
        free(key.word);
        return s->slot[at] - 1;
    }
    append(s, k, key);
    return (s->slot[at] = s->count) - 1;
}
