/* lower.h - from a Model to what the runtime understands: its tables, and for the interpreter a
 * flat program of one step. */
#ifndef LOWER_H
#define LOWER_H

#include <tapeless/program.h>
#include "schedule/memory.h"

/* The tables, for the interpreter; no code (window and step are NULL). Everything is in `arena` or borrowed from m. */
tl_model *lower_model(Arena *, const Model *, const Memory *, tl_type real);
tl_program *lower_step(Arena *, const Model *);

#endif
