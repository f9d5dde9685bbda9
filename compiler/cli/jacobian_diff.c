#include "cli/jacobian_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/checkpoint.h>
#include <tapeless/real.h>
#include "cli/commands.h"
#include "cli/trial.h"
#include "graph/checked.h"
#include "passes/jacobian_model.h"

/* A way to the Jacobian, and what it found. */
typedef struct Way {
    const char *name;
    tl_jacobian_mode mode;
    bool interpreted;
    Model *model;
    Engine *engine;
    Jacobian j;
} Way;

static char *open_way(Way *w, const JacobianDiff *d, const Model *m, const CompileOptions *o)
{
    w->model = model_copy(m);
    char *error = make_jacobian_model_by(w->model, w->mode, d->block ? d->block : 3);
    if (error)
        return error;
    w->engine = engine_open(w->model, w->interpreted ? "interpreter" : "generated", o, &error);
    return error;
}

static int compute(Way *w, const JacobianDiff *d, tl_error *e)
{
    const tl_model *m = w->engine->model;
    if (jacobian_new(&w->j, w->engine, d->data, e))
        return -1;
    int bad = d->params ? tl_checkpoint_params(d->params, m, w->j.run.buffers.params, e)
                        : trial_params(m, w->j.run.buffers.params, d->seed, e);
    w->j.run.window.seed = d->seed;
    for (int64_t lane = 0; lane < d->data->lanes && !bad; lane++)
        bad = jacobian_run_lane(&w->j, lane, false, e);
    return bad ? -1 : 0;
}

static void close_way(Way *w)
{
    if (w->j.block)
        jacobian_free(&w->j);
    engine_free(w->engine);
    model_free(w->model);
}

/* ---- differences ---- */

/* Elements of parameter i in all rows. */
static size_t block_size(const Jacobian *j, int32_t i)
{
    return (size_t)(j->data->steps * j->data->lanes * j->outputs) * tl_size(&jacobian_model(j)->params[i]);
}

static double squares(const Jacobian *j, int32_t i)
{
    double sum = 0;
    for (size_t k = 0; k < block_size(j, i); k++) {
        double x = tl_real_get(jacobian_model(j)->real, j->block[i], k);
        sum += x * x;
    }
    return sum;
}

static double difference(const Jacobian *a, const Jacobian *b, int32_t i)
{
    const tl_type real = jacobian_model(a)->real;
    double sum = 0;
    for (size_t k = 0; k < block_size(a, i); k++) {
        double x = tl_real_get(real, a->block[i], k) - tl_real_get(real, b->block[i], k);
        sum += x * x;
    }
    return sqrt(sum);
}

/* Of one way against the first; the largest ratio. */
static double print_ratios(const Way *w, const Way *first, double allowed)
{
    const tl_model *m = jacobian_model(&first->j);
    double whole = 0, worst = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        whole += squares(&first->j, i);
    for (int32_t i = 0; i < m->nparams; i++) {
        double norm = fmax(sqrt(squares(&first->j, i)), 1e-3 * sqrt(whole)), off = difference(&w->j, &first->j, i);
        double ratio = off == 0 ? 0 : off / norm;
        printf("%-44s %-24s %9.2e%s\n", m->params[i].name, w->name, ratio, ratio <= allowed ? "" : "  <-- over");
        worst = ratio > worst || isnan(ratio) ? ratio : worst;
    }
    return worst;
}

static int report(const Way *way, int n, const JacobianDiff *d)
{
    const tl_model *m = jacobian_model(&way->j);
    double allowed = d->tolerance >= 0 ? d->tolerance : m->real == TL_F64 ? 1e-12 : 2e-6, worst = 0;
    for (int i = 1; i < n; i++) {
        double ratio = print_ratios(&way[i], way, allowed);
        worst = ratio > worst || isnan(ratio) ? ratio : worst;
    }
    printf("%s: %s, Jacobians of %lld steps in %lld lanes %s: worst %.2e, allowed %.0e\n", m->spec,
           m->real == TL_F64 ? "f64" : "f32", (long long)d->data->steps, (long long)d->data->lanes,
           worst <= allowed ? "agree" : "DIFFER", worst, allowed);
    return worst <= allowed ? EXIT_DONE : EXIT_FAILED;
}

int jacobian_diff(const JacobianDiff *d, const Model *m, const CompileOptions *o)
{
    Way way[] = { { .name = "reverse", .mode = TL_JACOBIAN_REVERSE },
                  { .name = "interpreter, reverse", .mode = TL_JACOBIAN_REVERSE, .interpreted = true },
                  { .name = "forward", .mode = TL_JACOBIAN_FORWARD }, { .name = "blocks", .mode = TL_JACOBIAN_BLOCKS } };
    int n = m->head || d->data->steps > m->tbptt.k2 ? 2 : m->nstates ? 4 : 3, status = EXIT_DONE;
    for (int i = 0; i < n && status == EXIT_DONE; i++) {
        tl_error e;
        char *error = open_way(&way[i], d, m, o);
        if (error)
            status = complain(error);
        else if (compute(&way[i], d, &e))
            status = complain(user_sentence("%s", e.text));
    }
    if (status == EXIT_DONE)
        status = report(way, n, d);
    for (int i = 0; i < n; i++)
        close_way(&way[i]);
    return status;
}
