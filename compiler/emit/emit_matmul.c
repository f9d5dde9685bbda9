/* emit_matmul.c - a product as a call of BLAS, or one a lane. */
#include <inttypes.h>

#include "emit/emit_internal.h"

static void print_operand(FILE *f, const Matrix *m)
{
    fputs(matrix_by_rows(m) ? "CblasNoTrans" : "CblasTrans", f);
}

/* The distance of rows, or of columns; of one alone, no less than its length. */
static void print_leading(FILE *f, const Kernel *k, const Matrix *m, int row, int col)
{
    bool by_rows = matrix_by_rows(m), alone = by_rows ? m->rows == 1 : m->cols == 1;
    fputs(", ", f);
    if (alone)
        print_extent(f, &k->nest, by_rows ? col : row);
    else
        fprintf(f, "%" PRId64, by_rows ? m->row : m->col);
}

static void print_lane(FILE *f, const Matrix *m)
{
    if (m->lane)
        fprintf(f, " + b * %" PRId64, m->lane);
}

void print_product_title(FILE *f, const Kernel *k)
{
    static const int8_t dims[] = { DIM_M, DIM_N, DIM_M, DIM_K, DIM_K, DIM_N };
    static const char *const between[] = { "/* matmul {", ", ", "} = {", ", ", "} {", ", " };
    for (int i = 0; i < 6; i++) {
        fputs(between[i], f);
        print_extent(f, &k->nest, dims[i]);
    }
    fputs("} */\n", f);
}

static void print_sizes(FILE *f, const Kernel *k)
{
    static const int8_t dims[] = { DIM_M, DIM_N, DIM_K };
    for (int i = 0; i < 3; i++) {
        fputs(", ", f);
        print_extent(f, &k->nest, dims[i]);
    }
}

/* "    for (int i = 0; ...) y0[...] = x3[...];": what BLAS then adds to. */
static void print_start(FILE *f, const Kernel *k, const char *in)
{
    const Access *y = &k->access[0], *x = &k->access[3];
    for (int d = DIM_M; d <= DIM_N; d++) {
        fprintf(f, "%s%sfor (int %c = 0; %c < ", in, d == DIM_N ? "    " : "", "bijk"[d], "bijk"[d]);
        print_extent(f, &k->nest, d);
        fprintf(f, "; %c++)\n", "bijk"[d]);
    }
    fprintf(f, "%s        y0[b * %" PRId64 " + i * %" PRId64 " + j] = x%u[b * %" PRId64 " + i * %" PRId64 " + j];\n", in,
            y->stride[DIM_LANES], y->stride[DIM_M], x->argument, x->stride[DIM_LANES], x->stride[DIM_M]);
}

void print_product(FILE *f, const Kernel *k, tl_type real)
{
    const bool begins = k->naccesses > 3;
    const Matrix c = product_matrix(k, 0), a = product_matrix(k, 1), b = product_matrix(k, 2);
    const bool several = k->nest.extent[DIM_LANES] > 1 || dim_of_slots(&k->nest, DIM_LANES);
    const char *beta = k->access[0].add || begins ? "1" : product_adds_lanes(k) ? "b > 0" : "0";
    const char *in = several ? "        " : "    ";
    if (k->access[2].argument == k->access[1].argument) /* the same matrix twice; the call names both */
        fputs("    const real *x2 = x1;\n", f);
    if (several) {
        fputs("    for (int b = 0; b < ", f);
        print_extent(f, &k->nest, DIM_LANES);
        fputs(begins ? "; b++) {\n" : "; b++)\n", f);
    } else if (begins) {
        fputs("    const int b = 0;\n", f);
    }
    if (begins)
        print_start(f, k, in);
    fprintf(f, "%scblas_%cgemm(CblasRowMajor, ", in, real == TL_F32 ? 's' : 'd');
    print_operand(f, &a);
    fputs(", ", f);
    print_operand(f, &b);
    print_sizes(f, k);
    fprintf(f, ",\n%s            1, x1", in);
    print_lane(f, &a);
    print_leading(f, k, &a, DIM_M, DIM_K);
    fputs(", x2", f);
    print_lane(f, &b);
    print_leading(f, k, &b, DIM_K, DIM_N);
    fprintf(f, ", %s, y0", beta);
    print_lane(f, &c);
    fprintf(f, ", %" PRId64 ");\n", c.rows == 1 ? c.cols : c.row);
    if (several && begins)
        fputs("    }\n", f);
}
