/* cost.h - what a window costs: its products' floating-point operations. */
#ifndef COST_H
#define COST_H

#include "schedule/select.h"

/* Multiplications and additions of all products (2 m n k each). Pointwise work is not counted: the
 * fraction of the FMA peak that a bench prints is of products. */
uint64_t call_flops(const Selected *, const Units *, uint32_t unit);
uint64_t window_flops(const Selected *, const Units *);

#endif
