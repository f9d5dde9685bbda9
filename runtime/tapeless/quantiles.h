/* quantiles.h - how well predicted quantiles hold: of the steps that are scored, weighed as these, in the data's units.
 *
 *     below     the part of the steps at which the target is no higher than the quantile: its level, if it holds
 *     coverage  the part at which it is from the lowest quantile to the highest; meant is the difference of their levels
 *     width     of that interval, the mean
 *     crossed   the part at which some quantile is higher than one of a higher level
 *     pinball   mean of max(q e, (q - 1) e), e = target - quantile; that of all levels is their mean (R. Koenker & G. Bassett,
 *               1978). Of one interval of two levels it is the interval score but for a factor */
#ifndef TAPELESS_QUANTILES_H
#define TAPELESS_QUANTILES_H

#include <jansson.h>

#include "coding.h"
#include "linkage.h"
#include "recorded.h"

TL_C_BEGIN

/* Of each target that quantiles are predicted of: for people a line, and a row for each level below the report; for
 * programs the list `quantiles`. */
void tl_quantiles_report(json_t *, const tl_recorded *, const tl_coding *, int json);
void tl_quantiles_print(const tl_recorded *, const tl_coding *);

TL_C_END

#endif
