/* emit_matmul.c - products. C = A' B' as one BLAS call where the lanes can be rows of one matrix
 * (shared B) or part of what is summed (gradients of shared matrices), else one call a lane. */
#include <inttypes.h>
#include <stdlib.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "graph/user_error.h"

/* A matrix whose element (i, j) of lane b stands at i * row + j * col + b * lane. */
typedef struct Matrix {
    int64_t rows, cols, row, col, lane;
} Matrix;

typedef struct Product {
    Matrix a, b, c;    /* a {m, k}, b {k, n}, c {m, n}: transpositions are in the strides */
    int64_t lanes;     /* calls */
    bool lanes_add;    /* they add to one c */
    bool add;          /* to what stands in c */
} Product;

static Matrix matrix(const Emitter *e, Ref r, bool transposed)
{
    const Node *n = node_at(graph_of(e), r);
    const Layout *l = layout_of(e, r);
    Matrix m = { n->shape.dim[0], n->shape.dim[1], l->stride[0], l->stride[1], n->batched ? l->lane : 0 };
    if (transposed)
        m = (Matrix){ m.cols, m.rows, m.col, m.row, m.lane };
    return m;
}

/* BLAS walks a matrix along one dim with neighbours next to each other, lines apart from each other. */
static bool walkable(const Matrix *m)
{
    bool by_row = (m->cols == 1 || m->col == 1) && (m->rows == 1 || m->row >= m->cols);
    bool by_col = (m->rows == 1 || m->row == 1) && (m->cols == 1 || m->col >= m->rows);
    return by_row || by_col;
}

/* Lanes become rows: true if the distance from a lane's last row to the next lane's first is that
 * between rows. */
static bool stack_rows(Matrix *m, int64_t lanes)
{
    Matrix s = *m;
    if (m->rows == 1)
        s.row = m->lane;
    else if (m->lane != m->rows * m->row)
        return false;
    s.rows *= lanes;
    s.lane = 0;
    if (!walkable(&s))
        return false;
    *m = s;
    return true;
}

static bool stack_cols(Matrix *m, int64_t lanes)
{
    Matrix t = { m->cols, m->rows, m->col, m->row, m->lane };
    if (!stack_rows(&t, lanes))
        return false;
    *m = (Matrix){ t.cols, t.rows, t.col, t.row, t.lane };
    return true;
}

/* One call for all lanes, where that is the same product. */
static void merge_lanes(Product *p)
{
    Matrix a = p->a, b = p->b, c = p->c;
    bool merged = false;
    if (p->lanes_add)
        merged = a.lane && b.lane && stack_cols(&a, p->lanes) && stack_rows(&b, p->lanes);
    else if (a.lane && !b.lane)
        merged = stack_rows(&a, p->lanes) && stack_rows(&c, p->lanes) && c.col == 1;
    if (merged)
        *p = (Product){ a, b, c, 1, false, p->add };
}

static void print_operand(FILE *f, const Matrix *m)
{
    bool by_row = (m->cols == 1 || m->col == 1) && (m->rows == 1 || m->row >= m->cols);
    fputs(by_row ? "CblasNoTrans" : "CblasTrans", f);
}

static int64_t leading(const Matrix *m)
{
    bool by_row = (m->cols == 1 || m->col == 1) && (m->rows == 1 || m->row >= m->cols);
    if (by_row)
        return m->rows == 1 ? m->cols : m->row;
    return m->cols == 1 ? m->rows : m->col;
}

static void print_lane(FILE *f, const Matrix *m)
{
    if (m->lane)
        fprintf(f, " + b * %" PRId64, m->lane);
}

static void print_call(FILE *f, const Product *p, tl_type real)
{
    const char *beta = p->add ? "1" : p->lanes_add ? "b > 0" : "0";
    const char *in = p->lanes > 1 ? "        " : "    ";
    if (p->lanes > 1)
        fprintf(f, "    for (int b = 0; b < %" PRId64 "; b++)\n", p->lanes);
    fprintf(f, "%scblas_%cgemm(CblasRowMajor, ", in, real == TL_F32 ? 's' : 'd');
    print_operand(f, &p->a);
    fputs(", ", f);
    print_operand(f, &p->b);
    fprintf(f, ", %" PRId64 ", %" PRId64 ", %" PRId64 ",\n%s            1, x1", p->c.rows, p->c.cols, p->a.cols, in);
    print_lane(f, &p->a);
    fprintf(f, ", %" PRId64 ", x2", leading(&p->a));
    print_lane(f, &p->b);
    fprintf(f, ", %" PRId64 ", %s, y0", leading(&p->b), beta);
    print_lane(f, &p->c);
    fprintf(f, ", %" PRId64 ");\n", p->c.rows == 1 ? p->c.cols : p->c.row);
}

static Product product(const Emitter *e, Ref r)
{
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r);
    Ref a = arg_at(g, r, 0), b = arg_at(g, r, 1);
    bool lanes = node_at(g, a)->batched || node_at(g, b)->batched;
    Product p = { .a = matrix(e, a, n->attr[0]), .b = matrix(e, b, n->attr[1]), .c = matrix(e, r, false),
                  .lanes = lanes ? g->lanes : 1, .lanes_add = lanes && n->attr[2] && g->lanes > 1,
                  .add = layout_of(e, r)->add };
    if (p.lanes > 1)
        merge_lanes(&p);
    else
        p.a.lane = p.b.lane = p.c.lane = 0;
    assume(walkable(&p.a) && walkable(&p.b), "%%%u: an operand that BLAS cannot walk", r);
    assume(p.c.cols == 1 || p.c.col == 1, "%%%u: a result that BLAS cannot write", r);
    return p;
}

void emit_matmul(Emitter *e, Ref r)
{
    static const int64_t none[MOST_DIMS];
    char *text = NULL;
    size_t size = 0;
    const Graph *g = graph_of(e);
    Product p = product(e, r);
    FILE *f = text_open(&text, &size);
    begin_kernel(e);
    add_pointer(e, *layout_of(e, r), true, false, none, MOST_DIMS);
    add_pointer(e, *layout_of(e, arg_at(g, r, 0)), false, false, none, MOST_DIMS);
    /* The same matrix twice is one pointer; the body names both. */
    uint32_t second = add_pointer(e, *layout_of(e, arg_at(g, r, 1)), false, false, none, MOST_DIMS);
    fprintf(f, "/* matmul {%" PRId64 ", %" PRId64 "} = {%" PRId64 ", %" PRId64 "} {%" PRId64 ", %" PRId64 "} */\n", p.c.rows,
            p.c.cols, p.a.rows, p.a.cols, p.b.rows, p.b.cols);
    print_parameters(e, f);
    fputs("{\n", f);
    if (second == 1)
        fputs("    const real *x2 = x1;\n", f);
    print_call(f, &p, e->program->real);
    fputs("}\n", f);
    text_close(f, &text);
    call_kernel(e, "matmul", text);
}
