/* calibrate.h - a trained step in fixed point: the interpreter runs it over data, and every value's range is noted. */
#ifndef CALIBRATE_H
#define CALIBRATE_H

#include <tapeless/dataset.h>
#include "cli/trained.h"
#include "schedule/fixed.h"

/* "int8" or "int16": whether weights have 8 bits; -1 of others. */
int narrow_of(const char *quantise);

/* The model as quantisation has it: one lane, whatever it was trained in. Before trained_open. */
void one_lane(Model *);

/* By data->data, which is empty for a model without inputs and targets. NULL with a malloc'ed sentence. */
FixedProgram *calibrate(const Model *, Trained *, const tl_data_options *data, bool narrow, char **error);

#endif
