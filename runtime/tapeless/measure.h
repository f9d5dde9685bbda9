/* measure.h - how far forecasts are off: sums over steps, and what is said of them. */
#ifndef TAPELESS_MEASURE_H
#define TAPELESS_MEASURE_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

/* Zero is one of no steps. */
typedef struct tl_measure {
    size_t steps;
    double weight;              /* sum of w */
    double squares, magnitudes; /* sums of w e^2, of w |e| */
    double mean, spread;        /* of the truth: the mean, and the sum of w (truth - mean)^2 */
} tl_measure;

void tl_measure_add(tl_measure *, double w, double truth, double said);

/* Of n together. */
tl_measure tl_measure_sum(const tl_measure *, size_t n);

double tl_measure_rms(const tl_measure *), tl_measure_mae(const tl_measure *);
double tl_measure_r2(const tl_measure *); /* NaN where the truth does not vary */

TL_C_END

#endif
