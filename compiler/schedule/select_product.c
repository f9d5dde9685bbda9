/* select_product.c - products: one for all lanes where these can be rows of one matrix (b is shared) or part of
 * what is summed (gradients of shared matrices), else one a lane. */
#include "schedule/select_internal.h"
#include "graph/user_error.h"

typedef struct Product {
    Matrix a, b, c;
    int64_t lanes;
    bool lanes_add; /* to one c */
} Product;

static Matrix transposed(Matrix m) { return (Matrix){ m.cols, m.rows, m.col, m.row, m.lane }; }

static Matrix matrix(const Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    const Layout *l = layout_of(s, r);
    return (Matrix){ n->shape.dim[0], n->shape.dim[1], l->stride[0], l->stride[1], n->batched ? l->lane : 0 };
}

/* BLAS walks a matrix along one dim with neighbours next to each other, lines apart from each other. */
static bool walkable(Matrix m)
{
    Matrix t = transposed(m);
    return matrix_by_rows(&m) || matrix_by_rows(&t);
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
    if (!walkable(s))
        return false;
    *m = s;
    return true;
}

static bool stack_cols(Matrix *m, int64_t lanes)
{
    Matrix t = transposed(*m);
    if (!stack_rows(&t, lanes))
        return false;
    *m = transposed(t);
    return true;
}

/* What the lanes share has no distance from lane to lane, and does not stack. */
static void merge_lanes(Product *p)
{
    Matrix a = p->a, b = p->b, c = p->c;
    bool merged = false;
    if (p->lanes_add)
        merged = stack_cols(&a, p->lanes) && stack_rows(&b, p->lanes);
    else if (!b.lane)
        merged = stack_rows(&a, p->lanes) && stack_rows(&c, p->lanes) && c.col == 1;
    if (merged)
        *p = (Product){ a, b, c, 1, false };
}

static Product product(const Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    Ref a = arg_at(s->g, r, 0), b = arg_at(s->g, r, 1);
    bool batched = node_at(s->g, a)->batched || node_at(s->g, b)->batched;
    Product p = { .a = matrix(s, a), .b = matrix(s, b), .c = matrix(s, r), .lanes = lanes_of(s, batched) };
    p.lanes_add = p.lanes > 1 && n->attr[2];
    if (n->attr[0])
        p.a = transposed(p.a);
    if (n->attr[1])
        p.b = transposed(p.b);
    if (p.lanes > 1)
        merge_lanes(&p);
    assume(walkable(p.a) && walkable(p.b), "%%%u: an operand that BLAS cannot walk", r);
    assume(p.c.cols == 1 || p.c.col == 1, "%%%u: a result that BLAS cannot write", r);
    assume(p.lanes == 1 || p.lanes_add == !p.c.lane, "%%%u: lanes add to results of their own", r);
    return p;
}

static void walk(Access *a, const Matrix *m, int row, int col)
{
    a->stride[DIM_LANES] = m->lane;
    a->stride[row] = m->row;
    a->stride[col] = m->col;
}

void select_product(Selector *s, Ref r)
{
    Product p = product(s, r);
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_PRODUCT, OP_MATMUL);
    k->nest = (Nest){ 4, { p.lanes, p.c.rows, p.c.cols, p.a.cols } };
    walk(access_value(s, r, true), &p.c, DIM_M, DIM_N);
    walk(access_value(s, arg_at(s->g, r, 0), false), &p.a, DIM_M, DIM_K);
    walk(access_value(s, arg_at(s->g, r, 1), false), &p.b, DIM_K, DIM_N);
    nest_still(&k->nest, k->access, k->naccesses);
}
