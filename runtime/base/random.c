#include "random.h"

#include <math.h>
#include <string.h>

#include <Random123/philox.h>
#include <xxhash.h>

#include "dropmask.h"

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

TL_DROPMASK(tl_dropmask_f32, float)
TL_DROPMASK(tl_dropmask_f64, double)
