/* emit_matmul.c - a product: a template of <tapeless/product.h>, a call of BLAS or plain loops, one a lane where they are its own. */
#include <inttypes.h>

#include "emit/emit_internal.h"

static const char loops[] = "bijk"; /* what the counter over DIM_... is called */

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
        fprintf(f, "%s%sfor (int %c = 0; %c < ", in, d == DIM_N ? "    " : "", loops[d], loops[d]);
        print_extent(f, &k->nest, d);
        fprintf(f, "; %c++)\n", loops[d]);
    }
    fprintf(f, "%s        y0[b * %" PRId64 " + i * %" PRId64 " + j] = x%u[b * %" PRId64 " + i * %" PRId64 " + j];\n", in,
            y->stride[DIM_LANES], y->stride[DIM_M], x->argument, x->stride[DIM_LANES], x->stride[DIM_M]);
}

/* "slots * 50, 512, 128" in the order of the template. */
static void print_dims(FILE *f, const Kernel *k, const int *dims)
{
    for (int i = 0; i < 3; i++) {
        fputs(i ? ", " : "", f);
        print_extent(f, &k->nest, dims[i]);
    }
}

/* "x1", or "x1 + b * 1200" */
static void print_argument(FILE *f, const Kernel *k, uint32_t access)
{
    const Access *a = &k->access[access];
    fprintf(f, "%c%u", argument_letter(a), a->argument);
    if (product_has_lanes(k) && a->stride[DIM_LANES])
        fprintf(f, " + b * %" PRId64, a->stride[DIM_LANES]);
}

/* "x1, 128" */
static void print_rows(FILE *f, const Kernel *k, uint32_t access, int64_t row)
{
    print_argument(f, k, access);
    fprintf(f, ", %" PRId64, row);
}

static void print_more_rows(FILE *f, const Kernel *k, uint32_t access, int64_t row)
{
    fputs(", ", f);
    print_rows(f, k, access, row);
}

/* What the sums begin with: nothing, the result itself, or the fourth access. */
static void print_begin(FILE *f, const Kernel *k)
{
    const Access *y = &k->access[0];
    if (y->add)
        print_rows(f, k, 0, y->stride[DIM_M]);
    else if (k->naccesses > 3)
        print_rows(f, k, 3, k->access[3].stride[DIM_M]);
    else
        fputs("NULL, 0", f);
}

/* Which of the templates: some take a number of rows that is known at run time only. */
static const char *forward_name(const Kernel *k)
{
    bool any = dim_of_slots(&k->nest, DIM_M);
    if (k->form.kind == FORM_DOTS)
        return "dots";
    if (k->form.kind == FORM_IN_PLACE)
        return any ? "in_place_any" : "in_place";
    return k->form.block_rows ? "packed_blocked" : any ? "packed_any" : "packed";
}

/* Y = start + X W */
static void print_forward(FILE *f, const Kernel *k)
{
    static const int dims[] = { DIM_M, DIM_N, DIM_K };
    const Form *form = &k->form;
    const int64_t *w = k->access[2].stride;
    fprintf(f, "    tl_product_%s(", forward_name(k));
    print_dims(f, k, dims);
    print_more_rows(f, k, 1, k->access[1].stride[DIM_M]);
    if (form->kind == FORM_PACKED)
        fprintf(f, ", x%u", k->access[2].argument);
    else
        print_more_rows(f, k, 2, form->kind == FORM_DOTS ? w[DIM_N] : w[DIM_K]);
    fputs(",\n        ", f);
    print_begin(f, k);
    print_more_rows(f, k, 0, k->access[0].stride[DIM_M]);
    fprintf(f, ", %d, %d", form->rows, form->vectors);
    if (form->kind != FORM_DOTS)
        fprintf(f, ", %d", form->chains);
    if (form->block_rows)
        fprintf(f, ", %d", form->block_rows);
    fputs(");\n", f);
}

/* Of one row: what it begins with, and where it goes. */
static void print_start_of_row(FILE *f, const Kernel *k)
{
    const Access *y = &k->access[0], *start = y->add ? y : k->naccesses > 3 ? &k->access[3] : NULL;
    fputs(", ", f);
    if (start)
        print_argument(f, k, (uint32_t)(start - k->access));
    else
        fputs("NULL", f);
    fputs(", ", f);
    print_argument(f, k, 0);
}

static const char *direction(const Kernel *k) { return k->form.turns ? "back" : "0"; }

/* y = start + x B, one row. */
static void print_streamed(FILE *f, const Kernel *k)
{
    fputs("    tl_product_streamed(", f);
    print_extent(f, &k->nest, DIM_N);
    fputs(", ", f);
    print_extent(f, &k->nest, DIM_K);
    fputs(", ", f);
    print_argument(f, k, 1);
    print_more_rows(f, k, 2, k->access[2].stride[DIM_K]);
    print_start_of_row(f, k);
    fprintf(f, ", %d, %d, %s);\n", k->form.vectors, k->form.rows, direction(k));
}

/* y = start + W x, one row. */
static void print_dots_of_row(FILE *f, const Kernel *k)
{
    static const int dims[] = { DIM_N, DIM_K };
    const bool halves = k->form.kind == FORM_DOTS_BY_HALVES;
    fprintf(f, "    tl_product_dots_%s(", halves ? "by_halves" : "of_row");
    for (int i = 0; i < 2; i++) {
        fputs(i ? ", " : "", f);
        print_extent(f, &k->nest, dims[i]);
    }
    fputs(", ", f);
    print_argument(f, k, 1);
    print_more_rows(f, k, 2, k->access[2].stride[DIM_N]);
    print_start_of_row(f, k);
    if (!halves)
        fprintf(f, ", %d", k->form.vectors);
    fprintf(f, ", %s);\n", direction(k));
}

/* Y = start + X' B */
static void print_turned(FILE *f, const Kernel *k)
{
    static const int dims[] = { DIM_K, DIM_M, DIM_N };
    fputs("    tl_product_turned(", f);
    print_dims(f, k, dims);
    print_more_rows(f, k, 1, k->access[1].stride[DIM_K]);
    print_more_rows(f, k, 2, k->access[2].stride[DIM_K]);
    fputs(",\n        ", f);
    print_begin(f, k);
    print_more_rows(f, k, 0, k->access[0].stride[DIM_M]);
    fprintf(f, ", %d, %d, %d);\n", k->form.rows, k->form.vectors, k->form.chains);
}

/* dW (+)= dY' X */
static void print_gradient(FILE *f, const Kernel *k)
{
    static const char *const names[] = { [FORM_GRADIENT] = "", [FORM_GRADIENT_PACKED] = "_packed",
                                         [FORM_GRADIENT_NARROW] = "_narrow" };
    static const int dims[] = { DIM_K, DIM_M, DIM_N };
    const Form *form = &k->form;
    fprintf(f, "    tl_product_gradient%s(", names[form->kind]);
    print_dims(f, k, dims);
    print_more_rows(f, k, 1, k->access[1].stride[DIM_K]);
    print_more_rows(f, k, 2, k->access[2].stride[DIM_K]);
    fprintf(f, ",\n        %d", k->access[0].add);
    print_more_rows(f, k, 0, k->access[0].stride[DIM_M]);
    if (form_has_scratch(form))
        fprintf(f, ", y%u", k->access[3].argument);
    if (form->kind != FORM_GRADIENT_NARROW)
        fprintf(f, ", %d", form->rows);
    fprintf(f, ", %d, %d", form->vectors, form->chains);
    if (form_has_scratch(form))
        fprintf(f, ", %d", form->block_rows);
    fputs(");\n", f);
}

static void print_blas(FILE *f, const Kernel *k, tl_type real)
{
    const bool begins = k->naccesses > 3;
    const Matrix c = product_matrix(k, 0), a = product_matrix(k, 1), b = product_matrix(k, 2);
    const bool several = product_has_lanes(k);
    const char *beta = k->access[0].add || begins ? "1" : product_adds_lanes(k) ? "b > 0" : "0";
    const char *in = several ? "        " : "    ";
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
    fprintf(f, ",\n%s            1, x%u", in, k->access[1].argument);
    print_lane(f, &a);
    print_leading(f, k, &a, DIM_M, DIM_K);
    fprintf(f, ", x%u", k->access[2].argument); /* the same as of a where a matrix is multiplied by itself */
    print_lane(f, &b);
    print_leading(f, k, &b, DIM_K, DIM_N);
    fprintf(f, ", %s, y0", beta);
    print_lane(f, &c);
    fprintf(f, ", %" PRId64 ");\n", c.rows == 1 ? c.cols : c.row);
    if (several && begins)
        fputs("    }\n", f);
}

/* "x1[i * 4 + k * 1]" */
static void print_factor(FILE *f, const Kernel *k, uint32_t access, int row, int col)
{
    const Access *a = &k->access[access];
    fprintf(f, "%c%u[", argument_letter(a), a->argument);
    if (product_has_lanes(k) && a->stride[DIM_LANES])
        fprintf(f, "b * %" PRId64 " + ", a->stride[DIM_LANES]);
    fprintf(f, "%c * %" PRId64 " + %c * %" PRId64 "]", loops[row], a->stride[row], loops[col], a->stride[col]);
}

static void print_loops(FILE *f, const Kernel *k)
{
    const bool begins = k->naccesses > 3 || k->access[0].add;
    const uint32_t start = k->access[0].add ? 0 : 3;
    const int first = product_has_lanes(k) ? DIM_LANES : DIM_M, inside = DIM_K - first + 1;
    for (int d = first; d <= DIM_N; d++) {
        fprintf(f, "%sfor (int %c = 0; %c < ", indent_text(1 + d - first), loops[d], loops[d]);
        print_extent(f, &k->nest, d);
        fprintf(f, "; %c++)%s\n", loops[d], d == DIM_N ? " {" : "");
    }
    fprintf(f, "%sreal sum = ", indent_text(inside));
    if (begins)
        print_factor(f, k, start, DIM_M, DIM_N);
    else if (product_adds_lanes(k)) { /* to one result: the first stores */
        fputs("b == 0 ? 0 : ", f);
        print_factor(f, k, 0, DIM_M, DIM_N);
    } else
        fputs("0", f);
    fprintf(f, ";\n%sfor (int k = 0; k < ", indent_text(inside));
    print_extent(f, &k->nest, DIM_K);
    fprintf(f, "; k++)\n%ssum += ", indent_text(inside + 1));
    print_factor(f, k, 1, DIM_M, DIM_K);
    fputs(" * ", f);
    print_factor(f, k, 2, DIM_K, DIM_N);
    fprintf(f, ";\n%s", indent_text(inside));
    print_factor(f, k, 0, DIM_M, DIM_N);
    fprintf(f, " = sum;\n%s}\n", indent_text(inside - 1));
}

/* A template. */
static void print_call(FILE *f, const Kernel *k)
{
    switch (k->form.kind) {
    case FORM_LOOPS:
    case FORM_BLAS: break;
    case FORM_PACKED:
    case FORM_IN_PLACE: print_forward(f, k); break;
    case FORM_DOTS: (k->form.turns ? print_dots_of_row : print_forward)(f, k); break;
    case FORM_DOTS_BY_HALVES: print_dots_of_row(f, k); break;
    case FORM_STREAMED: print_streamed(f, k); break;
    case FORM_GRADIENT:
    case FORM_GRADIENT_PACKED:
    case FORM_GRADIENT_NARROW: (k->naccesses > 3 && !form_has_scratch(&k->form) ? print_turned : print_gradient)(f, k); break;
    }
}

void print_product(FILE *f, const Kernel *k, tl_type real)
{
    if (k->form.kind == FORM_LOOPS || k->form.kind == FORM_BLAS) {
        k->form.kind == FORM_LOOPS ? print_loops(f, k) : print_blas(f, k, real);
        return;
    }
    if (!product_has_lanes(k)) {
        print_call(f, k);
        return;
    }
    fputs("    for (int b = 0; b < ", f);
    print_extent(f, &k->nest, DIM_LANES);
    fputs("; b++)\n    ", f);
    print_call(f, k);
}
