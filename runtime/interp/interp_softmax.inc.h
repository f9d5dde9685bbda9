/* interp_softmax.inc.h - softmax and log_softmax along one dim, sums in double. */

/* The lines along the dim: line l starts at element (l / inner) * n * inner + l % inner and has n
 * elements, `inner` apart. */
typedef struct Lines {
    size_t count, n, inner;
} Lines;

static Lines lines_of(const Interp *ip, int32_t i)
{
    const tl_instr *in = instr(ip, i);
    Lines l = { .n = (size_t)in->dim[in->attr[0]], .inner = 1 };
    for (int32_t d = in->attr[0] + 1; d < in->rank; d++)
        l.inner *= (size_t)in->dim[d];
    l.count = elements(ip, i) / l.n;
    return l;
}

static size_t line_start(const Lines *l, size_t line)
{
    return line / l->inner * l->n * l->inner + line % l->inner;
}

static REAL line_max(const REAL *x, const Lines *l)
{
    REAL max = x[0];
    for (size_t e = 1; e < l->n; e++)
        if (x[e * l->inner] > max)
            max = x[e * l->inner];
    return max;
}

static double line_sum_exp(const REAL *x, const Lines *l, REAL max)
{
    double sum = 0;
    for (size_t e = 0; e < l->n; e++)
        sum += exp((double)(x[e * l->inner] - max));
    return sum;
}

static void forward_SOFTMAX(Interp *ip, int32_t i)
{
    Lines l = lines_of(ip, i);
    for (size_t line = 0; line < l.count; line++) {
        const REAL *x = value(ip, operand(ip, i, 0)) + line_start(&l, line);
        REAL *y = value(ip, i) + line_start(&l, line), max = line_max(x, &l);
        double sum = line_sum_exp(x, &l, max);
        for (size_t e = 0; e < l.n; e++)
            y[e * l.inner] = (REAL)(exp((double)(x[e * l.inner] - max)) / sum);
    }
}

/* dx = y (g - sum(g y)) */
static void backward_SOFTMAX(Interp *ip, int32_t i)
{
    Lines l = lines_of(ip, i);
    for (size_t line = 0; line < l.count; line++) {
        const REAL *y = value(ip, i) + line_start(&l, line);
        const REAL *g = arrived(ip, i) + line_start(&l, line);
        REAL *dx = adjoint(ip, operand(ip, i, 0)) + line_start(&l, line);
        double dot = 0;
        for (size_t e = 0; e < l.n; e++)
            dot += (double)g[e * l.inner] * y[e * l.inner];
        for (size_t e = 0; e < l.n; e++)
            dx[e * l.inner] += (REAL)(y[e * l.inner] * (g[e * l.inner] - dot));
    }
}

static void forward_LOG_SOFTMAX(Interp *ip, int32_t i)
{
    Lines l = lines_of(ip, i);
    for (size_t line = 0; line < l.count; line++) {
        const REAL *x = value(ip, operand(ip, i, 0)) + line_start(&l, line);
        REAL *y = value(ip, i) + line_start(&l, line), max = line_max(x, &l);
        double log_sum = log(line_sum_exp(x, &l, max));
        for (size_t e = 0; e < l.n; e++)
            y[e * l.inner] = (REAL)((double)(x[e * l.inner] - max) - log_sum);
    }
}

/* dx = g - exp(y) sum(g) */
static void backward_LOG_SOFTMAX(Interp *ip, int32_t i)
{
    Lines l = lines_of(ip, i);
    for (size_t line = 0; line < l.count; line++) {
        const REAL *y = value(ip, i) + line_start(&l, line);
        const REAL *g = arrived(ip, i) + line_start(&l, line);
        REAL *dx = adjoint(ip, operand(ip, i, 0)) + line_start(&l, line);
        double sum = 0;
        for (size_t e = 0; e < l.n; e++)
            sum += g[e * l.inner];
        for (size_t e = 0; e < l.n; e++)
            dx[e * l.inner] += (REAL)(g[e * l.inner] - exp((double)y[e * l.inner]) * sum);
    }
}
