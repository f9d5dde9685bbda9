/* emit_index.c - what a token addresses: rows of an embedding, an element of a vector. Tokens were checked
 * against the vocabulary when they were read. */
#include <inttypes.h>

#include "emit/emit_internal.h"

/* "y0[b * 8 + x2[b * 1] * 64 + j * 1]": rows of one matrix do not go by lanes. */
static void print_value(FILE *f, const Kernel *k, const Access *a)
{
    const Access *token = &k->access[2];
    bool rows = k->nest.rank == 2;
    fprintf(f, "%c%u[", argument_letter(a), a->argument);
    if (!a->addressed || !rows)
        fprintf(f, "b * %" PRId64 "%s", a->stride[DIM_LANES], rows || a->addressed ? " + " : "");
    if (a->addressed)
        fprintf(f, "x%u[b * %" PRId64 "] * %" PRId64 "%s", token->argument, token->stride[DIM_LANES],
                a->token_stride, rows ? " + " : "");
    if (rows)
        fprintf(f, "j * %" PRId64, a->stride[1]);
    fputc(']', f);
}

static void print_clear(FILE *f, const Kernel *k)
{
    const int64_t *extent = k->clear.extent, *stride = k->clear_stride;
    fputs("    for (int b = 0; b < ", f);
    print_extent(f, &k->clear, 0);
    fputs("; b++)\n", f);
    fprintf(f, "        for (int i = 0; i < %" PRId64 "; i++)\n", extent[1]);
    fprintf(f, "            for (int j = 0; j < %" PRId64 "; j++)\n", extent[2]);
    fprintf(f, "                y0[b * %" PRId64 " + i * %" PRId64 " + j * %" PRId64 "] = 0;\n", stride[0],
            stride[1], stride[2]);
}

void print_index(FILE *f, const Kernel *k)
{
    const Access *y = &k->access[0], *x = &k->access[1];
    if (k->clear.rank)
        print_clear(f, k);
    fputs("    for (int b = 0; b < ", f);
    print_extent(f, &k->nest, 0);
    fputs("; b++)\n", f);
    if (k->nest.rank == 2)
        fprintf(f, "        for (int j = 0; j < %" PRId64 "; j++)\n", k->nest.extent[1]);
    fputs(indent_text(1 + k->nest.rank), f);
    print_value(f, k, y);
    fputs(y->add || y->addressed ? " += " : " = ", f);
    print_value(f, k, x);
    fputs(";\n", f);
}
