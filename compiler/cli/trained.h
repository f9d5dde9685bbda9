/* trained.h - a model with what a checkpoint says of it: what the functions of a trained step are made of. */
#ifndef TRAINED_H
#define TRAINED_H

#include <tapeless/weights.h>

#include "cli/commands.h"
#include "emit/emit.h"

typedef struct Trained {
    Arena *arena;
    tl_model *model;
    tl_weights weights; /* row-major, one behind the other */
    StepUnits *input, *output; /* NULL: there are none */
} Trained;

/* The spec with the options that the checkpoint was trained with (NULL: none is named). NULL after the sentence was
 * printed. */
Model *load_trained(const Common *, const char *checkpoint);

/* NULL, or why functions in C cannot be called as the model is; `option` asked for them. */
char *check_function_name(const Model *, const char *option);

/* Without a path there are no weights. False with a malloc'ed sentence; close it in any case. */
bool open_trained(Trained *, Model *, const char *path, char **error);
void close_trained(Trained *);

/* Means and scales of the columns that fields are read from. */
void find_units(Trained *, const Model *);

/* From the checkpoint's places into those of the step's program. */
void take_params(StepProgram *, const Trained *);

#endif
