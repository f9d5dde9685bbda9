/* The extended Kalman filter against its equations, written out with whole matrices. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/blas.h>
#include <tapeless/gauss_newton.h>
#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/real.h>
#include <tapeless/training.h>

#include "cli/engine.h"
#include "model_passes.h"
#include "passes/learn.h"
#include "random_series.h"

enum { MOST = 40, STEPS = 40 }; /* parameters, at most */

/* Two units, two outputs; nodes are {W row, U row, b}, {V row, c}. */
static const char net[] =
    "return model {\n"
    "  input = real(2), target = real(2),\n"
    "  params = { W = { 3, 2 }, U = { 3, 3 }, b = { 3 }, V = param({ 2, 3 }, normal(0.5)), c = { 2 },\n"
    "             fixed = param({ 2 }, 0.3, { trainable = false }) },\n"
    "  state = { h = { 3 } },\n"
    "  step = function(p, x, s)\n"
    "    local h = tanh(p.W(x) + p.U(s.h) + p.b)\n"
    "    return p.V(h) + p.c * p.fixed, { h = h }\n"
    "  end,\n"
    "  loss = mse,\n"
    "  tbptt = { k1 = %d, k2 = %d, batch = 2, learn = '%s', resets = true, masks = true },\n"
    "  train = { optimizer = ekf { p = 0.5, q = 1e-4, r = 0.3, forgetting = %g, decoupled = %s } },\n"
    "}\n";

typedef struct Case {
    int k1, k2;
    const char *learn, *decoupled;
    double forgetting;
} Case;

typedef struct Filter {
    Model *m;
    Engine *engine;
    random_series r;
    tl_training t;
} Filter;

/* Losses of several weights, and of none; a lane that starts anew, and one that is padding. */
static void weigh(random_series *r, tl_type real)
{
    size_t bytes = 2 * STEPS * tl_real_size(real);
    r->x.weight = tl_aligned(bytes);
    r->x.mask = tl_aligned(bytes);
    r->x.reset = tl_aligned(bytes);
    assert_true(r->x.weight && r->x.mask && r->x.reset);
    for (size_t i = 0; i < 2 * STEPS; i++) {
        tl_real_set(real, r->x.weight, i, i % 5 == 3 ? 0 : 0.5 + (double)(i % 3));
        tl_real_set(real, r->x.mask, i, i % 7 != 4);
        tl_real_set(real, r->x.reset, i, i % 11 == 5);
    }
}

static void begin(Filter *f, const Case *c, tl_type real)
{
    char text[2048], *error = NULL;
    tl_error e;
    snprintf(text, sizeof text, net, c->k1, c->k2, c->learn, c->forgetting, c->decoupled);
    f->m = load_text(text);
    if ((error = prepare_learning(f->m, TL_EKF)) || !(f->engine = engine_interpreter(f->m, real, &error)))
        fail_msg("%s", error);
    random_series_new(&f->r, f->engine->model, STEPS, 7);
    weigh(&f->r, real);
    if (tl_training_new(&f->t, &f->engine->run, &f->r.s, &f->engine->model->train, &e) ||
        tl_init_params(f->engine->model, f->t.buffers.params, 3, &e))
        fail_msg("%s", e.text);
    tl_training_start(&f->t);
}

static void end(Filter *f)
{
    tl_training_free(&f->t);
    random_series_free(&f->r);
    engine_free(f->engine);
    model_free(f->m);
}

/* ---- whole matrices ---- */

typedef double Square[MOST][MOST];

static int linked[MOST][MOST]; /* the elements of P that are stored: of one block */

/* In packed order, from what is stored. */
static void whole(const tl_ekf *f, Square p)
{
    const double *from = f->p;
    memset(p, 0, sizeof(Square));
    memset(linked, 0, sizeof linked);
    for (size_t b = 0; b < f->blocks; b++) {
        size_t at = (size_t)f->first[b], n = (size_t)f->first[b + 1] - at;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++, from++) {
                size_t row = f->order ? (size_t)f->order[at + i] : at + i, col = f->order ? (size_t)f->order[at + j] : at + j;
                p[row][col] = p[col][row] = *from;
                linked[row][col] = linked[col][row] = 1;
            }
    }
}

/* (I - k h') P (I - k h')' + r k k'. */
static void joseph(Square p, size_t n, const double *k, const double *h, double r)
{
    static Square product;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            product[i][j] = p[i][j];
            for (size_t l = 0; l < n; l++)
                product[i][j] -= k[i] * h[l] * p[l][j];
        }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            p[i][j] = product[i][j] + r * k[i] * k[j];
            for (size_t l = 0; l < n; l++)
                p[i][j] -= product[i][l] * h[l] * k[j];
        }
}

/* One residual; `moved` so far. Of several blocks the innovation's variance is that of all. */
static void measure(Square p, size_t n, const double *h, double residual, double r, double *moved, int decoupled)
{
    double a[MOST], k[MOST], s = r, off = residual;
    for (size_t i = 0; i < n; i++) {
        a[i] = 0;
        for (size_t j = 0; j < n; j++)
            a[i] += p[i][j] * h[j];
        s += h[i] * a[i];
        off += h[i] * moved[i];
    }
    for (size_t i = 0; i < n; i++) {
        k[i] = a[i] / s;
        moved[i] -= k[i] * off;
    }
    if (!decoupled)
        joseph(p, n, k, h, r);
    for (size_t i = 0; i < n && decoupled; i++) /* Puskorius & Feldkamp: P - k h' P, block by block */
        for (size_t j = 0; j < n; j++)
            p[i][j] -= linked[i][j] ? k[i] * a[j] : 0;
}

static void predict(Square p, size_t n, const tl_optimizer_spec *s)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            p[i][j] /= s->forgetting;
        p[i][i] += s->q;
    }
}

/* What the last update's window left, taken in by hand. */
static void by_hand(const Filter *f, Square p, double *moved)
{
    const tl_model *m = f->engine->model;
    const tl_buffers *b = &f->t.buffers;
    size_t n = f->t.optimizer.ekf.n, first = (size_t)m->tbptt.k2 - (size_t)f->t.fresh;
    double row[MOST];
    predict(p, n, &f->t.spec.optimizer);
    memset(moved, 0, MOST * sizeof *moved);
    for (size_t t = first; t < (size_t)m->tbptt.k2; t++)
        for (size_t lane = 0; lane < 2; lane++) {
            double w = tl_real_get(m->real, b->mask, t * 2 + lane) * tl_real_get(m->real, b->counts, t * 2 + lane);
            for (size_t i = 0; w != 0 && i < 2; i++) {
                tl_residual_row(m, b, t, lane, i, 1, row);
                measure(p, n, row, tl_residual_at(m, b, t, lane, i), f->t.spec.optimizer.r / w, moved,
                        f->t.spec.optimizer.decoupled);
            }
        }
}

static double packed_param(const tl_model *m, const void *params, size_t at)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        size_t n = tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0;
        if (at < n)
            return tl_real_get(m->real, params, tl_param_at(&m->params[i], at));
        at -= n;
    }
    return NAN;
}

static void is_as_defined(const Case *c)
{
    static Square p, now;
    double moved[MOST], before[MOST];
    Filter f;
    tl_error e;
    begin(&f, c, TL_F64);
    const tl_model *m = f.engine->model;
    const size_t n = f.t.optimizer.ekf.n;
    assert_int_equal(n, 6 + 9 + 3 + 6 + 2);
    assert_int_equal(f.t.optimizer.ekf.blocks, strcmp(c->decoupled, "true") ? 1 : 3 + 2);
    for (int update = 0; update < 12; update++) {
        whole(&f.t.optimizer.ekf, p);
        for (size_t i = 0; i < n; i++)
            before[i] = packed_param(m, f.t.buffers.params, i);
        if (tl_training_update(&f.t, &e))
            fail_msg("%s", e.text);
        by_hand(&f, p, moved);
        whole(&f.t.optimizer.ekf, now);
        for (size_t i = 0; i < n; i++) {
            assert_true(fabs(packed_param(m, f.t.buffers.params, i) - before[i] - moved[i]) < 1e-13);
            for (size_t j = 0; j < n; j++)
                assert_true(fabs(now[i][j] - p[i][j]) < 1e-13);
        }
    }
    assert_true(f.t.norm > 0);
    end(&f);
}

static void an_update_is_that_of_its_equations(void **state)
{
    (void)state;
    is_as_defined(&(Case){ 1, 1, "rtrl", "false", 1 });
    is_as_defined(&(Case){ 3, 3, "rtrl", "false", 0.98 });
    is_as_defined(&(Case){ 1, 4, "tbptt", "false", 1 });
    is_as_defined(&(Case){ 1, 1, "rtrl", "true", 1 });
    is_as_defined(&(Case){ 2, 5, "tbptt", "true", 0.9 });
    is_as_defined(&(Case){ 1, 1, "snap1", "false", 1 });
}

/* ---- truncation: a window's rows are those of the state that entered it held constant ---- */

/* The row of `to`'s newest step, in packed order. */
static void newest_row(const Filter *f, double *row)
{
    tl_residual_row(f->engine->model, &f->t.buffers, (size_t)f->engine->model->tbptt.k2 - 1, 0, 0, 1, row);
}

static void truncated_rows_forget_what_came_before(void **state)
{
    (void)state;
    double row[3][MOST];
    static const Case cases[] = { { 1, 1, "rtrl", "false", 1 }, { 1, 20, "tbptt", "false", 1 }, { 1, 1, "tbptt", "false", 1 } };
    for (int i = 0; i < 3; i++) {
        Filter f;
        tl_error e;
        begin(&f, &cases[i], TL_F64);
        f.t.still = 1; /* so that all of them see the same parameters */
        for (int update = 0; update < 11; update++) /* the newest step is none of padding, which has no rows */
            if (tl_training_update(&f.t, &e))
                fail_msg("%s", e.text);
        newest_row(&f, row[i]);
        end(&f);
    }
    double near = 0, far = 0;
    for (int k = 0; k < 26; k++) {
        near += fabs(row[0][k] - row[1][k]);
        far += fabs(row[0][k] - row[2][k]);
    }
    assert_true(near < 1e-13);
    assert_true(far > 1e-4);
}

/* ---- many updates ---- */

/* The smallest variance of any direction is above 0: Cholesky's says so. */
static int is_positive(const tl_ekf *f)
{
    static Square p;
    static double packed[MOST * MOST];
    int n = (int)f->n, info;
    whole(f, p);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            packed[i * n + j] = p[i][j];
    tl_dpotrf("U", &n, packed, &n, &info);
    return info == 0;
}

static void it_stays_positive_for_long(void **state)
{
    (void)state;
    static const char *const decoupled[] = { "false", "true" };
    for (int kind = 0; kind < 4; kind++) {
        Filter f;
        tl_error e;
        begin(&f, &(Case){ 1, 1, "rtrl", decoupled[kind & 1], kind < 2 ? 1 : 0.999 }, kind & 1 ? TL_F32 : TL_F64);
        f.t.spec.optimizer.q = kind < 2 ? 0 : 1e-8;
        for (int update = 0; update < 4000; update++) {
            if (tl_training_update(&f.t, &e))
                fail_msg("%s", e.text);
            if (update % 500 == 499)
                assert_true(is_positive(&f.t.optimizer.ekf));
        }
        end(&f);
    }
}

/* ---- a stream ---- */

static void a_stream_is_filtered_as_a_file_is(void **state)
{
    (void)state;
    Filter f;
    tl_online o;
    tl_error e;
    begin(&f, &(Case){ 2, 2, "rtrl", "false", 1 }, TL_F64);
    const tl_model *m = f.engine->model;
    void *memory = tl_aligned(tl_online_size(m));
    const double *input = f.r.x.input[0], *target = f.r.x.target[0], *reset = f.r.x.reset, *mask = f.r.x.mask,
                 *weight = f.r.x.weight;
    if (tl_online_begin(&o, &f.engine->run, memory, &e) || tl_init_params(m, o.buffers.params, 3, &e))
        fail_msg("%s", e.text);
    tl_online_start(&o);
    for (size_t t = 0; t < STEPS; t++) {
        const void *in[] = { input + t * 4 }, *to[] = { target + t * 4 };
        const tl_sample x = { .input = in, .target = to, .reset = reset ? reset + t * 2 : NULL,
                              .mask = mask ? mask + t * 2 : NULL, .weight = weight ? weight + t * 2 : NULL };
        int made = tl_online_push_sample(&o, &x, &e);
        if (made < 0)
            fail_msg("%s", e.text);
        if (t % 2 == 0)
            continue;
        if (tl_training_update(&f.t, &e))
            fail_msg("%s", e.text);
        assert_memory_equal(o.buffers.params, f.t.buffers.params, m->param_size * sizeof(double));
        assert_memory_equal(o.optimizer.ekf.p, f.t.optimizer.ekf.p, f.t.optimizer.ekf.size * sizeof(double));
    }
    free(memory);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_is_that_of_its_equations),
        cmocka_unit_test(truncated_rows_forget_what_came_before),
        cmocka_unit_test(it_stays_positive_for_long),
        cmocka_unit_test(a_stream_is_filtered_as_a_file_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
