/* safetensors.h - the file format of checkpoints, weights and tensors of data.
 *
 * A file is: N, the header's length, 8 bytes little-endian; N bytes of JSON, an object that gives
 * each tensor its "dtype", "shape" and "data_offsets" [begin, end) into what follows, and under
 * "__metadata__" strings; then the data, little-endian, row-major, without holes or overlaps
 * (huggingface/safetensors, "Format"). Read here are dtypes F32, F64, I32, I64 and U8.
 *
 * Files written here carry a checksum (checksum.h), which is checked where there is one.
 *
 * This machine is taken to be little-endian; the build says so if it is not. */
#ifndef TAPELESS_SAFETENSORS_H
#define TAPELESS_SAFETENSORS_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef enum tl_dtype { TL_DT_F32, TL_DT_F64, TL_DT_I32, TL_DT_I64, TL_DT_U8 } tl_dtype;

enum { TL_ST_MAX_RANK = 8 };

typedef struct tl_st_tensor {
    const char *name;
    tl_dtype dtype;
    int32_t rank;
    int64_t dim[TL_ST_MAX_RANK];
    size_t count;     /* elements */
    const void *data; /* count elements, maybe not aligned: use the functions below */
} tl_st_tensor;

size_t tl_dtype_size(tl_dtype);
const char *tl_dtype_name(tl_dtype);
tl_dtype tl_dtype_of(tl_type);

/* "{2, 3}" */
const char *tl_shape_text(char *text, size_t size, const int64_t *dim, int32_t rank);

/* ---- reading ---- */

typedef struct tl_st tl_st;

/* NULL with a sentence if the file cannot be read or anything in it is inconsistent. */
/* Whether a regular file that is not empty begins as such files do. A look, no check. */
int tl_st_looks_like(const char *path);

tl_st *tl_st_open(const char *path, tl_error *e);
/* The same of bytes in memory, which it takes over (malloc's; also on failure). `label` is what
 * messages call them. */
tl_st *tl_st_parse(void *bytes, size_t size, const char *label, tl_error *e);
void tl_st_free(tl_st *);

const char *tl_st_label(const tl_st *);
size_t tl_st_count(const tl_st *);
const tl_st_tensor *tl_st_at(const tl_st *, size_t i); /* in order of name */
const tl_st_tensor *tl_st_find(const tl_st *, const char *name); /* NULL if there is none */
const char *tl_st_meta(const tl_st *, const char *key);          /* NULL if there is none */

/* Element i of any dtype. */
double tl_st_double(const tl_st_tensor *, size_t i);

/* All elements, as the model's real type, or as tokens: these must be integers in 0 .. vocab - 1
 * (any int32 if vocab is 0). */
void tl_st_copy_real(const tl_st_tensor *, tl_type real, void *to);
int tl_st_copy_tokens(const tl_st *, const tl_st_tensor *, int32_t vocab, int32_t *to,
                      tl_error *e);

/* tl_st_copy_real of what must be finite, also in the type it becomes; else the sentence names the
 * element and its value. */
int tl_st_copy_finite(const tl_st *, const tl_st_tensor *, tl_type real, void *to, tl_error *e);

/* The same into a block of parameters, where t stands. */
int tl_st_copy_param(const tl_st *, const tl_st_tensor *, const tl_tensor *t, tl_type real, void *block, tl_error *e);

/* The tensor of that name, which must be there with exactly this shape. */
const tl_st_tensor *tl_st_need(const tl_st *, const char *name, const int64_t *dim, int32_t rank,
                               tl_error *e);
/* The same for a parameter: the shape is t's, the name prefix + t->name. */
const tl_st_tensor *tl_st_need_like(const tl_st *, const char *prefix, const tl_tensor *t,
                                    tl_error *e);

/* ---- writing ---- */

typedef struct tl_st_writer tl_st_writer;

tl_st_writer *tl_st_writer_new(void); /* NULL if memory is short, which all of these take */
void tl_st_writer_free(tl_st_writer *);

/* `data` is borrowed: it must stay until the file is written. Names are copied. */
void tl_st_add(tl_st_writer *, const char *name, tl_dtype dtype, const int64_t *dim, int32_t rank,
               const void *data);
/* prefix + t->name with t's shape; `lanes` > 0 puts a dimension before it. */
void tl_st_add_like(tl_st_writer *, const char *prefix, const tl_tensor *t, int64_t lanes,
                    tl_type type, const void *data);
/* prefix + t->name: parameter t of a block of parameters, or of what has their layout. */
void tl_st_add_param(tl_st_writer *, const char *prefix, const tl_tensor *t, tl_type real, const void *block);
void tl_st_add_meta(tl_st_writer *, const char *key, const char *value);

/* Replaces the file atomically. Tensors are laid out in order of dtype size, then name, so that
 * each is aligned; two of one name are refused. Fails, and writes nothing, where any of the functions above
 * found no memory. */
int tl_st_write(tl_st_writer *, const char *path, tl_error *e);

TL_C_END

#endif
