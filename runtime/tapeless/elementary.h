/* elementary.h - exp, tanh and their like for a compiler to vectorise.
 *
 * tl_NAME_f32 and tl_NAME_f64 are straight-line arithmetic, integer operations on the bits, and selects:
 * what gcc and clang make vectors of in a plain loop, for any instruction set, where libm's functions are
 * calls, one an element. gcc does it at -O3 -fno-trapping-math, which changes no value: it allows to compute
 * what is then not selected, so all that may differ is which flags of exceptions are up, and nobody looks.
 * FMA is asked for by name, so -ffp-contract does not matter.
 *
 * Largest errors, in units in the last place of the true value:
 *
 *              f32, FMA  f32       f64, FMA  f64
 *   exp        1.04      1.04      1.1       1.1
 *   log        1.07      1.18      0.9       0.9
 *   tanh       2.5       2.5       2.5       2.5
 *   sigmoid    2         2         2.1       2.1
 *   softplus   1.88      2.3       2.9       2.9
 *   sin cos    0.61      0.61      2.3       2.5
 *
 * Those of f32 with FMA are of all arguments there are; without, of all in the functions' own ranges and each
 * 31st of the others; those of f64 of 10^8 numbers a function (tests/unit/test_elementary.c).
 *
 * NaN gives NaN; infinities, zeros with their signs, denormal numbers, and overflow are as in libm, but that
 * softplus below the least normal number may be anything from 0 to that. |tanh| <= 1, 0 <= sigmoid <= 1, and
 * tanh and sin are odd in all bits.
 * sin and cos subtract multiples of pi, by Cody and Waite, up to TL_SIN_MOST, 2^32. Of what is beyond they make
 * NaN, which is seen, and not a number that only looks right; libm's go on, by a branch, which is no vector's.
 *
 * TL_LIBM makes all of them libm's. So do modes of compilation whose arithmetic is not that of the type, as
 * -ffast-math and the x87's.
 *
 * Rounding is to nearest. The polynomials are from scripts/fit_elementary.py. */
#ifndef TAPELESS_ELEMENTARY_H
#define TAPELESS_ELEMENTARY_H

#include <float.h>

#if defined __FAST_MATH__ || defined __ASSOCIATIVE_MATH__ || defined __NO_SIGNED_ZEROS__ || \
    (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__ != 0) || \
    (FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16) /* 16: half precision alone is widened */
#undef TL_LIBM
#define TL_LIBM
#endif

#ifdef TL_LIBM
#include "elementary_libm.h"
#else
#include "elementary_f32.h"
#include "elementary_f64.h"
#endif

#endif
