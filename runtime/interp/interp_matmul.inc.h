/* interp_matmul.inc.h - the matrix product, by BLAS. */
#include <limits.h>

/* One factor of a product: op(X), with op the transpose where `transposed`. */
typedef struct Factor {
    const REAL *at;
    size_t stride; /* from lane to lane; 0: shared */
    bool transposed;
} Factor;

/* out {m, n} += op(a) {m, k} op(b) {k, n} in each lane; a shared `out` (stride 0) takes the sum
 * over the lanes. */
typedef struct Product {
    Factor a, b;
    REAL *out;
    size_t out_stride;
    size_t m, k, n, lanes;
} Product;

static Factor flipped(Factor x)
{
    x.transposed = !x.transposed;
    return x;
}

static bool fits_int(size_t rows, size_t lanes)
{
    return rows <= INT_MAX / lanes;
}

/* A column in every lane times a shared matrix: the same as rows times its transpose, since a
 * vector is stored alike both ways. */
static void columns_as_rows(Product *p)
{
    if (p->n != 1 || p->a.stride || !p->b.stride || !p->out_stride)
        return;
    Factor a = p->a;
    p->a = flipped(p->b);
    p->b = flipped(a);
    p->n = p->m;
    p->m = 1;
}

/* One call to BLAS for all lanes where their rows, or their inner dims, stand one after another. */
static void join_lanes(Product *p)
{
    bool a_is_vector = p->m == 1 || p->k == 1, b_is_vector = p->n == 1 || p->k == 1;
    if (p->a.stride && !p->b.stride && p->out_stride && fits_int(p->m, p->lanes)
        && (!p->a.transposed || a_is_vector)) {
        p->a.transposed = false;
        p->m *= p->lanes;
        p->lanes = 1;
    } else if (p->a.stride && p->b.stride && !p->out_stride && fits_int(p->k, p->lanes)
               && (p->a.transposed || a_is_vector) && (!p->b.transposed || b_is_vector)) {
        p->a.transposed = true;
        p->b.transposed = false;
        p->k *= p->lanes;
        p->lanes = 1;
    }
}

static void multiply_add(Product p)
{
    columns_as_rows(&p);
    join_lanes(&p);
    int m = (int)p.m, k = (int)p.k, n = (int)p.n;
    for (size_t b = 0; b < p.lanes; b++)
        GEMM(CblasRowMajor, p.a.transposed ? CblasTrans : CblasNoTrans,
             p.b.transposed ? CblasTrans : CblasNoTrans, m, n, k, 1, p.a.at + b * p.a.stride,
             p.a.transposed ? m : k, p.b.at + b * p.b.stride, p.b.transposed ? k : n, 1,
             p.out + b * p.out_stride, n);
}

/* The instruction's own product, with everything but `out`. */
static Product product_of(const Interp *ip, int32_t i)
{
    const tl_instr *in = instr(ip, i);
    int32_t a = operand(ip, i, 0), b = operand(ip, i, 1);
    return (Product) {
        .a = { value(ip, a), lane_stride(ip, a), in->attr[0] },
        .b = { value(ip, b), lane_stride(ip, b), in->attr[1] },
        .m = (size_t)in->dim[0],
        .n = (size_t)in->dim[1],
        .k = (size_t)instr(ip, a)->dim[in->attr[0] ? 0 : 1],
        .lanes = instr(ip, a)->batched || instr(ip, b)->batched ? ip->lanes : 1,
    };
}

static void forward_MATMUL(Interp *ip, int32_t i)
{
    Product p = product_of(ip, i);
    p.out = value(ip, i);
    p.out_stride = lane_stride(ip, i);
    memset(p.out, 0, elements(ip, i) * sizeof *p.out);
    multiply_add(p);
}

/* With A = op(a), B = op(b), Y = A B: dA = G B' and dB = A' G, or transposed as a and b are. */
static void backward_MATMUL(Interp *ip, int32_t i)
{
    const Product y = product_of(ip, i);
    const Factor g = { arrived(ip, i), lane_stride(ip, i), false };
    int32_t a = operand(ip, i, 0), b = operand(ip, i, 1);
    Product da = {
        .a = g, .b = flipped(y.b), .m = y.m, .k = y.n, .n = y.k, .lanes = y.lanes,
        .out = adjoint(ip, a), .out_stride = lane_stride(ip, a),
    };
    if (y.a.transposed) /* da {k, m} = B G' */
        da.a = y.b, da.b = flipped(g), da.m = y.k, da.n = y.m;
    multiply_add(da);
    Product db = {
        .a = flipped(y.a), .b = g, .m = y.k, .k = y.m, .n = y.n, .lanes = y.lanes,
        .out = adjoint(ip, b), .out_stride = lane_stride(ip, b),
    };
    if (y.b.transposed) /* db {n, k} = G' A */
        db.a = flipped(g), db.b = y.a, db.m = y.n, db.n = y.k;
    multiply_add(db);
}
