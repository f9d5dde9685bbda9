/* product_vector.h - the vector of product.h: its loads, stores and exchanges of lanes, GNU C or plain C.
 *
 * Who includes it says what a real is and how wide the target's vectors are:
 *
 *     #define TL_REAL_BYTES 4     or 8: float (which is also meant if nothing is said) or double
 *     #define TL_VECTOR_BYTES 32  or 64, 16; or 0: a vector is one real, in plain C; or nothing: the widest there is
 *
 * Where the C compiler may not use vectors as wide (no -march), they are as wide as they can be. Panels, which need
 * whole vectors, then take no more memory than for the wider.
 *
 * Operands need no alignment but a real's; where they have the vector's, no load crosses a cache line. What is
 * said of a vector's lanes is read from constants, so each function here is some instructions. */
#ifndef TAPELESS_PRODUCT_VECTOR_H
#define TAPELESS_PRODUCT_VECTOR_H

#include <stddef.h>

#ifndef TL_REAL_BYTES
#define TL_REAL_BYTES 4
#endif

#ifndef __GNUC__
#define TL_WIDEST_BYTES 0
#elif defined __AVX512F__ && defined __AVX512VL__ && defined __AVX512DQ__
#define TL_WIDEST_BYTES 64
#elif defined __AVX__
#define TL_WIDEST_BYTES 32
#elif defined __SSE2__ || defined __ARM_NEON
#define TL_WIDEST_BYTES 16
#else
#define TL_WIDEST_BYTES 0
#endif
#ifndef TL_VECTOR_BYTES
#define TL_VECTOR_BYTES TL_WIDEST_BYTES
#elif TL_VECTOR_BYTES > TL_WIDEST_BYTES
#undef TL_VECTOR_BYTES
#define TL_VECTOR_BYTES TL_WIDEST_BYTES
#endif

#if TL_REAL_BYTES == 8
typedef double tl_real;
#else
typedef float tl_real;
#endif

/* How many of a loop's rounds, all known at compile time, become straight code: all of them. */
#ifdef TL_UNROLL
#elif defined __clang__
#define TL_UNROLL _Pragma("clang loop unroll(full)")
#elif defined __GNUC__
#define TL_UNROLL _Pragma("GCC unroll 64")
#else
#define TL_UNROLL
#endif

#ifdef TL_INLINE
#elif defined __GNUC__
#define TL_INLINE static inline __attribute__((always_inline))
#else
#define TL_INLINE static inline
#endif

/* A function that is no faster for being specialised: one for all calls. */
#ifdef __GNUC__
#define TL_FUNCTION static __attribute__((noinline, unused))
#else
#define TL_FUNCTION static inline
#endif

#if TL_VECTOR_BYTES
#define TL_LANES (TL_VECTOR_BYTES / TL_REAL_BYTES)
typedef tl_real tl_vec __attribute__((vector_size(TL_VECTOR_BYTES)));
typedef tl_real tl_vec_anywhere __attribute__((vector_size(TL_VECTOR_BYTES), aligned(TL_REAL_BYTES), may_alias));
#define TL_LANE(x, j) ((x)[j])
#else
#define TL_LANES 1
typedef tl_real tl_vec;
typedef tl_real tl_vec_anywhere;
#define TL_LANE(x, j) (x)
#endif

/* TL_KEEP(x): x is in a register here, and is not read from memory again by each instruction that uses it. So a loaded
 * vector is loaded once, and a tile's sums stay where they are. TL_KEEP_SPREAD(x) is for a real that was spread: NEON
 * multiplies by one lane, and needs no vector for it. */
#if !defined __GNUC__ || TL_VECTOR_BYTES == 0
#define TL_KEEP(x) ((void)0)
#elif defined __AVX512F__
#define TL_KEEP(x) __asm__("" : "+v"(x))
#elif defined __x86_64__
#define TL_KEEP(x) __asm__("" : "+x"(x))
#elif defined __aarch64__
#define TL_KEEP(x) __asm__("" : "+w"(x))
#else
#define TL_KEEP(x) ((void)0)
#endif
#ifdef __aarch64__
#define TL_KEEP_SPREAD(x) ((void)0)
#else
#define TL_KEEP_SPREAD(x) TL_KEEP(x)
#endif

TL_INLINE tl_vec tl_zero(void)
{
    const tl_vec zero = { 0 };
    return zero;
}

TL_INLINE tl_vec tl_spread(tl_real x) /* to all lanes */
{
    return x - tl_zero();
}

TL_INLINE tl_vec tl_load(const tl_real *p)
{
    return *(const tl_vec_anywhere *)p;
}

TL_INLINE void tl_store(tl_real *p, tl_vec x)
{
    *(tl_vec_anywhere *)p = x;
}

/* ---- the first lanes of a vector ---- */

/* AVX-512 and AVX have masks for it; elsewhere there are few lanes, and they are moved one by one. */
#if defined __AVX512F__ && TL_VECTOR_BYTES == 64
#if TL_REAL_BYTES == 4
#define TL_MASK(lanes) ((unsigned short)((1u << (lanes)) - 1))
#define TL_LOAD_FIRST(p, lanes) __builtin_ia32_loadups512_mask(p, tl_zero(), TL_MASK(lanes))
#define TL_STORE_FIRST(p, x, lanes) __builtin_ia32_storeups512_mask(p, x, TL_MASK(lanes))
#else
#define TL_MASK(lanes) ((unsigned char)((1u << (lanes)) - 1))
#define TL_LOAD_FIRST(p, lanes) __builtin_ia32_loadupd512_mask(p, tl_zero(), TL_MASK(lanes))
#define TL_STORE_FIRST(p, x, lanes) __builtin_ia32_storeupd512_mask(p, x, TL_MASK(lanes))
#endif
#elif defined __AVX__ && TL_VECTOR_BYTES == 32
#if TL_REAL_BYTES == 4
typedef int tl_mask __attribute__((vector_size(32)));
#define TL_LOAD_FIRST(p, lanes) __builtin_ia32_maskloadps256((const tl_vec *)(p), tl_first(lanes))
#else
typedef long long tl_mask __attribute__((vector_size(32)));
#define TL_LOAD_FIRST(p, lanes) __builtin_ia32_maskloadpd256((const tl_vec *)(p), tl_first(lanes))
#endif
TL_INLINE tl_mask tl_first(const int lanes)
{
    tl_mask number = { 0 };
    TL_UNROLL
    for (int j = 0; j < TL_LANES; j++)
        number[j] = j;
    return number < lanes;
}
#endif

/* p[0 .. lanes), and zeros; nothing beyond is read. */
TL_INLINE tl_vec tl_load_first(const tl_real *p, const int lanes)
{
    tl_vec x = tl_zero();
    if (lanes == TL_LANES)
        return tl_load(p);
#ifdef TL_LOAD_FIRST
    x = TL_LOAD_FIRST(p, lanes);
#else
    TL_UNROLL
    for (int j = 0; j < TL_LANES; j++)
        if (j < lanes)
            TL_LANE(x, j) = p[j];
#endif
    return x;
}

/* To p[0 .. lanes); nothing beyond is written. */
TL_INLINE void tl_store_first(tl_real *p, tl_vec x, const int lanes)
{
    if (lanes == TL_LANES) {
        tl_store(p, x);
        return;
    }
#ifdef TL_STORE_FIRST
    TL_STORE_FIRST(p, x, lanes);
#else
    TL_UNROLL
    for (int j = 0; j < TL_LANES; j++)
        if (j < lanes)
            p[j] = TL_LANE(x, j);
#endif
}

/* ---- lanes exchanged between two vectors ---- */

/* Two vectors that stand d apart in a square of TL_LANES of them; afterwards what was in lanes of which bit d is
 * set of the upper is in the lower, and the other way round. For d = 1, 2, 4, ... that transposes the square. d is
 * a literal. */
#define TL_UPPER(j, d) ((j) & (d) ? TL_LANES + (j) - (d) : (j))
#define TL_LOWER(j, d) ((j) & (d) ? TL_LANES + (j) : (j) + (d))
#define TL_LANES_2(f, j, d) f(j, d), f(j + 1, d)
#define TL_LANES_4(f, j, d) TL_LANES_2(f, j, d), TL_LANES_2(f, j + 2, d)
#define TL_LANES_8(f, j, d) TL_LANES_4(f, j, d), TL_LANES_4(f, j + 4, d)
#define TL_LANES_16(f, j, d) TL_LANES_8(f, j, d), TL_LANES_8(f, j + 8, d)
#if TL_LANES == 16
#define TL_ALL_LANES(f, d) TL_LANES_16(f, 0, d)
#elif TL_LANES == 8
#define TL_ALL_LANES(f, d) TL_LANES_8(f, 0, d)
#elif TL_LANES == 4
#define TL_ALL_LANES(f, d) TL_LANES_4(f, 0, d)
#else
#define TL_ALL_LANES(f, d) TL_LANES_2(f, 0, d)
#endif
#define TL_PICK_UPPER(a, b, d) __builtin_shufflevector(a, b, TL_ALL_LANES(TL_UPPER, d))
#define TL_PICK_LOWER(a, b, d) __builtin_shufflevector(a, b, TL_ALL_LANES(TL_LOWER, d))

#define TL_PICK_OTHER(a, d) __builtin_shufflevector(a, a, TL_ALL_LANES(TL_OTHER, d))

#define TL_EXCHANGE(x, d)                                                                         \
    TL_UNROLL                                                                                     \
    for (int i_ = 0; i_ < TL_LANES; i_++)                                                         \
        if (!(i_ & (d))) {                                                                        \
            const tl_vec a_ = (x)[i_], b_ = (x)[i_ | (d)];                                        \
            (x)[i_] = TL_PICK_UPPER(a_, b_, d);                                                   \
            (x)[i_ | (d)] = TL_PICK_LOWER(a_, b_, d);                                             \
        }

/* x[i] lane j becomes x[j] lane i; TL_LANES vectors. */
TL_INLINE void tl_transpose(tl_vec *x)
{
    (void)x;
#if TL_LANES >= 2
    TL_EXCHANGE(x, 1)
#endif
#if TL_LANES >= 4
    TL_EXCHANGE(x, 2)
#endif
#if TL_LANES >= 8
    TL_EXCHANGE(x, 4)
#endif
#if TL_LANES >= 16
    TL_EXCHANGE(x, 8)
#endif
}

/* Vectors of more than 16 bytes, of which an instruction can load 16 at a time to any of their quarters or halves. */
#if TL_VECTOR_BYTES > 16
#define TL_QUARTER (16 / TL_REAL_BYTES) /* lanes */
typedef tl_real tl_quarter __attribute__((vector_size(16)));
typedef tl_real tl_quarter_anywhere __attribute__((vector_size(16), aligned(TL_REAL_BYTES), may_alias));
typedef tl_real tl_half __attribute__((vector_size(32)));
#if TL_REAL_BYTES == 4
#define TL_BEHIND_QUARTER(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define TL_BEHIND_HALF(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#else
#define TL_BEHIND_QUARTER(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3)
#define TL_BEHIND_HALF(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#endif

TL_INLINE tl_half tl_load_half(const tl_real *p, const ptrdiff_t distance)
{
    const tl_quarter a = *(const tl_quarter_anywhere *)p, b = *(const tl_quarter_anywhere *)(p + distance);
    return TL_BEHIND_QUARTER(a, b);
}

/* TL_QUARTER elements from p on, as many `distance` behind p, and so on. */
TL_INLINE tl_vec tl_load_apart(const tl_real *p, const ptrdiff_t distance)
{
#if TL_VECTOR_BYTES == 64
    const tl_half a = tl_load_half(p, distance), b = tl_load_half(p + 2 * distance, distance);
    return TL_BEHIND_HALF(a, b);
#else
    return tl_load_half(p, distance);
#endif
}

/* Lane j of a quarter's first or last two elements, of two vectors in turn; and of a quarter's halves, of two vectors one
 * after the other. Instructions of their own. */
#define TL_TURN(j, last) ((j) % 2 * TL_LANES + (j) / TL_QUARTER * TL_QUARTER + (j) % TL_QUARTER / 2 + (last) * TL_QUARTER / 2)
#define TL_AFTER(j, last) ((j) % 4 / 2 * TL_LANES + (j) / 4 * 4 + (j) % 2 + (last) * 2)
#define TL_IN_TURN(a, b, last) __builtin_shufflevector(a, b, TL_ALL_LANES(TL_TURN, last))
#define TL_ONE_AFTER(a, b, last) __builtin_shufflevector(a, b, TL_ALL_LANES(TL_AFTER, last))

/* TL_LANES rows of TL_QUARTER elements become TL_QUARTER vectors. */
TL_INLINE void tl_load_transposed(const tl_real *p, const ptrdiff_t row, tl_vec *x)
{
    tl_vec r[TL_QUARTER];
    TL_UNROLL
    for (int i = 0; i < TL_QUARTER; i++)
        r[i] = tl_load_apart(p + i * row, TL_QUARTER * row);
#if TL_QUARTER == 2
    x[0] = TL_IN_TURN(r[0], r[1], 0);
    x[1] = TL_IN_TURN(r[0], r[1], 1);
#else
    const tl_vec a = TL_IN_TURN(r[0], r[1], 0), b = TL_IN_TURN(r[2], r[3], 0);
    const tl_vec c = TL_IN_TURN(r[0], r[1], 1), d = TL_IN_TURN(r[2], r[3], 1);
    x[0] = TL_ONE_AFTER(a, b, 0);
    x[1] = TL_ONE_AFTER(a, b, 1);
    x[2] = TL_ONE_AFTER(c, d, 0);
    x[3] = TL_ONE_AFTER(c, d, 1);
#endif
}
#endif

/* Another lane of one vector. */
#define TL_OTHER(j, d) ((j) ^ (d))

/* ---- sums over lanes ---- */

/* A level of a tree: x[i] and x[i + d] become one vector, in which half as many lanes belong to each. What is picked of
 * two vectors of L lanes are patterns that x86 has an instruction for: of each 16 bytes the first or last half, in turn
 * or one after the other; then of all 16 bytes every other. */
#define TL_ALONE_4(j, L) ((j) / 4 * 4 + (j) % 4 / 2 + (j) % 2 * (L))  /* of four lanes 0, 0', 1, 1'; those behind: + 2 */
#define TL_PAIRS_4(j, L) ((j) / 4 * 4 + (j) % 2 + (j) % 4 / 2 * (L))  /* 0, 1, 0', 1'; + 2 */
#define TL_ALONE_2(j, L) ((j) / 2 * 2 + (j) % 2 * (L))                /* of two lanes 0, 0'; + 1 */
#define TL_QUARTERS(j, L) ((j) / TL_IN_16 * 2 * TL_IN_16 + (j) % TL_IN_16) /* + TL_IN_16 */
#define TL_ALONE_4_BEHIND(j, L) (TL_ALONE_4(j, L) + 2)
#define TL_PAIRS_4_BEHIND(j, L) (TL_PAIRS_4(j, L) + 2)
#define TL_ALONE_2_BEHIND(j, L) (TL_ALONE_2(j, L) + 1)
#define TL_QUARTERS_BEHIND(j, L) (TL_QUARTERS(j, L) + TL_IN_16)
#define TL_IN_16 (16 / TL_REAL_BYTES) /* lanes in 16 bytes */
#define TL_ALL_OF(L, f) TL_LANES_##L(f, 0, L)
#define TL_JOIN(L, vector, x, count, d, PICK)                                                     \
    TL_UNROLL                                                                                     \
    for (int i_ = 0; i_ < (count); i_ += 2 * (d)) {                                               \
        const vector a_ = (x)[i_], b_ = (x)[i_ + (d) < (count) ? i_ + (d) : i_];                  \
        (x)[i_] = __builtin_shufflevector(a_, b_, TL_ALL_OF(L, PICK)) +                         \
                  __builtin_shufflevector(a_, b_, TL_ALL_OF(L, PICK##_BEHIND));                 \
    }
#if TL_REAL_BYTES == 4
#define TL_JOIN_IN_16(L, vector, x, count)                                                        \
    TL_JOIN(L, vector, x, count, 1, TL_ALONE_4)                                                   \
    TL_JOIN(L, vector, x, count, 2, TL_PAIRS_4)
#else
#define TL_JOIN_IN_16(L, vector, x, count) TL_JOIN(L, vector, x, count, 1, TL_ALONE_2)
#endif

/* Lane i becomes the sum of x[i]'s lanes, i < count <= TL_LANES; x is destroyed. In each 16 bytes the last half of the
 * lanes is added to the first, then these to each other, then neighbouring 16 bytes, and so on, whatever count is. */
TL_INLINE tl_vec tl_sums(tl_vec *x, const int count)
{
    (void)count;
#if TL_LANES == 16
    TL_JOIN_IN_16(16, tl_vec, x, count)
    TL_JOIN(16, tl_vec, x, count, 4, TL_QUARTERS)
    TL_JOIN(16, tl_vec, x, count, 8, TL_QUARTERS)
#elif TL_LANES == 8
    TL_JOIN_IN_16(8, tl_vec, x, count)
    TL_JOIN(8, tl_vec, x, count, TL_IN_16, TL_QUARTERS)
#if TL_IN_16 == 2
    TL_JOIN(8, tl_vec, x, count, 4, TL_QUARTERS)
#endif
#elif TL_LANES == 4
    TL_JOIN_IN_16(4, tl_vec, x, count)
#if TL_IN_16 == 2
    TL_JOIN(4, tl_vec, x, count, 2, TL_QUARTERS)
#endif
#elif TL_LANES == 2
    TL_JOIN_IN_16(2, tl_vec, x, count)
#endif
    return x[0];
}

/* ---- vectors of half the width, where these are 64 bytes ---- */

#if TL_VECTOR_BYTES == 64
#define TL_HALF_LANES (TL_LANES / 2)
typedef tl_real tl_half_anywhere __attribute__((vector_size(32), aligned(TL_REAL_BYTES), may_alias));

TL_INLINE tl_half tl_half_zero(void)
{
    const tl_half zero = { 0 };
    return zero;
}

/* Where clang's functions want a vector, and gcc's a real. */
#ifdef __clang__
#define TL_HALF_AT(p) ((tl_half *)(p))
#define TL_HALF_AT_CONST(p) ((const tl_half *)(p))
#else
#define TL_HALF_AT(p) (p)
#define TL_HALF_AT_CONST(p) (p)
#endif

/* p[0 .. lanes), and zeros. */
TL_INLINE tl_half tl_half_load(const tl_real *p, const int lanes)
{
    if (lanes == TL_HALF_LANES)
        return *(const tl_half_anywhere *)p;
#if TL_REAL_BYTES == 4
    return __builtin_ia32_loadups256_mask(TL_HALF_AT_CONST(p), tl_half_zero(), (unsigned char)((1u << lanes) - 1));
#else
    return __builtin_ia32_loadupd256_mask(TL_HALF_AT_CONST(p), tl_half_zero(), (unsigned char)((1u << lanes) - 1));
#endif
}

TL_INLINE void tl_half_store(tl_real *p, tl_half x, const int lanes)
{
    if (lanes == TL_HALF_LANES) {
        *(tl_half_anywhere *)p = x;
        return;
    }
#if TL_REAL_BYTES == 4
    __builtin_ia32_storeups256_mask(TL_HALF_AT(p), x, (unsigned char)((1u << lanes) - 1));
#else
    __builtin_ia32_storeupd256_mask(TL_HALF_AT(p), x, (unsigned char)((1u << lanes) - 1));
#endif
}

/* As tl_sums. */
TL_INLINE tl_half tl_half_sums(tl_half *x, const int count)
{
#if TL_HALF_LANES == 8
    TL_JOIN_IN_16(8, tl_half, x, count)
    TL_JOIN(8, tl_half, x, count, 4, TL_QUARTERS)
#else
    TL_JOIN_IN_16(4, tl_half, x, count)
    TL_JOIN(4, tl_half, x, count, 2, TL_QUARTERS)
#endif
    return x[0];
}
#endif

#endif
