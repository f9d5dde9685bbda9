/* interp_shape.inc.h - operations that only move elements: forward copies, backward adds back. */

/* The same elements in the same order. */
static void forward_same(Interp *ip, int32_t i)
{
    memcpy(value(ip, i), value(ip, operand(ip, i, 0)), elements(ip, i) * sizeof(REAL));
}

static void backward_same(Interp *ip, int32_t i)
{
    add_to(adjoint(ip, operand(ip, i, 0)), arrived(ip, i), elements(ip, i));
}

static void forward_RESHAPE(Interp *ip, int32_t i) { forward_same(ip, i); }
static void backward_RESHAPE(Interp *ip, int32_t i) { backward_same(ip, i); }

static void forward_STOP(Interp *ip, int32_t i) { forward_same(ip, i); }
NO_GRADIENT(STOP)

/* A move pairs an element of the result (operand 0 of the walk) with one of the instruction's
 * operand (1). */
static void move_forward(tl_walk *w, REAL *y, const REAL *a)
{
    size_t sy = w->stride[0][TL_WALK_LAST], sa = w->stride[1][TL_WALK_LAST];
    do
        for (size_t e = 0; e < w->extent[TL_WALK_LAST]; e++)
            y[w->offset[0] + e * sy] = a[w->offset[1] + e * sa];
    while (tl_walk_next(w));
}

static void move_backward(tl_walk *w, const REAL *g, REAL *da)
{
    size_t sg = w->stride[0][TL_WALK_LAST], sa = w->stride[1][TL_WALK_LAST];
    do
        for (size_t e = 0; e < w->extent[TL_WALK_LAST]; e++)
            da[w->offset[1] + e * sa] += g[w->offset[0] + e * sg];
    while (tl_walk_next(w));
}

static tl_walk transpose_walk(const Interp *ip, int32_t i)
{
    tl_walk w;
    tl_walk_over(&w, instr(ip, i), lanes_of(ip, i));
    tl_walk_operand(&w, 0, instr(ip, i));
    tl_walk_operand(&w, 1, instr(ip, operand(ip, i, 0)));
    size_t *stride = w.stride[1], last = stride[TL_WALK_LAST];
    stride[TL_WALK_LAST] = stride[TL_WALK_LAST - 1];
    stride[TL_WALK_LAST - 1] = last;
    return w;
}

static void forward_TRANSPOSE(Interp *ip, int32_t i)
{
    tl_walk w = transpose_walk(ip, i);
    move_forward(&w, value(ip, i), value(ip, operand(ip, i, 0)));
}

static void backward_TRANSPOSE(Interp *ip, int32_t i)
{
    tl_walk w = transpose_walk(ip, i);
    move_backward(&w, arrived(ip, i), adjoint(ip, operand(ip, i, 0)));
}

static tl_walk slice_walk(const Interp *ip, int32_t i)
{
    const tl_instr *in = instr(ip, i), *whole = instr(ip, operand(ip, i, 0));
    tl_walk w;
    tl_walk_over(&w, in, lanes_of(ip, i));
    tl_walk_operand(&w, 0, in);
    tl_walk_operand(&w, 1, whole);
    w.offset[1] = (size_t)in->attr[1] * w.stride[1][tl_walk_axis(whole, in->attr[0])];
    return w;
}

static void forward_SLICE(Interp *ip, int32_t i)
{
    tl_walk w = slice_walk(ip, i);
    move_forward(&w, value(ip, i), value(ip, operand(ip, i, 0)));
}

static void backward_SLICE(Interp *ip, int32_t i)
{
    tl_walk w = slice_walk(ip, i);
    move_backward(&w, arrived(ip, i), adjoint(ip, operand(ip, i, 0)));
}

static void forward_EXPAND(Interp *ip, int32_t i)
{
    tl_walk w;
    tl_walk_over(&w, instr(ip, i), lanes_of(ip, i));
    tl_walk_operand(&w, 0, instr(ip, i));
    tl_walk_operand(&w, 1, instr(ip, operand(ip, i, 0)));
    move_forward(&w, value(ip, i), value(ip, operand(ip, i, 0)));
}

static void backward_EXPAND(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    sum_into(adjoint(ip, a), instr(ip, a), arrived(ip, i), instr(ip, i), lanes_of(ip, i));
}

/* Operand k of a concatenation, whose first index along the dim is `start`. A shared operand is
 * repeated in every lane of the result. */
static tl_walk part_walk(const Interp *ip, int32_t i, const tl_instr *part, int32_t start)
{
    const tl_instr *in = instr(ip, i);
    tl_walk w;
    tl_walk_over(&w, part, lanes_of(ip, i));
    tl_walk_operand(&w, 0, in);
    tl_walk_operand(&w, 1, part);
    w.offset[0] = (size_t)start * w.stride[0][tl_walk_axis(in, in->attr[0])];
    return w;
}

static void forward_CONCAT(Interp *ip, int32_t i)
{
    int32_t start = 0, dim = instr(ip, i)->attr[0];
    for (int32_t k = 0; k < instr(ip, i)->nargs; k++) {
        int32_t a = operand(ip, i, k);
        tl_walk w = part_walk(ip, i, instr(ip, a), start);
        move_forward(&w, value(ip, i), value(ip, a));
        start += instr(ip, a)->dim[dim];
    }
}

static void backward_CONCAT(Interp *ip, int32_t i)
{
    int32_t start = 0, dim = instr(ip, i)->attr[0];
    for (int32_t k = 0; k < instr(ip, i)->nargs; k++) {
        int32_t a = operand(ip, i, k);
        tl_walk w = part_walk(ip, i, instr(ip, a), start);
        move_backward(&w, arrived(ip, i), adjoint(ip, a));
        start += instr(ip, a)->dim[dim];
    }
}
