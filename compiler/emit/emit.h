/* emit.h - the only place that prints C. emit_*.c know nothing but what the passes decided.
 *
 *   emit_nest.c    loop nests over strided operands
 *   emit_kernel.c  one function for each distinct unit: "bodies that repeat are functions"
 *   emit_loop.c emit_reduce.c emit_matmul.c emit_index.c emit_patches.c   the bodies, by kind of
 *                  operation
 *   emit_code.c    the straight line: slots, sections, calls with constant offsets
 *   emit_table.c   tables of names, shapes and offsets; the header; the trainer's main
 *   emit_binding.c the library from LuaJIT (the one place that prints Lua)
 */
#ifndef EMIT_H
#define EMIT_H

#include "schedule/memory.h"
#include "schedule/plan.h"

/* One window (training, or an evaluation step) ready to print. */
typedef struct Compiled {
    Window *window;
    Layouts *layouts;
    Units *units;
    Plan *plan;
} Compiled;

typedef struct Program {
    Model *model;
    tl_type real;
    Memory memory;
    Compiled train;
    Compiled step[2]; /* all lanes; one lane (absent if batch is 1) */
    int32_t nsteps;
} Program;

void emit_source(const Program *, FILE *);
void emit_header(const Program *, FILE *);
void emit_main(const Program *, FILE *);
void emit_binding(const Program *, FILE *); /* LuaJIT's FFI */

#endif
