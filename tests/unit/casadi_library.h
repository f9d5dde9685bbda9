/* casadi_library.h - a step's functions for CasADi, compiled and loaded, called as CasADi calls them. */
#ifndef CASADI_LIBRARY_H
#define CASADI_LIBRARY_H

#include "compile.h"

typedef long long int Whole;

enum { MOST_VECTORS = 512 };

typedef struct Pattern {
    Whole rows, columns, elements;
} Pattern;

typedef struct CasadiFunction {
    char name[64];
    int (*call)(const double **arg, double **res, Whole *iw, double *w, int mem);
    Whole n_in, n_out, w;
    const char *name_in[MOST_VECTORS], *name_out[MOST_VECTORS];
    Pattern in[MOST_VECTORS], out[MOST_VECTORS];
} CasadiFunction;

typedef struct CasadiLibrary {
    void *handle;
    const StepDerivatives *d;
    CasadiFunction function[STEP_FUNCTIONS];
} CasadiLibrary;

/* Builds it in the current directory. `params`: by name, one behind the other; NULL where they are an argument. */
void casadi_open(CasadiLibrary *, const StepDerivatives *, const double *params);
void casadi_close(CasadiLibrary *);

/* With work space of its own, `shift` doubles behind a boundary of 64 bytes. */
void casadi_call(const CasadiFunction *, const double **arg, double **res, int shift);
/* New arrays for all results; free each. */
void casadi_results(const CasadiFunction *, double **res);
/* Number of a result, or an argument; fails the test where there is none. */
int casadi_result(const CasadiFunction *, const char *name);
int casadi_argument(const CasadiFunction *, const char *name);

#endif
