/* Levenberg-Marquardt: its equations are made of the truncated Jacobian; on residuals written by hand it ends where they are
 * least, takes back what is too far, and refuses what does not fit. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include <tapeless/generated.h>
#include <tapeless/objective.h>
#include <tapeless/param.h>
#include <tapeless/safetensors.h>
#include "cli/jacobian.h"
#include "learning.h"
#include "model_passes.h"
#include "passes/jacobian_model.h"
#include "scratch.h"

/* ---- the equations ---- */

static void write_stream(const Learning *l, const char *path)
{
    tl_error e;
    const tl_model *m = l->engine->model;
    const int64_t lanes = (int64_t)l->r.x.lanes;
    int64_t dim[2 + TL_MAX_RANK] = { STREAM, lanes };
    tl_st_writer *w = tl_st_writer_new();
    for (int32_t k = 0; k < m->inputs[0].rank; k++)
        dim[2 + k] = m->inputs[0].dim[k];
    tl_st_add(w, "input", TL_DT_F64, dim, 2 + m->inputs[0].rank, l->r.x.input[0]);
    if (l->r.x.mask) {
        tl_st_add(w, "mask", TL_DT_F64, dim, 2, l->r.x.mask);
        tl_st_add(w, "reset", TL_DT_F64, dim, 2, l->r.x.reset);
    }
    if (tl_st_write(w, path, &e))
        fail_msg("%s", e.text);
    tl_st_writer_free(w);
}

static size_t columns_of(const tl_model *m, size_t *offset)
{
    size_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        offset[i] = n;
        n += tl_size(&m->params[i]);
    }
    return n;
}

/* J'J {n, n} and J'r {n} over all rows, of y - target. */
static void add_up(const Jacobian *j, const tl_model *m, const double *target, double *square, double *along)
{
    size_t offset[16], n = columns_of(m, offset), rows = (size_t)(j->data->steps * j->data->lanes * j->outputs);
    double *row = calloc(n, sizeof *row);
    for (size_t r = 0; r < rows; r++) {
        for (int32_t i = 0; i < m->nparams; i++) {
            size_t size = tl_size(&m->params[i]);
            memcpy(row + offset[i], (double *)j->block[i] + r * size, size * sizeof *row);
        }
        double residual = ((double *)j->y)[r] - target[r];
        for (size_t a = 0; a < n; a++) {
            along[a] += row[a] * residual;
            for (size_t b = 0; b <= a; b++)
                square[a * n + b] += row[a] * row[b];
        }
    }
    free(row);
}

static void expect(const Learning *l, const Setting *s, double *square, double *along)
{
    tl_error e;
    char *error = NULL;
    StreamFile d = { 0 };
    Jacobian j;
    Model *m = load_small(&(SmallSpec){ s->spec, { { s->define[0][0], s->define[0][1] } } });
    m->tbptt.k2 = s->k2;
    char *root = getcwd(NULL, 0);
    files_enter();
    write_stream(l, "stream.safetensors");
    if (stream_file_open(&d, "stream.safetensors", m, TL_F64, &e))
        fail_msg("%s", e.text);
    error = make_jacobian_model(m);
    Engine *engine = error ? NULL : engine_interpreter(m, TL_F64, &error);
    if (!engine || jacobian_new(&j, engine, &d, &e))
        fail_msg("%s", error ? error : e.text);
    const tl_model *from = l->engine->model, *to = engine->model;
    for (int32_t i = 0; i < to->nparams; i++)
        for (size_t k = 0; k < tl_size(&to->params[i]); k++)
            ((double *)j.run.buffers.params)[tl_param_at(&to->params[i], k)] =
                ((double *)l->t.buffers.params)[tl_param_at(&from->params[i], k)];
    for (int64_t lane = 0; lane < d.lanes; lane++)
        if (jacobian_run_lane(&j, lane, false, &e))
            fail_msg("%s", e.text);
    add_up(&j, to, l->r.x.target[0], square, along);
    jacobian_free(&j);
    engine_free(engine);
    stream_file_free(&d);
    model_free(m);
    files_leave();
    assert_int_equal(chdir(root), 0);
    free(root);
}

static void compare(const Setting *s)
{
    tl_error e;
    Learning l;
    size_t offset[16];
    learning_begin(&l, s);
    const size_t n = columns_of(l.engine->model, offset);
    double *square = calloc(n * n, sizeof *square), *along = calloc(n, sizeof *along);
    assert_true(square && along);
    expect(&l, s, square, along);
    assert_int_equal(tl_objective_at(&l.t, &l.t.whole.at, &e), 0);
    tl_lm *lm = &l.t.whole.lm;
    assert_int_equal(lm->normal.n, n);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            lm->normal.matrix[a * n + b] = 0;
    assert_close(lm->normal.matrix, square, n * n, 1e-13, "J'J");
    assert_close(lm->normal.gradient, along, n, 1e-13, "J'r");
    assert_near(l.t.whole.at.loss, lm->normal.squares, 1e-13 * lm->normal.squares);
    free(square);
    free(along);
    learning_end(&l);
}

static void its_equations_are_those_of_the_truncated_jacobian(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++)
        for (int32_t k2 = 1; k2 <= STREAM; k2 = k2 == 4 ? STREAM : k2 + 3) {
            Setting s = { .spec = "models/elman.lua", .define = { { "hidden", "3" } }, .learn = TL_LEARN_TBPTT, .k1 = 1, .k2 = k2,
                          .kind = TL_LM, .lanes = how ? 2 : 1, .shards = how > 1 ? 2 : 1, .resets = how, .padding = how };
            compare(&s);
        }
    compare(&(Setting){ .spec = "models/lstm.lua", .define = { { "hidden", "3" } }, .learn = TL_LEARN_TBPTT, .k1 = 1, .k2 = 6,
                        .kind = TL_LM });
    compare(&(Setting){ .spec = "models/lstm.lua", .define = { { "hidden", "3" } }, .learn = TL_LEARN_RTRL, .k1 = 7, .k2 = 50,
                        .kind = TL_LM });
}

/* ---- residuals written by hand, of x {2}: of each of two lanes r {2} and its Jacobian {2, 2}, a step each ---- */

static int calls_beyond, looks_beyond;
static double more; /* what evaluation adds to each loss */

static double *rows_at(const tl_window *w, int state, int lane) /* of k2 = 1: behind the entering ones */
{
    return (double *)w->states + (state ? 8 : 0) + (state ? 8 + 4 * lane : 4 + 2 * lane);
}

static void leave(const tl_window *w, const double *r, double J[2][2]) /* J[element][residual] */
{
    for (int lane = 0; lane < 2; lane++) {
        double *to = rows_at(w, 1, lane);
        memcpy(rows_at(w, 0, lane), r, 2 * sizeof *r);
        for (int i = 0; i < 4; i++)
            to[i] = J[i / 2][i % 2];
        ((double *)w->losses)[lane] = r[0] * r[0] + r[1] * r[1];
    }
    if (w->grads)
        memset(w->grads, 0, 2 * sizeof(double));
}

static void score(const tl_step *s, const double *r)
{
    for (int lane = 0; lane < s->lanes; lane++)
        ((double *)s->losses)[lane] = r[0] * r[0] + r[1] * r[1] + more;
}

/* 1 - x, 10 (y - x^2): Rosenbrock's valley; not finite where y < -8, where a first step of no damping leads. */
static int valley(const double *p, double *r)
{
    int beyond = p[1] < -8;
    r[0] = beyond ? NAN : 1 - p[0];
    r[1] = 10 * (p[1] - p[0] * p[0]);
    return beyond;
}

static void valley_step(const tl_step *s)
{
    double r[2];
    looks_beyond += valley(s->params, r);
    score(s, r);
}

static void valley_window(const tl_window *w)
{
    double r[2], J[2][2] = { { -1, -20 * *(const double *)w->params }, { 0, 10 } };
    calls_beyond += valley(w->params, r);
    leave(w, r, J);
}

/* Only x + y is seen, twice. */
static void ridge(const double *p, double *r)
{
    r[0] = p[0] + p[1] - 3;
    r[1] = 2 * (p[0] + p[1]);
}

static void ridge_step(const tl_step *s)
{
    double r[2];
    ridge(s->params, r);
    score(s, r);
}

static void ridge_window(const tl_window *w)
{
    double r[2], J[2][2] = { { 1, 2 }, { 1, 2 } };
    ridge(w->params, r);
    leave(w, r, J);
}

/* y is not seen. */
static void idle(const double *p, double *r)
{
    r[0] = p[0] - 3;
    r[1] = sin(p[0]);
}

static void idle_step(const tl_step *s)
{
    double r[2];
    idle(s->params, r);
    score(s, r);
}

static void idle_window(const tl_window *w)
{
    double r[2], J[2][2] = { { 1, cos(*(const double *)w->params) }, { 0, 0 } };
    idle(w->params, r);
    leave(w, r, J);
}

static const tl_tensor param = { .name = "x", .rank = 1, .dim = { 2 }, .type = TL_F64 };
static const tl_tensor rows[] = {
    { .name = "residual", .rank = 1, .dim = { 2 }, .type = TL_F64, .learned = -1 },
    { .name = "jacobian.x", .rank = 2, .dim = { 2, 2 }, .offset = 8, .type = TL_F64, .learned = -1 },
};

typedef struct Hand {
    tl_model m;
    tl_tensor x;
    tl_engine engine;
    random_series r;
    tl_training t;
} Hand;

typedef void HandWindow(const tl_window *);

static void begin(Hand *h, HandWindow *window, double x, double y, const tl_rule *rule, double l2)
{
    tl_error e;
    void (*step)(const tl_step *) = window == valley_window ? valley_step : window == ridge_window ? ridge_step : idle_step;
    *h = (Hand){ .m = { .abi = TL_ABI, .name = "hand", .loss = "custom", .real = TL_F64, .nparams = 1, .param_size = 2,
                        .nstates = 2, .nextra = 2, .nrows = 2, .states = rows, .state_size = 24, .rows_of = TL_LM,
                        .tbptt = { .k1 = 1, .k2 = 1, .batch = 2 }, .window = window, .step = step },
                 .x = param };
    h->x.rule = rule;
    h->m.params = &h->x;
    h->m.train.optimizer = (tl_optimizer_spec){ .kind = TL_LM, .lambda = 1e-6, .l2 = l2, .tol_gradient = 1e-10 };
    h->engine = tl_generated_engine(&h->m);
    random_series_new(&h->r, &h->m, 3, 1);
    if (tl_training_new(&h->t, &h->engine, &h->r.s, &h->m.train, &e))
        fail_msg("%s", e.text);
    ((double *)h->t.buffers.params)[0] = x;
    ((double *)h->t.buffers.params)[1] = y;
    tl_training_start(&h->t);
}

static void end(Hand *h)
{
    tl_training_free(&h->t);
    random_series_free(&h->r);
}

static int iterate(Hand *h)
{
    tl_error e;
    int n = 0;
    for (double before = INFINITY; !h->t.whole.stop && n < 500; n += h->t.updated) {
        if (tl_training_update(&h->t, &e))
            fail_msg("%s", e.text);
        assert_true(h->t.whole.at.cost < before || !h->t.updated);
        before = h->t.whole.at.cost;
    }
    assert_true(h->t.whole.stop);
    return n;
}

/* From x, y; how many sweeps there were beside one a step, and the first. It tries steps that are worse on its way. */
static int descend(double x, double y, double evaluation_adds)
{
    Hand h;
    calls_beyond = looks_beyond = 0;
    more = evaluation_adds;
    begin(&h, valley_window, x, y, NULL, 0);
    int n = iterate(&h), sweeps = (int)h.t.whole.evaluations;
    assert_true(n < 60);
    const double *p = h.t.buffers.params;
    assert_near(p[0], 1, 1e-9);
    assert_near(p[1], 1, 1e-9);
    end(&h);
    more = 0;
    return sweeps - n - 1;
}

static void it_ends_at_the_bottom_of_the_valley(void **state)
{
    (void)state;
    descend(-2.5, -6, 0);
    assert_true(looks_beyond > 0 && calls_beyond > 0); /* not finite, and taken back */
}

/* Evaluation shows which steps are worse, once it has said the same as sweeps at two points. */
static void a_step_that_is_worse_has_no_derivatives(void **state)
{
    (void)state;
    int trusted = descend(-1.2, 1, 0), untrusted = descend(-1.2, 1, 1e-3);
    assert_true(untrusted > 3);
    assert_true(trusted <= 2);
    assert_int_equal(descend(-1.2, 1, -1e-3), untrusted);
}

static void a_bound_holds(void **state)
{
    (void)state;
    Hand h;
    tl_rule below = { .trained = TL_TRAINED, .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = 0.5 };
    begin(&h, valley_window, -1.2, 0.4, &below, 0);
    iterate(&h);
    const double *p = h.t.buffers.params; /* x = 0.5, y = x^2 */
    assert_near(p[0], 0.5, 1e-12);
    assert_near(p[1], 0.25, 1e-7);
    end(&h);
}

static void ranks_are_seen(void **state)
{
    (void)state;
    tl_error e;
    const tl_tensor *of = NULL;
    static const struct { HandWindow *window; double l2; tl_lm_rank rank; } cases[] = {
        { valley_window, 0, TL_LM_FULL }, { ridge_window, 0, TL_LM_DEPENDENT }, { ridge_window, 1e-3, TL_LM_FULL },
        { idle_window, 0, TL_LM_IDLE },   { idle_window, 1e-3, TL_LM_FULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Hand h;
        begin(&h, cases[i].window, -1.2, 0.5, NULL, cases[i].l2);
        assert_int_equal(tl_training_update(&h.t, &e), 0);
        assert_true(h.t.updated);
        assert_int_equal(tl_lm_find_rank(&h.t, &of), cases[i].rank);
        if (cases[i].rank)
            assert_string_equal(of->name, "x");
        if (cases[i].rank == TL_LM_IDLE)
            assert_true(((double *)h.t.buffers.params)[1] == 0.5);
        end(&h);
    }
}

static void what_no_memory_holds_is_refused(void **state)
{
    (void)state;
    tl_error e;
    Hand h;
    begin(&h, valley_window, 0, 0, NULL, 0);
    h.x.dim[0] = 5000000;
    assert_int_equal(tl_lm_check(&h.t, &e), -1);
    assert_contains(e.text, "hand: lm solves for all of 5000000 parameters at once: its matrices would need 6e+05 GB, and this "
                            "machine has ");
    assert_contains(e.text, "lbfgs needs a few vectors");
    h.x.dim[0] = 2;
    assert_int_equal(tl_lm_check(&h.t, &e), 0);
    end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_equations_are_those_of_the_truncated_jacobian),
        cmocka_unit_test(it_ends_at_the_bottom_of_the_valley),
        cmocka_unit_test(a_step_that_is_worse_has_no_derivatives),
        cmocka_unit_test(a_bound_holds),
        cmocka_unit_test(ranks_are_seen),
        cmocka_unit_test(what_no_memory_holds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
