/* emit_reduce.c - sums and softmax: one operand, one result, a nest over the operand's elements. */
#include "emit/emit_internal.h"

static void print_y(FILE *f, const Kernel *k) { print_element(f, k, &k->access[0]); }
static void print_x(FILE *f, const Kernel *k) { print_element(f, k, &k->access[1]); }
static const char *assignment(const Kernel *k) { return k->access[0].add ? " += " : " = "; }

enum { FEW = 8 }; /* elements, which a loop adds as fast as vectors */

static bool is_dense(const Kernel *k, const Access *a)
{
    int32_t last = k->nest.rank - 1;
    return !dim_of_slots(&k->nest, last) && a->stride[last] == 1;
}

bool has_dense_rows(const Kernel *k)
{
    if (k->kind == KERNEL_SUM_INSIDE)
        return k->kept == k->nest.rank - 1 && is_dense(k, &k->access[1]) && k->nest.extent[k->kept] >= FEW;
    return k->kind == KERNEL_SOFTMAX && is_dense(k, &k->access[0]) && is_dense(k, &k->access[1]);
}

/* "tl_row_sum(65, &x1[i * 65])": of the row that the last dim runs along. */
static void print_of_row(FILE *f, const Kernel *k, const char *function, const Access *a)
{
    int32_t last = k->nest.rank - 1;
    Access row = *a;
    row.stride[last] = 0;
    fprintf(f, "%s(", function);
    print_extent(f, &k->nest, last);
    fputs(", &", f);
    print_element(f, k, &row);
    fputs(");\n", f);
}

static void sum_rows(FILE *f, const Kernel *k)
{
    nest_open(f, &k->nest, 0, k->kept, 1);
    fputs(indent_text(k->kept + 1), f);
    print_y(f, k);
    fputs(assignment(k), f);
    print_of_row(f, k, "tl_row_sum", &k->access[1]);
    nest_close(f, k->kept, 1);
}

/* The summed dims run inside: one accumulator a result. */
static void sum_inside(FILE *f, const Kernel *k)
{
    int32_t kept = k->kept, rank = k->nest.rank;
    nest_open(f, &k->nest, 0, kept, 1);
    fprintf(f, "%sreal sum = 0;\n", indent_text(kept + 1));
    nest_open(f, &k->nest, kept, rank, kept + 1);
    fprintf(f, "%ssum += ", indent_text(rank + 1));
    print_x(f, k);
    fputs(";\n", f);
    nest_close(f, rank - kept, kept + 1);
    fputs(indent_text(kept + 1), f);
    print_y(f, k);
    fprintf(f, "%ssum;\n", assignment(k));
    nest_close(f, kept, 1);
}

/* One row, or the rows of a loop around it, to y. */
static void print_row(FILE *f, const Kernel *k, const Access *x, const char *assign, int32_t indent)
{
    int32_t rank = k->nest.rank, from = k->kept + 1;
    nest_open(f, &k->nest, from, rank, indent);
    fputs(indent_text(rank - from + indent), f);
    print_y(f, k);
    fputs(assign, f);
    print_element(f, k, x);
    fputs(";\n", f);
    nest_close(f, rank - from, indent);
}

/* The summed dim, number `kept`, runs outside of the dims that follow: the first row is stored, the others are
 * added to it. */
static void sum_outside(FILE *f, const Kernel *k)
{
    int32_t d = k->kept;
    Access first = k->access[1];
    first.stride[d] = 0;
    nest_open(f, &k->nest, 0, d, 1);
    print_row(f, k, &first, assignment(k), d + 1);
    fprintf(f, "%sfor (int %c = 1; %c < ", indent_text(d + 1), nest_variable(d), nest_variable(d));
    print_extent(f, &k->nest, d);
    fprintf(f, "; %c++)\n", nest_variable(d));
    print_row(f, k, &k->access[1], " += ", d + 2);
    nest_close(f, d, 1);
}

void print_sum(FILE *f, const Kernel *k)
{
    if (k->kind == KERNEL_SUM_OUTSIDE)
        sum_outside(f, k);
    else if (has_dense_rows(k))
        sum_rows(f, k);
    else
        sum_inside(f, k);
}

/* ---- softmax ---- */

static void open_row(FILE *f, const Kernel *k)
{
    int32_t last = k->nest.rank - 1;
    nest_open(f, &k->nest, last, k->nest.rank, last + 1);
    fputs(indent_text(last + 2), f);
}

static void close_row(FILE *f, const Kernel *k)
{
    fputs(";\n", f);
    nest_close(f, 1, k->nest.rank);
}

/* "const real most = tl_row_largest(65, &x1[i * 65]);" */
static void print_row_value(FILE *f, const Kernel *k, const char *name, const char *function, const Access *a)
{
    fprintf(f, "%sconst real %s = ", indent_text(k->nest.rank), name);
    print_of_row(f, k, function, a);
}

/* The row's maximum, so that exp does not overflow. */
static void print_maximum(FILE *f, const Kernel *k, tl_type real)
{
    if (has_dense_rows(k)) {
        print_row_value(f, k, "most", "tl_row_largest", &k->access[1]);
        return;
    }
    fprintf(f, "%sreal most = -%s, sum = 0;\n", indent_text(k->nest.rank), infinity_word(real));
    open_row(f, k);
    fputs("most = most > ", f);
    print_x(f, k);
    fputs(" ? most : ", f);
    print_x(f, k);
    close_row(f, k);
}

/* e^(x - most) in the result's place, and their sum. */
static void print_powers(FILE *f, const Kernel *k, const char *suffix)
{
    bool dense = has_dense_rows(k);
    open_row(f, k);
    fputs(dense ? "" : "sum += ", f);
    print_y(f, k);
    fprintf(f, " = tl_exp_%s(", suffix);
    print_x(f, k);
    fputs(" - most)", f);
    close_row(f, k);
    if (dense)
        print_row_value(f, k, "sum", "tl_row_sum", &k->access[0]);
}

static void print_ratios(FILE *f, const Kernel *k)
{
    open_row(f, k);
    print_y(f, k);
    fputs(" /= sum", f);
    close_row(f, k);
}

/* x - most first: most + log(sum) would lose the digits of log(sum) where the logits are large. */
static void print_logarithms(FILE *f, const Kernel *k, const char *suffix)
{
    fprintf(f, "%sconst real shift = tl_log_%s(sum);\n", indent_text(k->nest.rank), suffix);
    open_row(f, k);
    print_y(f, k);
    fputs(" = ", f);
    print_x(f, k);
    fputs(" - most - shift", f);
    close_row(f, k);
}

void print_softmax(FILE *f, const Kernel *k, tl_type real)
{
    const char *suffix = real == TL_F32 ? "f32" : "f64";
    nest_open(f, &k->nest, 0, k->nest.rank - 1, 1);
    print_maximum(f, k, real);
    print_powers(f, k, suffix);
    if (k->op == OP_SOFTMAX)
        print_ratios(f, k);
    else
        print_logarithms(f, k, suffix);
    nest_close(f, k->nest.rank - 1, 1);
}
