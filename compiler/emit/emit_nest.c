#include <inttypes.h>

#include "emit/emit_internal.h"

static const char variables[] = "ijklmq";

char nest_variable(int32_t d) { return variables[d]; }

const char *indent_text(int32_t depth)
{
    static const char spaces[] = "                                ";
    return spaces + sizeof spaces - 1 - 4 * (depth > 8 ? 8 : depth);
}

void print_extent(FILE *f, const Nest *nest, int32_t d)
{
    if (!dim_of_slots(nest, d))
        fprintf(f, "%" PRId64, nest->extent[d]);
    else if (nest->extent[d] == 1)
        fputs("slots", f);
    else
        fprintf(f, "slots * %" PRId64, nest->extent[d]);
}

void nest_open(FILE *f, const Nest *nest, int32_t from, int32_t to, int32_t indent)
{
    for (int32_t d = from; d < to; d++) {
        char v = variables[d];
        fprintf(f, "%sfor (int %c = 0; %c < ", indent_text(indent + d - from), v, v);
        print_extent(f, nest, d);
        fprintf(f, "; %c++)%s\n", v, d + 1 == to ? " {" : "");
    }
}

void nest_close(FILE *f, int32_t count, int32_t indent)
{
    if (count)
        fprintf(f, "%s}\n", indent_text(indent + count - 1));
}

void print_element(FILE *f, const Kernel *k, const Access *a)
{
    const char *plus = "";
    fprintf(f, "%c%u[", argument_letter(a), a->argument);
    for (int32_t d = 0; d < k->nest.rank; d++) {
        if (!a->stride[d])
            continue;
        fprintf(f, a->stride[d] == 1 ? "%s%c" : "%s%c * %" PRId64, plus, variables[d], a->stride[d]);
        plus = " + ";
    }
    fputs(*plus ? "]" : "0]", f);
}
