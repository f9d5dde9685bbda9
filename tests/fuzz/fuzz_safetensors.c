/* A safetensors file: all of its tensors and metadata, as numbers and as tokens; then as data of a model. */
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/safetensors.h>
#include <tapeless/tensors.h>
#include "fake_model.h"
#include "fuzz.h"

static void look_at(const tl_st *st, const tl_st_tensor *t)
{
    char shape[64];
    tl_error e;
    double *real = calloc(t->count + 1, sizeof *real);
    int32_t *token = calloc(t->count + 1, sizeof *token);
    for (size_t i = 0; i < t->count; i++)
        (void)tl_st_double(t, i);
    tl_st_copy_real(t, TL_F32, real);
    tl_st_copy_real(t, TL_F64, real);
    (void)tl_st_copy_tokens(st, t, 10, token, &e);
    tl_shape_text(shape, sizeof shape, t->dim, t->rank);
    if (tl_st_find(st, t->name) != t)
        abort();
    free(real);
    free(token);
}

static void as_data(const tl_st *st, tl_model m)
{
    tl_error e;
    tl_examples x = { 0 };
    if (!tl_tensors_from(&x, &m, st, &e))
        tl_examples_free(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_error e;
    size_t length;
    uint8_t *bytes = safetensors_of(data, size, &length);
    tl_st *st = tl_st_parse(bytes, length, "input", &e);
    if (!st)
        return 0;
    for (size_t i = 0; i < tl_st_count(st); i++)
        look_at(st, tl_st_at(st, i));
    as_data(st, fake_linear(TL_F32));
    as_data(st, fake_bigram());
    tl_st_free(st);
    return 0;
}
