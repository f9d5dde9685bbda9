/* form.h - how a product is computed: which template of <tapeless/product.h>, with which tile (tile.h), or a plain loop. */
#ifndef FORM_H
#define FORM_H

#include "schedule/kernel.h"
#include "schedule/tile.h"

/* What select knows of a product y {rows, columns} = x {rows, depth} w {depth, columns}. */
typedef struct ProductSizes {
    int64_t rows, columns, depth; /* for all slots that one call computes */
    bool rows_vary;               /* fewer where a window starts late */
    int64_t calls;                /* in a window, with the same w */
    bool gradient;                /* x is walked by columns: the reduction is along the rows of both operands */
    bool transposed;              /* w stands as {columns, depth} */
    bool begins;                  /* with something else than itself */
    bool constant;                /* w stays as it is all the window, and may be packed */
} ProductSizes;

Form choose_form(const Target *, tl_type real, const ProductSizes *);
/* Reals that a packed w takes, and that a form needs besides. */
int64_t packed_size(const Target *, tl_type real, const ProductSizes *);
int64_t scratch_size(const Target *, tl_type real, const ProductSizes *, const Form *);

#endif
