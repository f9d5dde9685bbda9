/* select_product.c - products: one for all lanes where these can be rows of one matrix (b is shared) or part of
 * what is summed (gradients of shared matrices), else one a lane. */
#include "schedule/form.h"
#include "schedule/select_internal.h"
#include "graph/user_error.h"

typedef struct Product {
    Matrix a, b, c;
    Ref ref_a, ref_b;
    Matrix start;   /* what c begins with; rows 0: nothing */
    int64_t lanes;
    bool lanes_add; /* to one c */
    int32_t slots;  /* 1 + the dim of the kernel's nest along which slots stand; 0: none */
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

/* One row for all rows is as many rows in one place. */
static bool stack_start(Matrix *m, int64_t rows, int64_t lanes)
{
    if (m->rows == 0)
        return true;
    if (m->rows == 1 && !m->lane) {
        m->rows = rows * lanes;
        m->row = 0;
        return true;
    }
    return stack_rows(m, lanes);
}

/* What the lanes share has no distance from lane to lane, and does not stack. */
static void merge_lanes(Product *p)
{
    Product one = *p;
    bool merged = false;
    if (p->lanes_add)
        merged = stack_cols(&one.a, p->lanes) && stack_rows(&one.b, p->lanes);
    else if (!p->b.lane)
        merged = stack_rows(&one.a, p->lanes) && stack_rows(&one.c, p->lanes) && one.c.col == 1 &&
                 stack_start(&one.start, p->c.rows, p->lanes);
    if (!merged)
        return;
    one.lanes = 1;
    one.lanes_add = false;
    *p = one;
}

/* The slots of a run as further rows: `step` elements after those of the slot before. */
static bool more_rows(Matrix *m, int64_t step)
{
    if (m->rows == 1)
        m->row = step;
    Matrix two = *m;
    two.rows *= 2;
    return step == m->row * m->rows && walkable(two);
}

static bool more_cols(Matrix *m, int64_t step)
{
    Matrix t = transposed(*m);
    bool more = more_rows(&t, step);
    *m = transposed(t);
    return more;
}

/* One row may begin all. */
static bool more_starts(Matrix *m, int64_t step)
{
    if (m->rows == 1 && !step)
        m->row = 0;
    return (!m->row && !step) || more_rows(m, step);
}

static bool more_lanes(const Matrix *m, int64_t step, int64_t lanes) { return step == m->lane * lanes; }

/* The slots of a run: further rows of a and c, or further terms of what is summed; or further lanes, where each is a
 * product of its own. */
static bool merge_slots(const Selector *s, Product *p, Ref r)
{
    const int64_t c = step_of(s, r), a = step_of(s, p->ref_a), b = step_of(s, p->ref_b);
    if (p->lanes > 1) {
        p->slots = DIM_LANES + 1;
        return more_lanes(&p->c, c, p->lanes) && more_lanes(&p->a, a, p->lanes) && more_lanes(&p->b, b, p->lanes) &&
               (!p->start.rows || more_lanes(&p->start, step_of(s, arg_at(s->g, r, 2)), p->lanes));
    }
    p->slots = (c ? DIM_M : DIM_K) + 1;
    if (c)
        return !b && more_rows(&p->a, a) && more_rows(&p->c, c) && (p->c.cols == 1 || p->c.col == 1) &&
               (!p->start.rows || more_starts(&p->start, step_of(s, arg_at(s->g, r, 2))));
    return more_cols(&p->a, a) && more_rows(&p->b, b);
}

/* C = A B, Cᵀ = Bᵀ Aᵀ */
static void turn(Product *p)
{
    const Matrix a = transposed(p->b), b = transposed(p->a);
    const Ref ref = p->ref_a;
    p->a = a;
    p->b = b;
    p->ref_a = p->ref_b;
    p->ref_b = ref;
    p->c = transposed(p->c);
}

/* A result whose columns stand as rows do is the transposed of a product. */
static void write_by_rows(Product *p)
{
    if (p->c.cols == 1 || p->c.col == 1)
        return;
    assume(!p->start.rows, "a gradient of a parameter begins with nothing"); /* it would have to stand by columns too */
    turn(p);
}

/* A column, of one slot: as a row its dots are several at a time, along the rows of a as they stand. */
static void write_column_as_row(Product *p)
{
    const bool column = p->lanes == 1 && p->c.cols == 1 && p->c.rows > 1 && p->c.row == 1;
    if (column && p->a.col == 1 && p->a.cols > 2 && p->b.row == 1 && !p->start.rows)
        turn(p);
}

static Product product(const Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    Ref a = arg_at(s->g, r, 0), b = arg_at(s->g, r, 1);
    bool batched = node_at(s->g, a)->batched || node_at(s->g, b)->batched;
    Product p = { .a = matrix(s, a), .b = matrix(s, b), .c = matrix(s, r), .ref_a = a, .ref_b = b,
                  .lanes = lanes_of(s, batched) };
    p.lanes_add = p.lanes > 1 && n->attr[2];
    if (n->nargs == 3)
        p.start = matrix(s, arg_at(s->g, r, 2));
    if (p.start.rows == 1) /* also of several rows: all begin with it */
        p.start.row = p.c.rows == 1 ? p.start.row : 0;
    if (n->attr[0])
        p.a = transposed(p.a);
    if (n->attr[1])
        p.b = transposed(p.b);
    if (p.lanes > 1)
        merge_lanes(&p);
    write_by_rows(&p);
    if (!s->all)
        write_column_as_row(&p);
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

/* ---- form ---- */

/* A line of one element stands next to itself. */
static bool along_rows(const Matrix *m) { return m->cols == 1 || m->col == 1; }
static bool along_cols(const Matrix *m) { return m->rows == 1 || m->row == 1; }

static int64_t slots_of_unit(const Selector *s, Ref r)
{
    const Unit *unit = &s->units->unit[s->units->of[r]];
    return s->all ? unit->high - unit->low + 1 : 1;
}

/* In a segment that runs slot by slot, or that calls for each. */
static int64_t calls_of(const Selector *s, Ref r)
{
    SegmentKind kind = s->runs->segments->segment[s->runs->segments->of[r]].kind;
    return kind == SEGMENT_ONCE || s->all ? 1 : s->g->k;
}

static ProductSizes sizes_of(const Selector *s, Ref r, const Product *p, const Matrix *a, const Matrix *b)
{
    const Nest *n = &s->kernel.nest;
    int64_t slots = slots_of_unit(s, r);
    ProductSizes z = { .rows = n->extent[DIM_M] * (dim_of_slots(n, DIM_M) ? slots : 1), .columns = n->extent[DIM_N],
                       .depth = n->extent[DIM_K] * (dim_of_slots(n, DIM_K) ? slots : 1), .calls = calls_of(s, r),
                       .rows_vary = dim_of_slots(n, DIM_M), .gradient = !along_rows(a), .transposed = !along_rows(b),
                       .begins = p->start.rows > 0 };
    z.calls *= n->extent[DIM_LANES];
    z.constant = layout_of(s, p->ref_b)->block == BLOCK_PARAMS && s->window->training;
    return z;
}

/* Matrices that the templates can walk. */
static bool has_form(const Kernel *k, const Matrix *a, const Matrix *b, const Matrix *c)
{
    if (product_adds_lanes(k) || !along_rows(c))
        return false;
    if (!along_rows(a))
        return along_cols(a) && along_rows(b);
    return along_rows(b) || along_cols(b);
}

static bool same_pack(const Pack *a, const Pack *b)
{
    return a->from.offset == b->from.offset && a->transposed == b->transposed && a->columns == b->columns &&
           a->depth == b->depth && a->row == b->row && a->vectors == b->vectors;
}

static const Pack *find_pack(Selected *all, Pack want)
{
    for (uint32_t i = 0; i < all->npacks; i++)
        if (same_pack(&all->pack[i], &want))
            return &all->pack[i];
    all->pack = grown(all->pack, all->npacks, &all->packs_capacity, sizeof *all->pack);
    want.at = all->packed;
    all->packed += (want.size + 15) / 16 * 16;
    all->pack[all->npacks] = want;
    return &all->pack[all->npacks++];
}

/* The product reads b from panels. */
static void use_pack(Selector *s, const ProductSizes *z, const Matrix *b)
{
    Place *place = &s->place[s->kernel.access[2].argument];
    const Pack *pack = find_pack(s->selected, (Pack){ .from = *place, .transposed = z->transposed, .columns = z->columns,
                                                      .depth = z->depth, .row = z->transposed ? b->col : b->row,
                                                      .vectors = s->kernel.form.vectors,
                                                      .size = packed_size(s->target, s->real, z) });
    *place = (Place){ .block = BLOCK_PACKED, .offset = pack->at };
    s->kernel.access[2].stride[DIM_K] = z->columns; /* however b stands: equal kernels are one */
    s->kernel.access[2].stride[DIM_N] = 1;
}

static void use_scratch(Selector *s, const ProductSizes *z)
{
    int64_t size = scratch_size(s->target, s->real, z, &s->kernel.form);
    if (size > s->selected->scratch)
        s->selected->scratch = size;
    uint32_t argument = s->kernel.narguments;
    s->place = grown(s->place, argument, &s->place_capacity, sizeof *s->place);
    s->place[s->kernel.narguments++] = (Place){ .block = BLOCK_SCRATCH };
    s->kernel.access = grown(s->kernel.access, s->kernel.naccesses, &s->access_capacity, sizeof *s->kernel.access);
    s->kernel.access[s->kernel.naccesses++] = (Access){ .argument = argument, .written = true };
}

static void select_form(Selector *s, Ref r, const Product *p)
{
    Kernel *k = &s->kernel;
    const Matrix c = product_matrix(k, 0), a = product_matrix(k, 1), b = product_matrix(k, 2);
    k->form.kind = s->alone ? FORM_LOOPS : FORM_BLAS;
    if (!s->target || !has_form(k, &a, &b, &c) || k->access[1].argument == k->access[2].argument)
        return;
    ProductSizes z = sizes_of(s, r, p, &a, &b);
    k->form = choose_form(s->target, s->real, &z);
    if (k->form.kind == FORM_PACKED)
        use_pack(s, &z, &b);
    if (form_has_scratch(&k->form))
        use_scratch(s, &z);
}

bool select_product(Selector *s, Ref r)
{
    Product p = product(s, r);
    if (s->all && !merge_slots(s, &p, r))
        return false;
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_PRODUCT, OP_MATMUL);
    k->nest = (Nest){ 4, { p.lanes, p.c.rows, p.c.cols, p.a.cols }, p.slots };
    walk(access_value(s, r, true), &p.c, DIM_M, DIM_N);
    walk(access_value(s, p.ref_a, false), &p.a, DIM_M, DIM_K);
    walk(access_value(s, p.ref_b, false), &p.b, DIM_K, DIM_N);
    if (p.start.rows)
        walk(access_value(s, arg_at(s->g, r, 2), false), &p.start, DIM_M, DIM_N);
    nest_still(&k->nest, k->access, k->naccesses);
    select_form(s, r, &p);
    return true;
}
