/* quantised.h - steps in fixed point as C (compile --quantise), and as what scores and predicts (eval, predict --quantised). */
#ifndef QUANTISED_H
#define QUANTISED_H

#include "cli/calibrate.h"

#define QUANTISED_KINDS "int8|int16"

typedef struct QuantisedArguments {
    const char *kind;   /* int8, int16; NULL */
    tl_list calibrate;  /* files to find ranges by */
} QuantisedArguments;

#define QUANTISED_OPTIONS(a)                                                                                          \
    TL_STRING("quantised", 0, &(a).kind, QUANTISED_KINDS, "compute as compile --quantise has it, in fixed point"),      \
    TL_FILES("calibrate", 0, &(a).calibrate, "FILE", "of --quantised: find ranges by these data [those of --data]")

typedef bool WriteSingle(const Program *, const char *path, char **error);

/* A model by one of build.h. NULL, or a malloc'ed sentence. */
char *write_quantised(Model *, Trained *, const tl_list *calibrate, bool narrow, WriteSingle *, const char *path);

/* `eval` or `predict`, whose options are words[2 ...] as --name=value, by the checkpoint. Returns the exit status. */
int run_quantised(const QuantisedArguments *, Common *, Model *, const char *command, const char *checkpoint, const tl_words *words);

#endif
