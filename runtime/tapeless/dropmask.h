/* dropmask.h - the masks of dropout, for the runtime (random.h says what they are) and for code that stands alone.
 *
 * Philox4x32-10 after Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3: nothing but 32-bit
 * products, so that every processor draws the same. tests/unit/test_random.c has the paper's authors' known answers. */
#ifndef TAPELESS_DROPMASK_H
#define TAPELESS_DROPMASK_H

#include <stddef.h>
#include <stdint.h>

/* Four numbers of the counter c under a key, in c's place. */
static inline void tl_philox(uint32_t c[4], uint64_t key)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        const uint64_t a = UINT64_C(0xd2511f53) * c[0], b = UINT64_C(0xcd9e8d57) * c[2];
        c[0] = (uint32_t)(b >> 32) ^ c[1] ^ k0;
        c[1] = (uint32_t)b;
        c[2] = (uint32_t)(a >> 32) ^ c[3] ^ k1;
        c[3] = (uint32_t)a;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
}

/* An element is kept if its 32 random bits, as an integer, are at least p * 2^32. */
static inline uint64_t tl_drop_below(double p)
{
    return p <= 0 ? 0 : p >= 1 ? UINT64_C(1) << 32 : (uint64_t)(p * 4294967296.0);
}

/* Elements 4 * block .. 4 * block + 3 of a mask. The tick has 64 bits, the stream is below 2^32 - 1, and the block takes the
 * word that is left. */
static inline void tl_mask_block(uint32_t x[4], size_t block, uint64_t seed, uint64_t tick, uint32_t stream)
{
    x[0] = (uint32_t)tick;
    x[1] = (uint32_t)(tick >> 32);
    x[2] = stream + 1;
    x[3] = (uint32_t)block;
    tl_philox(x, seed);
}

#define TL_DROPMASK(NAME, REAL)                                                                                                  \
    void NAME(REAL *m, size_t first, size_t lanes, size_t n, double p, uint64_t seed, uint64_t tick, uint32_t stream)            \
    {                                                                                                                            \
        const uint64_t below = tl_drop_below(p);                                                                                 \
        const REAL keep = (REAL)(p < 1 ? 1 / (1 - p) : 0);                                                                       \
        uint32_t x[4];                                                                                                           \
        size_t i = first * n, skip = i % 4;                                                                                      \
        for (REAL *const end = m + lanes * n; m < end; i += 4, skip = 0) {                                                       \
            tl_mask_block(x, i / 4, seed, tick, stream);                                                                         \
            for (size_t j = skip; j < 4 && m < end; j++)                                                                         \
                *m++ = x[j] < below ? 0 : keep;                                                                                  \
        }                                                                                                                        \
    }

#endif
