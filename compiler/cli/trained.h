/* trained.h - what a checkpoint says of a model, for C that has it in it: parameters, and the data's units. */
#ifndef TRAINED_H
#define TRAINED_H

#include <tapeless/weights.h>
#include "cli/commands.h"
#include "passes/step_derivatives.h"

typedef struct Trained {
    Arena *arena;
    tl_model *model;    /* as it lies in weights.params; NULL: there is no checkpoint */
    tl_weights weights;
    StepUnits *input, *target, *output; /* [ninputs], [ntargets], [noutputs]; NULL: there are none, or trained_units was not called */
} Trained;

/* The spec with the options that the checkpoint was trained with, where the command line says nothing else; path NULL: without
 * one. NULL after the sentence was printed. */
Model *trained_load(const Common *, const char *path);
/* False with a malloc'ed sentence; trained_close in any case. Of path NULL there is nothing. */
bool trained_open(Trained *, Model *, const char *path, char **error);
void trained_close(Trained *);
/* Finds these. */
void trained_units(Trained *, const Model *);
/* Into the places of a model that was compiled, param_size elements; malloc'ed. */
double *trained_params(const Trained *, const Model *to, size_t param_size);

/* NULL, or why functions in C cannot be called as the model is; `option` asked for them. */
char *check_function_name(const Model *, const char *option);

#endif
