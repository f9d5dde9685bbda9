/* grid.h - rows and columns for people: the first column stands at its left, the others at their right. */
#ifndef TAPELESS_GRID_H
#define TAPELESS_GRID_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

/* { .columns = n } is an empty one. */
typedef struct tl_grid {
    size_t columns, count, room;
    char **cell; /* [count], row by row */
    int lost;    /* memory was short */
} tl_grid;

/* The next cell. */
__attribute__((format(printf, 2, 3))) void tl_grid_add(tl_grid *, const char *format, ...);
void tl_grid_number(tl_grid *, double); /* six digits, "-" where there is none */

/* To standard output; where memory was short that is said at the command's end (standard_output.h). Frees. */
void tl_grid_print(tl_grid *);

TL_C_END

#endif
