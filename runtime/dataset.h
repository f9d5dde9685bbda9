/* dataset.h - what a model is trained on: a part to learn from and a part to check on.
 *
 * Files are told apart by their name: .csv, .safetensors, anything else is text; --format says
 * otherwise. The validation part is the last `valid` of the file, or a file of its own. */
#ifndef TAPELESS_DATASET_H
#define TAPELESS_DATASET_H

#include "coding.h"
#include "series.h"
#include "table.h"

typedef struct tl_data_options {
    const char *data, *valid_data, *format; /* may be NULL */
    double valid;                           /* fraction, 0 .. 1 */
    tl_table_options table;
} tl_data_options;

typedef struct tl_dataset {
    tl_examples examples, valid_examples;
    tl_series train, valid; /* valid.steps is 0 if there is none */
    int has_valid;
    tl_coding coding;
} tl_dataset;

/* For training. `coding`: that of a checkpoint, taken over, or of kind TL_CODING_NONE. The
 * training part is cut into the model's batch of lanes; so is the validation part, or, if it is too
 * short for that, it is one lane. A model without inputs and targets needs no data: its
 * stream has no end. */
int tl_dataset_open(tl_dataset *, const tl_model *, const tl_data_options *, tl_coding *coding,
                    tl_error *e);
void tl_dataset_free(tl_dataset *);

/* A whole file as examples, of any of the formats. */
int tl_dataset_load(tl_examples *, tl_coding *, const tl_model *, const char *path,
                    const tl_data_options *, double valid, tl_error *e);

/* One line that says what was read and how it is used. */
void tl_dataset_describe(const tl_dataset *, const tl_model *, char *text, size_t size);

#endif
