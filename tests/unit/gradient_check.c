#include "gradient_check.h"

#include <math.h>

enum { F32, F64 };
static const double h = 1e-6;

double random_between(tl_random *r, double lo, double hi)
{
    return (float)(lo + (hi - lo) * tl_uniform(r));
}

double norm_of_difference(size_t n, const double *a, const double *b)
{
    double sum = 0;
    for (size_t e = 0; e < n; e++)
        if (!isnan(a[e]))
            sum += (a[e] - b[e]) * (a[e] - b[e]);
    return sqrt(sum);
}

double norm(size_t n, const double *a)
{
    static const double zero[MAX_ELEMENTS];
    return norm_of_difference(n, a, zero);
}

/* The derivative of the weighted loss along `v`, laid over the `n` numbers at `x` within `d`. */
static double difference(Builder *b, const WindowData *d, double *x, const double *v, size_t n)
{
    static WindowResult r;
    double side[2];
    for (int s = 0; s < 2; s++) {
        for (size_t e = 0; e < n; e++)
            x[e] += (s ? -h : h) * v[e];
        run_window(b, TL_F64, d, &r);
        side[s] = weighted_loss(b, d, &r);
        for (size_t e = 0; e < n; e++)
            x[e] -= (s ? -h : h) * v[e];
    }
    return (side[0] - side[1]) / (2 * h);
}

static void random_direction(size_t n, double *v, uint64_t seed)
{
    tl_random random = { .key = seed };
    for (size_t e = 0; e < n; e++)
        v[e] = tl_normal(&random);
}

static double relative_error(double slope, const double *g, const double *v, size_t n)
{
    double dot = 0;
    for (size_t e = 0; e < n; e++)
        dot += isnan(g[e]) ? 0 : g[e] * v[e];
    return fabs(slope - dot) / (norm(n, g) * norm(n, v));
}

double difference_error(Builder *b, const WindowData *data, uint64_t seed)
{
    static WindowData d;
    static WindowResult r;
    double v[MAX_ELEMENTS];
    size_t n = b->model.param_size;
    d = *data;
    random_direction(n, v, seed);
    run_window(b, TL_F64, &d, &r);
    return relative_error(difference(b, &d, d.params, v, n), r.grads, v, n);
}

double probe_difference_error(Builder *b, const WindowData *data, int32_t probe, int32_t input,
                              uint64_t seed)
{
    static WindowData d;
    static WindowResult r;
    double v[MAX_ELEMENTS];
    const tl_tensor *p = &b->model.probes[probe];
    size_t n = slot_elements(b, p) * (size_t)b->model.tbptt.k2;
    d = *data;
    random_direction(n, v, seed);
    run_window(b, TL_F64, &d, &r);
    return relative_error(difference(b, &d, d.input[input], v, n), r.probe_grads + p->offset, v, n);
}

static double larger(double error, size_t n, const double *f64, const double *f32)
{
    double size = norm(n, f64), e = size > 0 ? norm_of_difference(n, f64, f32) / size : 0;
    return e > error || isnan(e) ? e : error;
}

double precision_error(Builder *b, const WindowData *d)
{
    static WindowResult r[2];
    const tl_model *m = &b->model;
    run_window(b, TL_F32, d, &r[F32]);
    run_window(b, TL_F64, d, &r[F64]);
    double e = larger(0, m->param_size, r[F64].grads, r[F32].grads);
    e = larger(e, m->state_size, r[F64].states, r[F32].states);
    e = larger(e, m->probe_size, r[F64].probes, r[F32].probes);
    e = larger(e, m->probe_size, r[F64].probe_grads, r[F32].probe_grads);
    size_t losses = (size_t)m->tbptt.k2 * (size_t)m->tbptt.batch;
    return larger(e, losses, r[F64].losses, r[F32].losses);
}
