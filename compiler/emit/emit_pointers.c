/* emit_pointers.c - the pointers that a generated function begins with, to the blocks that its calls name. */
#include <inttypes.h>

#include "emit/emit_internal.h"

/* "    const real *const p_W = (const real *)win->params + 16;" */
static void print_pointer(FILE *out, const char *constant, const char *type, const char *name, const char *from)
{
    fprintf(out, "    %s%s *const %s = (%s%s *)%s", constant, type, name, constant, type, from);
}

static void declare_tensors(Emitter *e, FILE *out, Block block, const char *constant, const char *from)
{
    for (int32_t i = 0; i < e->named[block].count; i++) {
        const NamedTensor *t = &e->named[block].tensor[i];
        if (!t->used)
            continue;
        print_pointer(out, constant, "real", t->name, from);
        if (t->offset)
            fprintf(out, " + %" PRId64, t->offset);
        fputs(";\n", out);
    }
}

static const tl_tensor *fields_of(const Model *m, Block block, int32_t *n)
{
    *n = block == BLOCK_INPUT ? m->ninputs : block == BLOCK_TARGET ? m->ntargets : m->noutputs;
    return block == BLOCK_INPUT ? m->inputs : block == BLOCK_TARGET ? m->targets : m->outputs;
}

static void declare_arrays(Emitter *e, FILE *out, Block block, const char *constant, const char *from)
{
    int32_t n;
    const tl_tensor *t = fields_of(e->program->model, block, &n);
    for (int32_t i = 0; i < n; i++)
        if (e->used_index[block - BLOCK_INPUT][i]) {
            char name[32];
            snprintf(name, sizeof name, "%s%d", block_table[block].word, i);
            print_pointer(out, constant, t[i].vocab ? "int32_t" : "real", name, from);
            fprintf(out, "[%d];\n", i);
        }
}

static void declare_slots(Emitter *e, FILE *out, const char *constant, const char *word, const char *from)
{
    for (int32_t slot = 0; slot < graph_of(e)->k; slot++)
        if (e->used_version[slot]) {
            char name[32];
            snprintf(name, sizeof name, "%s%d", word, slot + 1);
            print_pointer(out, constant, "real", name, from);
            fprintf(out, "[%d];\n", slot);
        }
}

static void declare_block(Emitter *e, FILE *out, Block block)
{
    const BlockInfo *b = &block_table[block];
    bool training = e->c->window->training, used = e->used >> block & 1;
    const BlockField *field = training ? &b->window : &b->step;
    char from[48];
    if (!field->name)
        return;
    snprintf(from, sizeof from, "%s->%s", training ? "win" : "st", field->name);
    switch (b->pointers) {
    case NO_POINTER: break;
    case POINTER_ONE:
        if (used) {
            print_pointer(out, field->constant, "real", b->word, from);
            fputs(";\n", out);
        }
        break;
    case POINTER_PACKS:
        if (used)
            fprintf(out, "    real *const %s = win->packs ? (real *)win->packs : (real *)win->work + %" PRId64 ";\n", b->word,
                    packs_offset(e->c));
        break;
    case POINTER_EACH: declare_tensors(e, out, block, field->constant, from); break;
    case POINTER_ARRAY: declare_arrays(e, out, block, field->constant, from); break;
    case POINTER_SLOT:
        if (used)
            declare_slots(e, out, field->constant, b->word, from);
        break;
    }
}

void declare_blocks(Emitter *e, FILE *out)
{
    for (int block = 0; block < NBLOCKS; block++)
        declare_block(e, out, (Block)block);
}

void forget_tensors(Emitter *e)
{
    for (int block = 0; block < NBLOCKS; block++)
        for (int32_t i = 0; i < e->named[block].count; i++)
            e->named[block].tensor[i].used = false;
}
