#include <inttypes.h>

#include "emit/emit_internal.h"

static const char variables[] = "ijklm";

const char *indent_text(int32_t depth)
{
    static const char spaces[] = "                                ";
    return spaces + sizeof spaces - 1 - 4 * (depth > 8 ? 8 : depth);
}

Nest nest_over(const Emitter *e, const Shape *s, bool lanes)
{
    Nest nest = { .rank = 1 + s->rank, .extent = { lanes ? graph_of(e)->lanes : 1 } };
    for (int32_t d = 0; d < s->rank; d++)
        nest.extent[1 + d] = s->dim[d];
    return nest;
}

void nest_strides(const Nest *nest, const Layout *l, const Shape *s, bool batched, int64_t *stride)
{
    stride[0] = batched ? l->lane : 0;
    int32_t shift = nest->rank - 1 - s->rank;
    for (int32_t d = 0; d < nest->rank - 1; d++)
        stride[1 + d] = d < shift || s->dim[d - shift] == 1 ? 0 : l->stride[d - shift];
}

static bool walks_as_one(const Nest *nest, int32_t d, const Pointer *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (p[i].stride[d] != p[i].stride[d + 1] * nest->extent[d + 1])
            return false;
    return true;
}

/* Dim d goes; what it walked, dim d + 1 (which then has `extent` elements) walks. */
static void drop_dim(Nest *nest, int32_t d, Pointer *p, uint32_t n)
{
    for (int32_t i = d; i + 1 < nest->rank; i++)
        nest->extent[i] = nest->extent[i + 1];
    for (uint32_t k = 0; k < n; k++)
        for (int32_t i = d; i + 1 < nest->rank; i++)
            p[k].stride[i] = p[k].stride[i + 1];
    nest->rank--;
}

void nest_collapse(Nest *nest, Pointer *p, uint32_t n)
{
    for (int32_t d = nest->rank - 1; d >= 0; d--)
        if (nest->extent[d] == 1)
            drop_dim(nest, d, p, n);
    for (int32_t d = nest->rank - 2; d >= 0; d--)
        if (walks_as_one(nest, d, p, n)) {
            nest->extent[d + 1] *= nest->extent[d];
            drop_dim(nest, d, p, n);
        }
}

void nest_open(FILE *f, const Nest *nest, int32_t from, int32_t to, int32_t indent)
{
    for (int32_t d = from; d < to; d++) {
        char v = variables[d];
        fprintf(f, "%sfor (int %c = 0; %c < %" PRId64 "; %c++)%s\n", indent_text(indent + d - from), v, v,
                nest->extent[d], v, d + 1 == to ? " {" : "");
    }
}

void nest_close(FILE *f, int32_t count, int32_t indent)
{
    if (count)
        fprintf(f, "%s}\n", indent_text(indent + count - 1));
}

void nest_index(FILE *f, const Nest *nest, const int64_t *stride)
{
    const char *plus = "";
    fputc('[', f);
    for (int32_t d = 0; d < nest->rank; d++) {
        if (!stride[d] || nest->extent[d] == 1)
            continue;
        fprintf(f, stride[d] == 1 ? "%s%c" : "%s%c * %" PRId64, plus, variables[d], stride[d]);
        plus = " + ";
    }
    fputs(*plus ? "]" : "0]", f);
}
