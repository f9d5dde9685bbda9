/* compile.h - a model through all passes. */
#ifndef COMPILE_H
#define COMPILE_H

#include "emit/emit.h"

typedef struct CompileOptions {
    ScheduleOptions schedule;
    const char *dump;  /* print the window after this pass ("" or NULL: none) */
    FILE *dump_to;
} CompileOptions;

/* Takes the model as evaluated; fills in its offsets. NULL with a malloc'ed sentence. */
Program *compile(Model *, const CompileOptions *, char **error);
void program_free(Program *); /* not the model */
/* The functions of a step (step_derivatives.h), in double precision. Their parameters, where they are no argument, are to
 * be filled in. */
StepProgram *compile_step(const StepDerivatives *, const CompileOptions *, char **error);
void step_program_free(StepProgram *);
/* Those from graph to graph, of a window as it was unrolled; `last` ends them sooner, NULL: none does. */
void run_graph_passes(Window *, const CompileOptions *, const char *last);
/* True if `name` is a pass that -d can print. */
bool is_pass(const char *name);
extern const char *const pass_names; /* for messages */

#endif
