/* A checkpoint that a training goes on from: parameters, moments, cursor, coding; and, where it is taken, two
 * updates. The first byte chooses the model. */
#include <stdlib.h>

#include <tapeless/checkpoint.h>
#include <tapeless/coding.h>
#include <tapeless/generated.h>
#include <tapeless/training.h>
#include "fake_model.h"
#include "fuzz.h"
#include "random_series.h"

static void resume(const tl_model *m, const tl_st *st)
{
    tl_error e;
    tl_coding coding;
    tl_record record = { 0 };
    tl_training t;
    char text[256];
    tl_engine engine = tl_generated_engine(m);
    random_series r;
    random_series_new(&r, m, 12, 3);
    (void)tl_checkpoint_remark(st, m, text, sizeof text);
    if (!tl_coding_load(&coding, m, st, &e))
        tl_coding_free(&coding);
    if (tl_training_new(&t, &engine, &r.s, &m->train, &e))
        abort();
    if (!tl_checkpoint_resume(st, &t, &record, &e))
        for (int i = 0; i < 2; i++)
            if (tl_training_update(&t, &e) < 0)
                break;
    tl_training_free(&t);
    random_series_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_error e;
    size_t length;
    if (!size)
        return 0;
    tl_model m = data[0] % 3 == 0 ? fake_linear(TL_F64) : data[0] % 3 == 1 ? fake_bigram() : fake_linear(TL_F32);
    uint8_t *bytes = safetensors_of(data + 1, size - 1, &length);
    tl_st *st = tl_st_parse(bytes, length, "input", &e);
    if (st)
        resume(&m, st);
    tl_st_free(st);
    return 0;
}
