/* npy_text.h - an array of NumPy's as a table. */
#ifndef TAPELESS_NPY_TEXT_H
#define TAPELESS_NPY_TEXT_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

#define TL_NPY_SEQUENCE "sequence"

/* An array [rows, columns], [rows] or [sequences, rows, columns] as the text of a CSV file whose first line names columns 1, 2, ...; of the last
 * there is a column TL_NPY_SEQUENCE before them, that counts from 1, and *stacked is 1. NULL with a sentence; the caller frees. */
char *tl_npy_text(const char *path, int *stacked, size_t *size, tl_error *e);

/* Is it one of several sequences? A look at its header: 0 if it is no array. */
int tl_npy_stacked(const char *path);

TL_C_END

#endif
