/* gradient_check.h - is the gradient of a hand-built window the derivative of its loss? */
#ifndef GRADIENT_CHECK_H
#define GRADIENT_CHECK_H

#include <tapeless/random.h>
#include "window_run.h"

/* Central differences along a random direction v of the parameters, in f64, step 1e-6:
 * |difference - g.v| / (|g| |v|). */
double difference_error(Builder *, const WindowData *, uint64_t seed);

/* The same along a random direction of real input k: its adjoint must be that of probe `probe`,
 * a probe of (a value + the input), whatever becomes of that. */
double probe_difference_error(Builder *, const WindowData *, int32_t probe, int32_t input,
                              uint64_t seed);

/* Largest of |f32 - f64| / |f64| over gradients, states, losses, probes and their adjoints. The
 * data must be float values. */
double precision_error(Builder *, const WindowData *);

double norm_of_difference(size_t n, const double *a, const double *b); /* NaN counts as 0 */
double norm(size_t n, const double *a);

double random_between(tl_random *, double lo, double hi); /* a float value */

#endif
