/* elementary.h - exp, tanh and their like for a compiler to vectorise.
 *
 * tl_NAME_f32 and tl_NAME_f64 are straight-line arithmetic, integer operations on the bits, and selects:
 * what gcc and clang turn into vectors in a plain loop, for any instruction set, where libm's functions are
 * calls, one an element. gcc does so with -O3 -fno-trapping-math; that changes no value, only when an
 * exception's flag is set, which nothing here reads. With FMA it wants no -ffp-contract: it is asked for by
 * name.
 *
 * Largest errors, in units in the last place of the value that is nearest to the true one. Those of f32 are
 * the worst of all arguments there are; those of f64 were measured, on 10^9 a function and at special ones.
 *
 *              f32 FMA   f32     f64 FMA   f64
 *   exp
 *   log
 *   tanh
 *   sigmoid
 *   softplus
 *   sin, cos
 *
 * NaN gives NaN; infinities, zeros with their signs, and overflow are as in libm. |tanh| <= 1, 0 <= sigmoid
 * <= 1, and tanh(-x) = -tanh(x) in all bits. exp and log know denormal numbers. Where sigmoid and softplus
 * would be denormal they are right to half the least normal number, below that 0.
 * sin and cos subtract multiples of pi, by Cody and Waite, up to TL_SIN_MOST, 2^32. Beyond that they are NaN,
 * which is seen, and not what would look like a value: use libm's there.
 *
 * TL_LIBM makes all of them libm's. So do modes of compilation whose arithmetic is not that of the type, as
 * -ffast-math and the x87's.
 *
 * Rounding is to nearest. The polynomials are from scripts/fit_elementary.py. */
#ifndef TAPELESS_ELEMENTARY_H
#define TAPELESS_ELEMENTARY_H

#include <float.h>

#if !defined TL_LIBM && (defined __FAST_MATH__ || (defined FLT_EVAL_METHOD && FLT_EVAL_METHOD != 0))
#define TL_LIBM
#endif

#ifdef TL_LIBM
#include "elementary_libm.h"
#else
#include "elementary_f32.h"
#include "elementary_f64.h"
#endif

#endif
