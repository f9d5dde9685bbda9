/* dataset.h - what a model is trained on: a part to learn from and a part to check on.
 *
 * Several CSV or text files are several sequences, and a CSV file is with --sequence: they are
 * packed into lanes (sequences.h) and the last ones are kept to validate. A single sequence is cut
 * into lanes, and its tail validates. With `cut` what is trained on is cut into pieces, which are packed as sequences are; what
 * validates stays whole.
 * Files are told apart by their name: .csv, .safetensors, anything else is text; --format says
 * otherwise. The validation part is the last `valid` of the file, or a file of its own. */
#ifndef TAPELESS_DATASET_H
#define TAPELESS_DATASET_H

#include "coding.h"
#include "linkage.h"
#include "series.h"
#include "table.h"

TL_C_BEGIN

typedef struct tl_data_options {
    tl_list data, valid_data; /* files, maybe none */
    const char *format;       /* may be NULL */
    const char *unit;         /* of texts (text.h), may be NULL */
    int64_t cut;                            /* train on pieces of so many rows at most; 0: on whole sequences, or as the coding says */
    double valid;                           /* fraction, 0 .. 1; negative: a tenth */
    tl_table_options table;
} tl_data_options;

typedef struct tl_dataset {
    tl_examples examples, valid_examples;
    tl_series train, valid; /* valid.steps is 0 if there is none */
    int has_valid;
    size_t sequences, valid_sequences; /* 0: a single one, or as the file's lanes are */
    size_t whole;                      /* sequences before they were cut; 0: they are not */
    tl_coding coding;
} tl_dataset;

/* For training. `coding`: that of a checkpoint, taken over, or of kind TL_CODING_NONE. The
 * training part is cut into the model's batch of lanes; so is the validation part, or, if it is too
 * short for that, it is one lane. A model without inputs and targets needs no data: its
 * stream has no end. */
int tl_dataset_open(tl_dataset *, const tl_model *, const tl_data_options *, tl_coding *coding,
                    tl_error *e);
void tl_dataset_free(tl_dataset *);

/* Whole files as examples, of any of the formats. */
int tl_dataset_load(tl_examples *, tl_coding *, const tl_model *, const tl_list *paths,
                    const tl_data_options *, double valid, tl_error *e);

/* The same; of tables *origins gets where their sequences were read (table.h), else NULL. */
int tl_dataset_load_from(tl_examples *, tl_origin **origins, tl_coding *, const tl_model *, const tl_list *paths,
                         const tl_data_options *, double valid, tl_error *e);

/* Lanes to run `sequences` sequences in without training: the batch if there are enough for it,
 * else 1. */
size_t tl_dataset_lanes(const tl_model *, size_t sequences);

/* What a training's windows must read. */
typedef struct tl_needs {
    int resets, masks;
} tl_needs;

/* By a look at the files alone: of safetensors, whether `reset` is set after the first step (with
 * `carry` also there) and whether `mask` has zeros; of others, whether there are several sequences,
 * or --sequence says so. What cannot be read needs nothing: the training will say what is wrong. */
tl_needs tl_dataset_needs(const tl_data_options *, int carry);

/* A checkpoint, `path` or else the model's own, names the column of sequences, or splits them at gaps, and the options name none; or it cut them. */
int tl_dataset_goes_on(const tl_data_options *, const char *model, const char *path);

/* One line that says what was read and how it is used. */
void tl_dataset_describe(const tl_dataset *, const tl_model *, char *text, size_t size);

TL_C_END

#endif
