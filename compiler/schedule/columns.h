/* columns.h - which parameters stand by columns.
 *
 * A matrix W {n, k} that is applied to one row at a time, y = W x, is best read along y: element j of x times column j.
 * By rows as the spec has it, that takes a transposed copy in each window, or dots, whose lanes are added up at the end of
 * each. Where it stands by columns, forward code reads it as it stands, backward code takes dots along the same columns,
 * longer than rows are, and its gradient is a product whose rows are as long. With more lanes than one a copy in panels
 * costs little beside what is done with it, and better fits the tiles.
 *
 * The interpreter's parameters stand by rows. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "graph/model.h"
#include "schedule/target.h"

/* [nparams] those of which the step does nothing but apply them to a value of each lane. */
bool *applied_to_rows(const Model *, Arena *);

/* How many of n parameters that may stand side by side, from the first on, do so by columns; `applied` is of the above. */
int32_t stand_by_columns(const Model *, tl_tensor *const *rows, int32_t n, const bool *applied, const Target *, tl_type real);

#endif
