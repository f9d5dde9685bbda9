/* The Lua text of a spec, evaluated in this process, without the sandbox around it. A spec that runs out of
 * its instructions ends its process; here _exit comes back instead (-Wl,--wrap=_exit), and there are few of
 * them, for speed. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/front.h"
#include "front/past.h"
#include "fuzz.h"
#include "graph/tables.h"

enum { INSTRUCTIONS = 1 << 21 };

static jmp_buf ended;
static int evaluating;

_Noreturn void __real__exit(int);
_Noreturn void __wrap__exit(int);

_Noreturn void __wrap__exit(int status)
{
    if (evaluating)
        longjmp(ended, 1);
    __real__exit(status);
}

/* What a spec makes can be sent. */
static void read_back(const Model *m)
{
    char *text = NULL, *error = NULL;
    size_t length;
    FILE *f = open_memstream(&text, &length);
    model_write(m, f);
    fclose(f);
    Model *again = model_read(text, length, &error);
    if (!again) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    model_free(again);
    free(text);
}

static void evaluate(Front *f)
{
    char message[FRONT_MESSAGE];
    if (!f->hash || XXH64_reset(f->hash, 0) || !front_new_state(f))
        abort();
    f->instructions = FRONT_INSTRUCTIONS - INSTRUCTIONS;
    evaluating = 1;
    if (!setjmp(ended) && front_evaluate(f, message, sizeof message)) {
        evaluating = 0;
        drop_unseen(f->model);
        read_back(f->model);
    }
    evaluating = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const SpecOptions none;
    char *text = NULL;
    size_t length;
    Arena *arena = arena_new();
    Model *m = arena_array(arena, Model, 1);
    Front f = { .arena = arena, .out = open_memstream(&text, &length), .model = m, .options = &none,
                .path = file_of("spec.lua", data, size), .hash = XXH64_createState() };
    m->arena = arena;
    m->name = "spec";
    m->spec = f.path;
    m->step = f.graph = graph_new(0, 1);
    m->step->limit = FRONT_NODES;
    m->step->tables = tables_new(arena);
    evaluate(&f);
    lua_close(f.L);
    XXH64_freeState(f.hash);
    fclose(f.out);
    free(text);
    model_free(m);
    return 0;
}
