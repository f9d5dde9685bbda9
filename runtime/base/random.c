#include "random.h"

#include <math.h>
#include <string.h>

#include <xxhash.h>

#include "dropmask.h"

/* A block of philox gives two numbers. Its counter's upper half is 0 here and never 0 in a drop
 * mask (the stream number plus one is there), so the two never meet even under one seed. */
uint64_t tl_random_u64(tl_random *r)
{
    uint64_t block = r->counter / 2;
    uint32_t x[4] = { (uint32_t)block, (uint32_t)(block >> 32), 0, 0 };
    tl_philox(x, r->key);
    int half = (int)(r->counter++ & 1);
    return (uint64_t)x[2 * half + 1] << 32 | x[2 * half];
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
