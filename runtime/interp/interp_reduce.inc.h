/* interp_reduce.inc.h - sums over broadcast axes, and the operation `sum`.
 *
 * The adjoint of broadcasting is this sum, so pointwise operations and `expand` use it going
 * backward. It is accumulated in double: a float sum over a long axis would cost the reference the
 * digits that generated code is held to. */

static double sum_over(tl_walk *w, const REAL *from) /* operand 1 of the walk */
{
    double sum = 0;
    size_t n = w->extent[TL_WALK_LAST], stride = w->stride[1][TL_WALK_LAST];
    do
        for (size_t e = 0; e < n; e++)
            sum += from[w->offset[1] + e * stride];
    while (tl_walk_next(w));
    return sum;
}

/* Adds `from`, of shape `wide` for so many lanes, to `to`, of a shape that broadcasts to it. */
static void sum_into(REAL *to, const tl_instr *narrow, const REAL *from, const tl_instr *wide,
                     size_t lanes)
{
    tl_walk kept;
    tl_walk_over(&kept, wide, lanes);
    tl_walk_operand(&kept, 0, narrow);
    tl_walk_operand(&kept, 1, wide);
    tl_walk summed = tl_walk_split(&kept, 0);
    size_t n = kept.extent[TL_WALK_LAST];
    size_t to_stride = kept.stride[0][TL_WALK_LAST], from_stride = kept.stride[1][TL_WALK_LAST];
    do
        for (size_t e = 0; e < n; e++)
            to[kept.offset[0] + e * to_stride]
                += (REAL)sum_over(&summed, from + kept.offset[1] + e * from_stride);
    while (tl_walk_next(&kept));
}

static void forward_SUM(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    memset(value(ip, i), 0, elements(ip, i) * sizeof(REAL));
    sum_into(value(ip, i), instr(ip, i), value(ip, a), instr(ip, a), lanes_of(ip, a));
}

static void backward_SUM(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    const REAL *g = arrived(ip, i);
    REAL *da = adjoint(ip, a);
    tl_walk w;
    tl_walk_over(&w, instr(ip, a), lanes_of(ip, a));
    tl_walk_operand(&w, 0, instr(ip, a));
    tl_walk_operand(&w, 1, instr(ip, i));
    do
        for (size_t e = 0; e < w.extent[TL_WALK_LAST]; e++)
            da[w.offset[0] + e * w.stride[0][TL_WALK_LAST]]
                += g[w.offset[1] + e * w.stride[1][TL_WALK_LAST]];
    while (tl_walk_next(&w));
}
