/* peak.h - the floating-point peak of the core that this runs on, measured. */
#ifndef TAPELESS_PEAK_H
#define TAPELESS_PEAK_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* FLOP/s (a multiplication and an addition count 2) of fused multiply-adds in the widest vectors
 * that the processor has, in registers alone: what no program can exceed on this core. The best of
 * many runs of about 0.5 ms each in `seconds`, so that a run that was interrupted does not count.
 * Only as good as the machine is quiet: the clock goes with heat, and with what the other half of
 * the core does. */
double tl_peak_flops(tl_type real, double seconds);

/* The instructions it uses: "avx512f", "avx2 fma", "baseline". */
const char *tl_peak_instructions(void);

TL_C_END

#endif
