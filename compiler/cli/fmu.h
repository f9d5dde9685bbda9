/* fmu.h - `export --fmu`: a trained step as a Functional Mock-up Unit. */
#ifndef FMU_H
#define FMU_H

#include "cli/commands.h"

typedef struct FmuArguments {
    const char *file; /* NULL: no FMU is asked for */
    double step_size;
    /* of the trainer's options: */
    const char *checkpoint;
    bool overwrite;
} FmuArguments;

#define FMU_DEFAULTS { .step_size = 1 }

#define FMU_OPTIONS(a)                                                                                      \
    TL_STRING("fmu", 0, &(a).file, "FILE.fmu", "a co-simulation FMU (FMI 2.0) of the model, in place of weights"), \
    TL_DOUBLE("step-size", 0, &(a).step_size, "X", 1e-12, 1e12, "of --fmu: the time that a step takes")

int run_fmu(const FmuArguments *, Common *);

#endif
