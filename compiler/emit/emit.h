/* emit.h - the only place that prints C. It decides nothing: a kernel and a call say all (select.h).
 *
 *   emit_nest.c    loop nests over strided operands
 *   emit_kernel.c  kernels as functions, and calls of them
 *   emit_loop.c emit_reduce.c emit_matmul.c emit_index.c emit_patches.c   the bodies, by kind
 *   emit_number.c  numbers
 *   emit_code.c    the straight line: slots, sections, calls with constant offsets
 *   emit_table.c   tables of names, shapes and offsets; the header; the trainer's main
 *   emit_layout.c  macros and structures for who fills fields by their names
 *   emit_casadi.c  a step and its derivatives as functions of CasADi
 *   emit_single.c emit_learner.c emit_weights.c   code that stands alone, what drives it, a trained model's numbers
 *   emit_fixed.c   a step in fixed point, that stands alone
 *   emit_boards.c  what Arduino and ESP-IDF have beside that
 *   emit_fmu.c     the same as a Functional Mock-up Unit
 *   emit_binding.c the library from LuaJIT (the one place that prints Lua)
 */
#ifndef EMIT_H
#define EMIT_H

#include "passes/step_derivatives.h"
#include "schedule/fixed.h"
#include "schedule/memory.h"
#include "schedule/schedule.h"
#include "schedule/select.h"

/* Code that stands alone; see emit_single.c. */
typedef struct Single {
    bool no_libm; /* no <math.h>: the same bits on every processor */
    bool online;  /* learning from a stream, with the optimizer */
    double *params; /* [param_size] of a trained model, as it lies in the block; NULL: there is none */
    const FixedProgram *fixed; /* in its place: a step in fixed point; NULL */
    const struct tl_coding *coding;  /* how its data became numbers; NULL likewise */
    const StepUnits *input, *target, *output; /* [ninputs], [ntargets], [noutputs]; NULL: all as they stand */
} Single;

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
    const Single *single; /* NULL: it stands on the runtime */
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
    const bool *const *reads; /* [noutputs][ninputs + nstates] what an output is made of in its step; by vectors */
    const char **label;      /* of the elements of inputs and outputs: a column's name, or NULL */
    double step_size;
    const char *guid;
} Fmu;

void emit_source(const Program *, FILE *);
void emit_header(const Program *, FILE *);
void emit_single_source(const Program *, FILE *);
void emit_single_header(const Program *, FILE *);
void emit_fixed_source(const Program *, FILE *); /* of a single program in fixed point */
void emit_fixed_header(const Program *, FILE *);
void emit_weights(const Program *, FILE *); /* of a single program with parameters, or in fixed point */
/* Of a single program with parameters, as a library for boards. */
void emit_arduino_properties(const Program *, FILE *);
void emit_arduino_keywords(const Program *, FILE *);
void emit_arduino_predict(const Program *, FILE *);
void emit_arduino_learn(const Program *, FILE *);
void emit_idf_component(const Program *, FILE *);
void emit_idf_manifest(const Program *, FILE *);
void emit_idf_project(const Program *, FILE *);
void emit_idf_main(const Program *, FILE *);
void emit_idf_program(const Program *, FILE *);
void emit_main(const Program *, FILE *);
void emit_binding(const Program *, FILE *); /* LuaJIT's FFI */
void emit_casadi(const StepProgram *, FILE *);
void emit_fmu(const Fmu *, FILE *);
void emit_fmu_description(const Fmu *, FILE *);

#endif
