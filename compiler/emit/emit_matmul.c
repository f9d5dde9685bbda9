/* emit_matmul.c - a product as a call of BLAS, or one a lane. */
#include <inttypes.h>

#include "emit/emit_internal.h"

static void print_operand(FILE *f, const Matrix *m)
{
    fputs(matrix_by_rows(m) ? "CblasNoTrans" : "CblasTrans", f);
}

static int64_t leading(const Matrix *m)
{
    if (matrix_by_rows(m))
        return m->rows == 1 ? m->cols : m->row;
    return m->cols == 1 ? m->rows : m->col;
}

static void print_lane(FILE *f, const Matrix *m)
{
    if (m->lane)
        fprintf(f, " + b * %" PRId64, m->lane);
}

void print_product_title(FILE *f, const Kernel *k)
{
    int64_t m = k->nest.extent[DIM_M], n = k->nest.extent[DIM_N], inner = k->nest.extent[DIM_K];
    fprintf(f,
            "/* matmul {%" PRId64 ", %" PRId64 "} = {%" PRId64 ", %" PRId64 "} {%" PRId64 ", %" PRId64
            "} */\n",
            m, n, m, inner, inner, n);
}

void print_product(FILE *f, const Kernel *k, tl_type real)
{
    const Matrix c = product_matrix(k, 0), a = product_matrix(k, 1), b = product_matrix(k, 2);
    const int64_t lanes = k->nest.extent[DIM_LANES];
    const char *beta = k->access[0].add ? "1" : product_adds_lanes(k) ? "b > 0" : "0";
    const char *in = lanes > 1 ? "        " : "    ";
    if (k->access[2].argument == k->access[1].argument) /* the same matrix twice; the call names both */
        fputs("    const real *x2 = x1;\n", f);
    if (lanes > 1)
        fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", lanes);
    fprintf(f, "%scblas_%cgemm(CblasRowMajor, ", in, real == TL_F32 ? 's' : 'd');
    print_operand(f, &a);
    fputs(", ", f);
    print_operand(f, &b);
    fprintf(f, ", %" PRId64 ", %" PRId64 ", %" PRId64 ",\n%s            1, x1", c.rows, c.cols, a.cols, in);
    print_lane(f, &a);
    fprintf(f, ", %" PRId64 ", x2", leading(&a));
    print_lane(f, &b);
    fprintf(f, ", %" PRId64 ", %s, y0", leading(&b), beta);
    print_lane(f, &c);
    fprintf(f, ", %" PRId64 ");\n", c.rows == 1 ? c.cols : c.row);
}
