/* select_text.c - what `-d select` prints: kernels, each once, then a call a unit.
 *
 *     kernel 3 loop {8, 32}
 *       x0 {0, 1}
 *       y1 {128, 1} adds
 *       t0 = sigmoid x0 -> y1
 *     call 12 s2 kernel 3 p+64 %18+32
 *
 * An access: its argument, read (x) or written (y), and its strides along the nest. A place: a block of the
 * caller's, or the workspace of a value; then the elements before it. */
#include <inttypes.h>

#include "schedule/select.h"

static void write_list(FILE *f, const int64_t *list, int32_t n)
{
    fputc('{', f);
    for (int32_t i = 0; i < n; i++)
        fprintf(f, "%s%" PRId64, i ? ", " : "", list[i]);
    fputc('}', f);
}

static void write_access(FILE *f, const Kernel *k, const Access *a)
{
    fprintf(f, "  %c%u ", a->written ? 'y' : 'x', a->argument);
    write_list(f, a->stride, a->image ? DIM_COL + 1 : k->nest.rank);
    if (a->image)
        fputs(" image", f);
    if (a->token)
        fputs(" token", f);
    if (a->addressed)
        fprintf(f, " by token * %" PRId64, a->token_stride);
    fputs(a->add ? " adds\n" : "\n", f);
}

static void write_operand(FILE *f, const Operand *o)
{
    if (o->from == FROM_NUMBER)
        fprintf(f, " %.17g", o->number);
    else
        fprintf(f, " %c%u", o->from == FROM_ACCESS ? 'x' : 't', o->index);
}

static void write_instruction(FILE *f, const Kernel *k, uint32_t i)
{
    const Instruction *in = &k->body[i];
    fprintf(f, "  t%u = %s", i, tl_op_table[in->op].word);
    for (uint32_t a = 0; a < in->noperands; a++)
        write_operand(f, &in->operand[a]);
    if (in->number[0] != 0 || in->number[1] != 0)
        fprintf(f, in->number[1] != 0 ? " n=%.17g,%.17g" : " n=%.17g", in->number[0], in->number[1]);
    if (in->store != NOT_STORED)
        fprintf(f, " -> y%d", in->store);
    fputc('\n', f);
}

static void write_kind(FILE *f, const Kernel *k)
{
    const Slide *s = &k->slide;
    switch (k->kind) {
    case KERNEL_LOOP: fputs("loop ", f); break;
    case KERNEL_SUM_INSIDE: fprintf(f, "sum from %d ", k->kept); break;
    case KERNEL_SUM_OUTSIDE: fputs("sum of rows ", f); break;
    case KERNEL_PRODUCT: fputs(product_adds_lanes(k) ? "product of lanes " : "product ", f); break;
    case KERNEL_SLIDE:
        fprintf(f, "%s over %d x %d, step %d x %d, padding %d x %d ", tl_op_table[k->op].word, s->high,
                s->wide, s->step[0], s->step[1], s->padding[0], s->padding[1]);
        break;
    case KERNEL_DROPMASK: fprintf(f, "dropmask %.17g stream %d ", k->probability, k->stream); break;
    default: fprintf(f, "%s ", tl_op_table[k->op].word);
    }
}

static void write_kernel(FILE *f, const Kernels *all, uint32_t number)
{
    const Kernel *k = &all->kernel[number];
    fprintf(f, "kernel %u ", number);
    write_kind(f, k);
    write_list(f, k->nest.extent, k->nest.rank);
    if (k->nest.slots)
        fprintf(f, " slots along %d", k->nest.slots - 1);
    fputc('\n', f);
    if (k->clear.rank) {
        fputs("  clear ", f);
        write_list(f, k->clear.extent, k->clear.rank);
        fputs(" y0 ", f);
        write_list(f, k->clear_stride, k->clear.rank);
        fputc('\n', f);
    }
    for (uint32_t i = 0; i < k->naccesses; i++)
        write_access(f, k, &k->access[i]);
    for (uint32_t i = 0; i < k->ninstructions; i++)
        write_instruction(f, k, i);
}

static void write_place(FILE *f, const Place *p)
{
    if (p->block == BLOCK_WORK)
        fprintf(f, " %%%u", p->owner);
    else
        fprintf(f, " %s", block_table[p->block].word);
    if (p->block == BLOCK_INPUT || p->block == BLOCK_TARGET || p->block == BLOCK_OUTPUT ||
        p->block == BLOCK_TABLE || p->block == BLOCK_VERSION)
        fprintf(f, "%d", p->index);
    if (p->offset)
        fprintf(f, "+%" PRId64, p->offset);
    if (p->step)
        fprintf(f, " by %" PRId64, p->step);
}

void selected_write(const Selected *s, const Units *units, FILE *f)
{
    for (uint32_t i = 0; i < s->kernels->count; i++)
        write_kernel(f, s->kernels, i);
    for (uint32_t u = 0; u < s->count; u++) {
        const Unit *unit = &units->unit[u];
        const Call *call = &s->call[u];
        fprintf(f, "call %u segment %d kernel %u", u, unit->segment, call->kernel);
        if (call->rest != call->kernel)
            fprintf(f, " and %u", call->rest);
        if (call->how != CALL_ALONE)
            fprintf(f, call->how == CALL_ALL ? " slots %d to %d" : " each slot, %d to %d", unit->low, unit->high);
        fputs(" at", f);
        for (uint32_t i = 0; i < kernel_of(s, u)->narguments; i++)
            write_place(f, &places_of(s, u)[i]);
        fputc('\n', f);
    }
}
