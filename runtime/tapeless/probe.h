/* probe.h - where a probed value stands in the blocks of a window. */
#ifndef TAPELESS_PROBE_H
#define TAPELESS_PROBE_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* The probe of that name, or NULL. */
const tl_tensor *tl_probe_named(const tl_model *, const char *name);

/* [lanes][shape...] of the probe at a slot, first .. k2 - 1, of a block laid out as tl_window's: of
 * `probes` its value, of `probe_grads` the gradient of the window's reduced loss (the sum of weight
 * * loss) with respect to it. */
const void *tl_probe_at(const tl_model *, const tl_tensor *probe, const void *block, int32_t slot);

TL_C_END

#endif
