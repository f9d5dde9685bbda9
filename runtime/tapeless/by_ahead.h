/* by_ahead.h - the scores of a model whose targets are of several rows ahead, row by row. */
#ifndef TAPELESS_BY_AHEAD_H
#define TAPELESS_BY_AHEAD_H

#include <jansson.h>

#include "baseline.h"
#include "coding.h"
#include "linkage.h"
#include "recorded.h"

TL_C_BEGIN

/* Of each column that is predicted, beside the baselines where there are any (`b` may be NULL): for people a table, for programs the list
 * `by_ahead`. Of a coding of one row ahead nothing. */
void tl_by_ahead_print(const tl_recorded *, const tl_coding *, const tl_baselines *b);
void tl_by_ahead_json(json_t *, const tl_recorded *, const tl_coding *, const tl_baselines *b);

TL_C_END

#endif
