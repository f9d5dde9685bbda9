#include "random.h"

#include <math.h>
#include <string.h>

#include <Random123/philox.h>
#include <xxhash.h>

static philox4x32_key_t key_of(uint64_t seed)
{
    philox4x32_key_t k = { { (uint32_t)seed, (uint32_t)(seed >> 32) } };
    return k;
}

/* A block of philox gives two numbers. Its counter's upper half is 0 here and never 0 in a drop
 * mask (the stream number plus one is there), so the two never meet even under one seed. */
uint64_t tl_random_u64(tl_random *r)
{
    uint64_t block = r->counter / 2;
    philox4x32_ctr_t c = { { (uint32_t)block, (uint32_t)(block >> 32), 0, 0 } };
    philox4x32_ctr_t x = philox4x32(c, key_of(r->key));
    int half = (int)(r->counter++ & 1);
    return (uint64_t)x.v[2 * half + 1] << 32 | x.v[2 * half];
}

double tl_uniform(tl_random *r)
{
    return (double)(tl_random_u64(r) >> 11) * 0x1p-53;
}

double tl_normal(tl_random *r)
{
    double u = 1 - tl_uniform(r); /* (0, 1]: its logarithm exists */
    double v = tl_uniform(r);
    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

uint64_t tl_random_seed_of(uint64_t seed, const char *name)
{
    return XXH64(name, strlen(name), seed);
}

/* An element is kept if its 32 random bits, as an integer, are at least p * 2^32. */
static uint64_t drop_below(double p)
{
    return p <= 0 ? 0 : p >= 1 ? UINT64_C(1) << 32 : (uint64_t)(p * 0x1p32);
}

/* Elements 4 * block .. 4 * block + 3 of a mask. The tick has 64 bits, the stream is below
 * 2^32 - 1, and the block takes the word that is left. */
static philox4x32_ctr_t mask_block(size_t block, uint64_t seed, uint64_t tick, uint32_t stream)
{
    philox4x32_ctr_t c = { { (uint32_t)tick, (uint32_t)(tick >> 32), stream + 1,
                             (uint32_t)block } };
    return philox4x32(c, key_of(seed));
}

#define DROPMASK(NAME, REAL)                                                                      \
    void NAME(REAL *m, size_t first, size_t lanes, size_t n, double p, uint64_t seed,             \
              uint64_t tick, uint32_t stream)                                                     \
    {                                                                                             \
        const uint64_t below = drop_below(p);                                                     \
        const REAL keep = (REAL)(p < 1 ? 1 / (1 - p) : 0);                                        \
        size_t i = first * n, skip = i % 4;                                                       \
        for (REAL *const end = m + lanes * n; m < end; i += 4, skip = 0) {                        \
            philox4x32_ctr_t x = mask_block(i / 4, seed, tick, stream);                           \
            for (size_t j = skip; j < 4 && m < end; j++)                                          \
                *m++ = x.v[j] < below ? 0 : keep;                                                 \
        }                                                                                         \
    }

DROPMASK(tl_dropmask_f32, float)
DROPMASK(tl_dropmask_f64, double)
