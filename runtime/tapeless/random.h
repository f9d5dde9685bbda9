/* random.h - random numbers that can be counted.
 *
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) maps a
 * key and a counter to numbers. So a generator is two integers, fit for a checkpoint, and the mask
 * of a dropout can be drawn again, for any step, in any order. */
#ifndef TAPELESS_RANDOM_H
#define TAPELESS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "linkage.h"

TL_C_BEGIN

typedef struct tl_random {
    uint64_t key;     /* the seed */
    uint64_t counter; /* how many 64-bit numbers were drawn */
} tl_random;

uint64_t tl_random_u64(tl_random *);
double tl_uniform(tl_random *); /* in [0, 1), 53 bits; draws one number */
double tl_normal(tl_random *);  /* mean 0, variance 1 (Box & Muller, 1958); draws two */

/* A seed for the use called `name`, so that one use does not disturb another's numbers. */
uint64_t tl_random_seed_of(uint64_t seed, const char *name);

/* The mask of lanes first .. first + lanes - 1: m is [lanes][n], and each element 0 with probability
 * p, else 1 / (1 - p). Element e of lane l is a pure function of (p, seed, tick, stream, l * n + e),
 * and the same in both precisions up to rounding. `tick` counts the training's steps; `stream` tells
 * the model's masks apart. (first + lanes) * n < 2^34. */
void tl_dropmask_f32(float *m, size_t first, size_t lanes, size_t n, double p, uint64_t seed,
                     uint64_t tick, uint32_t stream);
void tl_dropmask_f64(double *m, size_t first, size_t lanes, size_t n, double p, uint64_t seed,
                     uint64_t tick, uint32_t stream);

TL_C_END

#endif
