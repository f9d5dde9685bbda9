/* npy.h - arrays as NumPy writes them (numpy.lib.format): a .npy file, and the .npz, a zip archive of several.
 *
 * Read are float32, float64, int32, int64, uint8 and bool, little-endian, in C order. A file is "\x93NUMPY", the format's version, the
 * length of the header in 2 bytes or, from version 2 on, 4; the header, a Python dictionary of descr, fortran_order and shape; then the
 * elements to the end. */
#ifndef TAPELESS_NPY_H
#define TAPELESS_NPY_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"
#include "safetensors.h"

TL_C_BEGIN

typedef struct tl_npy {
    tl_dtype dtype;
    int32_t rank;
    int64_t dim[TL_ST_MAX_RANK];
    size_t count;  /* elements */
    size_t header; /* bytes in front of them */
} tl_npy;

enum { TL_NPY_HEADER = 4096 }; /* what is read in front of an array is within so many bytes */

/* Of the first bytes of a file that has `all`, TL_NPY_HEADER of them if there are as many. Fails, and `label` is the file, where these are no
 * such array or its elements are not just what follows. */
int tl_npy_header(tl_npy *, const void *bytes, size_t size, size_t all, const char *label, tl_error *e);

/* Does the file begin as such an array does; as a zip archive? */
int tl_npy_looks_like(const char *path);
int tl_npz_looks_like(const char *path);

/* The arrays of an .npz as tensors, each under its name. It is read by libzip, which is loaded for it. */
tl_st *tl_npz_open(const char *path, tl_error *e);

TL_C_END

#endif
