/* interp_patches.inc.h - a window that slides over an image {C, H, W}: its columns, and pooling.
 * Elements are found from the result's side, one at a time. */

/* Element (u, v) of the window at place (i, j) of a channel, as an index into the image; -1 where
 * that is padding. */
static ptrdiff_t pixel(const tl_instr *in, const tl_instr *image, size_t channel, size_t i,
                       size_t j, size_t u, size_t v)
{
    ptrdiff_t high = image->dim[1], wide = image->dim[2];
    ptrdiff_t row = (ptrdiff_t)(i * (size_t)in->attr[2] + u) - in->attr[4];
    ptrdiff_t col = (ptrdiff_t)(j * (size_t)in->attr[3] + v) - in->attr[5];
    bool inside = row >= 0 && row < high && col >= 0 && col < wide;
    return inside ? ((ptrdiff_t)channel * high + row) * wide + col : -1;
}

/* Where element e of the columns {C KH KW, OH OW} comes from. */
static ptrdiff_t column_source(const tl_instr *in, const tl_instr *image, size_t e)
{
    size_t places = (size_t)in->dim[1], place = e % places, row = e / places;
    size_t kh = (size_t)in->attr[0], kw = (size_t)in->attr[1];
    size_t wide = (size_t)tl_patch_places(image->dim[2], in->attr[1], in->attr[3], in->attr[5]);
    return pixel(in, image, row / (kh * kw), place / wide, place % wide, row / kw % kh, row % kw);
}

static void forward_PATCHES(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    const REAL *x = value(ip, a);
    for (size_t e = 0; e < ip->size[i]; e++) {
        ptrdiff_t from = column_source(instr(ip, i), instr(ip, a), e);
        for (size_t b = 0; b < lanes_of(ip, i); b++)
            value(ip, i)[b * ip->size[i] + e] = from < 0 ? 0 : x[b * ip->size[a] + (size_t)from];
    }
}

static void backward_PATCHES(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    REAL *da = adjoint(ip, a);
    for (size_t e = 0; e < ip->size[i]; e++) {
        ptrdiff_t from = column_source(instr(ip, i), instr(ip, a), e);
        for (size_t b = 0; from >= 0 && b < lanes_of(ip, i); b++)
            da[b * ip->size[a] + (size_t)from] += arrived(ip, i)[b * ip->size[i] + e];
    }
}

/* Which element of x is the largest in the window of element e of the result: the first of several;
 * the last NaN if there is one. */
static size_t largest(const tl_instr *in, const tl_instr *image, const REAL *x, size_t e)
{
    size_t wide = (size_t)in->dim[2], high = (size_t)in->dim[1];
    ptrdiff_t best = -1;
    for (size_t k = 0; k < (size_t)in->attr[0] * (size_t)in->attr[1]; k++) {
        ptrdiff_t at = pixel(in, image, e / wide / high, e / wide % high, e % wide,
                             k / (size_t)in->attr[1], k % (size_t)in->attr[1]);
        if (at >= 0 && (best < 0 || x[at] > x[best] || isnan(x[at])))
            best = at;
    }
    return (size_t)best;
}

static void forward_MAX_POOL(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    for (size_t b = 0; b < lanes_of(ip, i); b++) {
        const REAL *x = value(ip, a) + b * ip->size[a];
        for (size_t e = 0; e < ip->size[i]; e++)
            value(ip, i)[b * ip->size[i] + e] = x[largest(instr(ip, i), instr(ip, a), x, e)];
    }
}

static void backward_MAX_POOL(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    REAL *da = adjoint(ip, a);
    for (size_t b = 0; b < lanes_of(ip, i); b++) {
        const REAL *x = value(ip, a) + b * ip->size[a];
        for (size_t e = 0; e < ip->size[i]; e++)
            da[b * ip->size[a] + largest(instr(ip, i), instr(ip, a), x, e)]
                += arrived(ip, i)[b * ip->size[i] + e];
    }
}
