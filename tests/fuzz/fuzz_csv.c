/* A table with options, both drawn from the bytes: a first line of option bytes, three lines of names, the
 * sequence's, the weight's, and input columns, then the file. It is read to train, and then to predict. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/table.h>
#include "fake_model.h"
#include "fuzz.h"

static const char *const separators[] = { NULL, NULL, ",", ";", "tab", "|", "space" };
static const char *const decimals[] = { NULL, NULL, ".", "," };
static const char *const thousands[] = { NULL, NULL, ",", ".", "space", "'" };
static const char *const missing[] = { NULL, "error", "mask", "hold", "zero", "hold,indicator", "zero,indicator" };
#define ONE_OF(list) list[take(b, sizeof list / sizeof *list)]

typedef struct Drawn {
    tl_table_options o;
    char *sequence, *weight, *input;
    const char *item[1];
    double valid;
} Drawn;

static void draw(Drawn *d, Bytes *b)
{
    static const int64_t aheads[] = { TL_AHEAD_UNSAID, 0, 1, 2, -1, -3 };
    *d = (Drawn){ .o = { .csv = { .separator = ONE_OF(separators), .decimal = ONE_OF(decimals),
                                  .thousands = ONE_OF(thousands), .no_header = take(b, 4) == 1,
                                  .header = take(b, 4) == 1 },
                         .missing = ONE_OF(missing), .ahead = ONE_OF(aheads), .plain = take(b, 4) == 1 } };
    d->valid = take(b, 3) * 0.25;
    free(take_line(b));
    d->sequence = take_line(b);
    d->weight = take_line(b);
    d->input = take_line(b);
    d->o.csv.sequence = *d->sequence ? d->sequence : NULL;
    d->o.weight = *d->weight ? d->weight : NULL;
    d->item[0] = d->input;
    d->o.input = (tl_list){ d->item, *d->input != '\0' };
}

static void predict(const tl_model *m, tl_coding *coding, const tl_list *paths, const Drawn *d)
{
    tl_error e;
    tl_examples x = { 0 };
    tl_origin *origins = NULL;
    if (tl_table_inputs(&x, &origins, coding, m, paths, &d->o, &e))
        return;
    tl_origins_free(origins, x.sequences ? x.sequences : 1);
    tl_examples_free(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Drawn d;
    tl_error e;
    tl_examples x = { 0 };
    tl_coding coding = { 0 };
    Bytes b = { data, data + size };
    tl_model m = take(&b, 2) ? fake_linear(TL_F32) : fake_bigram();
    draw(&d, &b);
    const char *path = file_of("t.csv", b.at, (size_t)(b.end - b.at));
    tl_list paths = { &path, 1 };
    if (!tl_table_load(&x, &coding, &m, &paths, &d.o, d.valid, &e)) {
        tl_examples_free(&x);
        predict(&m, &coding, &paths, &d);
    }
    tl_coding_free(&coding);
    free(d.sequence);
    free(d.weight);
    free(d.input);
    return 0;
}
