/* seed_checkpoints DIR - inputs of fuzz_checkpoint that it takes: checkpoints of the models made by hand,
 * after two updates on the data that it trains on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/checkpoint.h>
#include <tapeless/file.h>
#include <tapeless/generated.h>
#include <tapeless/training.h>
#include "fake_model.h"
#include "fuzz.h"
#include "random_series.h"

static void must(int bad, const tl_error *e)
{
    if (!bad)
        return;
    fprintf(stderr, "seed_checkpoints: %s\n", e->text);
    exit(2);
}

/* The header's length becomes the NUL that fuzz.c looks for; its checksum is not to hold every mutant back. */
static void rewrite(const char *from, const char *to, char choice)
{
    tl_error e;
    size_t size;
    uint64_t header;
    char *bytes = tl_file_read(from, 1 << 20, &size, &e);
    must(!bytes, &e);
    memcpy(&header, bytes, sizeof header);
    char *sum = memmem(bytes, size, "checksum", 8);
    memcpy(sum, "checkmut", 8);
    tl_chunk chunks[] = { { &choice, 1 }, { bytes + sizeof header, (size_t)header }, { "", 1 },
                          { bytes + sizeof header + header, size - sizeof header - (size_t)header } };
    must(tl_file_replace(to, chunks, 4, &e), &e);
    free(bytes);
}

static void seed(const char *directory, char choice, const tl_model *m)
{
    tl_error e;
    tl_coding none = { 0 };
    tl_record record = { .best = 1 };
    tl_training t;
    random_series r;
    char path[512], raw[512];
    tl_engine engine = tl_generated_engine(m);
    random_series_new(&r, m, 12, 3);
    must(tl_training_new(&t, &engine, &r.s, &m->train, &e), &e);
    tl_training_start(&t);
    for (int i = 0; i < 2; i++)
        must(tl_training_update(&t, &e), &e);
    snprintf(raw, sizeof raw, "%s/checkpoint", directory);
    snprintf(path, sizeof path, "%s/seed_%c", directory, choice);
    must(tl_checkpoint_save(raw, &t, &none, &record, &e), &e);
    rewrite(raw, path, choice);
    remove(raw);
    tl_training_free(&t);
    random_series_free(&r);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: seed_checkpoints DIR\n", stderr);
        return 2;
    }
    tl_model linear = fake_linear(TL_F64), bigram = fake_bigram(), single = fake_linear(TL_F32);
    seed(argv[1], '0', &linear); /* '0' % 3 == 0 */
    seed(argv[1], '1', &bigram);
    seed(argv[1], '2', &single);
    return 0;
}
