/* cost.h - what a window costs: its products' floating-point operations, and its bytes. */
#ifndef COST_H
#define COST_H

#include "schedule/units.h"

/* Multiplications and additions of all matmuls (2 m n k each). Pointwise work is not counted: the
 * fraction of the FMA peak that a bench prints is of products. */
uint64_t window_flops(const Window *);

#endif
