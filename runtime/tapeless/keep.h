/* keep.h - columns of the input table that stand beside what is predicted. */
#ifndef TAPELESS_KEEP_H
#define TAPELESS_KEEP_H

#include <stdio.h>

#include "cli.h"
#include "coding.h"
#include "linkage.h"
#include "table.h"

TL_C_BEGIN

typedef struct tl_keep {
    tl_list column; /* names; the texts are its own */
    int actual;     /* the true targets, too, as NAME.actual */
} tl_keep;

/* Of what --keep says: names with commas between them, one that has a comma in double quotes; `actual` are the targets.
 * Fails where one is named twice or is a target. */
int tl_keep_read(tl_keep *, const tl_list *options, const tl_coding *, tl_error *);
void tl_keep_free(tl_keep *);

/* Cells, each with a comma before it: the names; those of row `row` of a sequence, from 1, empty where there is none. */
void tl_keep_header(const tl_keep *, FILE *);
void tl_keep_row(const tl_origin *, size_t row, FILE *);
void tl_keep_actual_header(const tl_keep *, const tl_coding *, FILE *);
void tl_keep_actual_row(const tl_keep *, const tl_coding *, const tl_origin *, size_t row, FILE *);

TL_C_END

#endif
