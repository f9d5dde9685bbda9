/* emit.h - the only place that prints C. It decides nothing: a kernel and a call say all (select.h).
 *
 *   emit_nest.c    loop nests over strided operands
 *   emit_kernel.c  kernels as functions, and calls of them
 *   emit_loop.c emit_reduce.c emit_matmul.c emit_index.c emit_patches.c   the bodies, by kind
 *   emit_number.c  numbers
 *   emit_code.c    the straight line: slots, sections, calls with constant offsets
 *   emit_table.c   tables of names, shapes and offsets; the header; the trainer's main
 *   emit_casadi.c  a step and its derivatives as functions of CasADi
 *   emit_fmu.c     the same as a Functional Mock-up Unit
 *   emit_binding.c the library from LuaJIT (the one place that prints Lua)
 */
#ifndef EMIT_H
#define EMIT_H

#include "passes/step_derivatives.h"
#include "schedule/memory.h"
#include "schedule/schedule.h"
#include "schedule/select.h"

typedef struct Program {
    Model *model;
    tl_type real;
    const Target *target;
    bool elementary; /* functions that vectorise, in place of libm's */
    Kernels *kernels; /* of all windows */
    Memory memory;
    Compiled train;
    Compiled step[2]; /* all lanes; one lane (absent if batch is 1) */
    int32_t nsteps;
} Program;

/* Blocks of a function of step_derivatives.h, computed together. */
typedef struct StepCode {
    Model view;     /* the derived model with these blocks as its outputs */
    int32_t *block; /* [view.noutputs] which of the function's each is */
    Compiled compiled;
} StepCode;

typedef struct StepProgram {
    const StepDerivatives *d;
    Program base;   /* of all code: kernels, memory, target; its model is d->model */
    double *params; /* [base.memory.param_size] as the blocks have them; NULL: they are an argument */
    StepCode code[STEP_FUNCTIONS]; /* of all blocks, but for those by parameters */
    StepCode whole[STEP_FUNCTIONS]; /* of all blocks; of no outputs where that is the same */
} StepProgram;

/* By value reference: the elements of the vectors of one part stand behind those of the part before. */
typedef enum FmuPart { FMU_INPUTS, FMU_OUTPUTS, FMU_STATES, FMU_PARTS } FmuPart;

typedef struct Fmu {
    const StepProgram *step; /* without parameters as an argument; values and forward mode are enough */
    int32_t count[FMU_PARTS]; /* vectors */
    const double *start;     /* of the states' elements */
    const char **label;      /* of the elements of inputs and outputs: a column's name, or NULL */
    double step_size;
    const char *guid;
} Fmu;

void emit_source(const Program *, FILE *);
void emit_header(const Program *, FILE *);
void emit_main(const Program *, FILE *);
void emit_binding(const Program *, FILE *); /* LuaJIT's FFI */
void emit_casadi(const StepProgram *, FILE *);
void emit_fmu(const Fmu *, FILE *);
void emit_fmu_description(const Fmu *, FILE *);

#endif
