/* The text of a model, as the sandbox sends it, through all passes: read, unrolled, differentiated, fused,
 * planned, printed; and lowered for the interpreter. The first byte chooses precision and fusion. */
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/interp.h>
#include "compile.h"
#include "emit/emit.h"
#include "fuzz.h"
#include "schedule/lower.h"
#include "schedule/memory.h"

/* What is large is as correct as what is small, and no input is to take seconds. */
enum { MOST_SLOTS = 6, MOST_BATCH = 8, MOST_NODES = 400, MOST_NUMBERS_OF_A_STATE = 1 << 14 };

static int is_small(const Model *m)
{
    if (m->tbptt.k2 > MOST_SLOTS || m->tbptt.batch > MOST_BATCH || m->step->count > MOST_NODES)
        return 0;
    for (Ref r = 1; r < m->step->count; r++) {
        double n = 1;
        const Shape *s = &node_at(m->step, r)->shape;
        for (int32_t i = 0; i < s->rank; i++)
            n *= (double)s->dim[i];
        if (n > MOST_NUMBERS_OF_A_STATE)
            return 0;
    }
    return 1;
}

static void emit(const Program *p)
{
    static void (*const print[])(const Program *, FILE *) = { emit_source, emit_header, emit_main, emit_binding };
    for (size_t i = 0; i < sizeof print / sizeof *print; i++) {
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);
        print[i](p, f);
        fclose(f);
        free(text);
    }
}

static void interpret(Model *m, tl_type real)
{
    Memory memory;
    char *error = NULL;
    tl_error e;
    Arena *arena = arena_new();
    if (assign_memory(m, real, NULL, false, &memory, &error))
        tl_interp_free(tl_interp_new(lower_model(arena, m, &memory, real), lower_step(arena, m), &e));
    free(error);
    arena_free(arena);
}

/* A bit for the precision and one for each thing that can be left out; the target goes round. */
static CompileOptions options(uint8_t bits)
{
    ScheduleOptions s = schedule_options(bits & 1 ? TL_F64 : TL_F32, &all_targets[bits % 5]);
    int bit = 1;
#define X(name, what) s.name = !(bits >> (bit++ % 8) & 1);
    OPTIMISATIONS(X)
#undef X
    return (CompileOptions){ .schedule = s };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *error = NULL;
    if (size < 2)
        return 0;
    Model *m = model_read((const char *)data + 1, size - 1, &error);
    if (m && is_small(m)) {
        CompileOptions o = options(data[0]);
        m->hash = "0123456789abcdef";
        Program *p = compile(m, &o, &error);
        if (p)
            emit(p);
        program_free(p);
        interpret(m, o.schedule.real);
    }
    free(error);
    model_free(m);
    return 0;
}
