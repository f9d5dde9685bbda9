/* casadi.h - `compile --casadi` and `build --casadi`: a trained step and its derivatives as C that CasADi loads. */
#ifndef CASADI_H
#define CASADI_H

#include "cli/commands.h"

typedef struct CasadiArguments {
    int casadi;         /* all that follows is for it */
    const char *params; /* the checkpoint; NULL */
    int free_params;    /* parameters are the argument p */
    int model_units;    /* fields as the model has them, not in the data's units */
} CasadiArguments;

#define CASADI_OPTIONS(a)                                                                                       \
    TL_FLAG("casadi", 0, &(a).casadi, "the step with its derivatives, for CasADi: NAME_casadi.c, libNAME_casadi.so"), \
    TL_STRING("params", 0, &(a).params, "F", "of --casadi, --single-file: the checkpoint with the parameters and the data's units"), \
    TL_FLAG("free-params", 0, &(a).free_params, "of --casadi: parameters are an argument, p"),                  \
    TL_FLAG("model-units", 0, &(a).model_units, "of --casadi: fields as the model has them, not in the data's units")

/* -1 to go on, or the exit status. `single`: --single-file takes --params too. */
int check_casadi(const CasadiArguments *, const Common *, const char *command, bool single);
int run_casadi(const CasadiArguments *, const Common *, const char *directory, bool build);

#endif
