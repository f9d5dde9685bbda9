/* step_derivatives.h - a step as a function of what it is given, and its derivatives, as optimal control asks for them.
 *
 * Its arguments are the inputs, the states that enter and, where asked for, all parameters as one vector; its results
 * the outputs and the states that it leaves. All are vectors: their elements row-major, parameters one behind the other
 * by name.
 *
 *   STEP_VALUES            every result r
 *   STEP_JACOBIAN          for every result, for every argument a: dr/da, by forward mode
 *   STEP_FORWARD           for every result: sum over a of dr/da v_a, of given tangents v
 *   STEP_REVERSE           for every argument: sum over r of (dr/da)' w_r, of given cotangents w
 *   STEP_REVERSE_JACOBIAN  for every one of those: its derivative by every argument, by every result (0: it does not
 *                          read them) and by every cotangent; forward over reverse. It has no blocks where there would
 *                          be too many second derivatives by parameters (MOST_SECOND)
 *
 * The derived model has no states and no loss: arguments, tangents and cotangents are its inputs. Its step graph has
 * all of these functions; a function is that model with the function's blocks as outputs. */
#ifndef STEP_DERIVATIVES_H
#define STEP_DERIVATIVES_H

#include "graph/model.h"

enum { MOST_SECOND = 2048 }; /* parameters: their second derivatives are a matrix of that many rows and columns */

typedef enum StepFunctionKind {
    STEP_VALUES, STEP_JACOBIAN, STEP_FORWARD, STEP_REVERSE, STEP_REVERSE_JACOBIAN, STEP_FUNCTIONS
} StepFunctionKind;

typedef struct StepVector {
    const char *name; /* letters, digits and single underscores, unlike all others' */
    int32_t size;
    bool params;      /* the argument that is all parameters */
} StepVector;

/* What an input of the derived model is. */
typedef enum StepInputKind { STEP_ARGUMENT, STEP_TANGENT, STEP_COTANGENT } StepInputKind;

typedef struct StepInput {
    StepInputKind kind;
    int32_t index; /* of the argument; of a cotangent: of the result */
    int32_t from;  /* element of that vector at which it begins */
} StepInput;

/* d rows / d columns, a matrix by columns: row-major the node has `columns` times `rows` elements. */
typedef struct StepBlock {
    Ref node;      /* 0: there is nothing but zeros */
    int32_t rows, columns;
    bool params;   /* a derivative by parameters, or of what is made by them */
} StepBlock;

typedef struct StepFunction {
    StepBlock *block;
    int32_t nblocks;
} StepFunction;

typedef struct StepDerivatives {
    Model *model;  /* without outputs */
    StepVector *argument, *result;
    int32_t narguments, nresults;
    StepInput *input; /* [model->ninputs] */
    StepFunction function[STEP_FUNCTIONS];
} StepDerivatives;

/* x = (given - mean) / sd of every element; result = x sd + mean. NULL: as it stands. */
typedef struct StepUnits {
    const double *mean, *sd;
} StepUnits;

typedef struct StepOptions {
    bool params;                  /* parameters are an argument */
    bool forward_alone;           /* there are values and STEP_FORWARD, and no other function */
    const StepUnits *input, *output; /* [ninputs], [noutputs]; NULL: all as they stand */
} StepOptions;

/* Of the model's step without dropout; the model must outlive it. NULL with a malloc'ed sentence. */
StepDerivatives *step_derivatives(const Model *, const StepOptions *, char **error);
void step_derivatives_free(StepDerivatives *);

#endif
