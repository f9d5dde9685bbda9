/* command_check.c - finite differences of the generated gradient, in f64.
 *
 * The gradient g says that the loss changes by h g.v along h v. v is a random direction, normal in
 * every element; the measure is |slope - g.v| / (|g.v| + ||g||): ||g|| is the size that g.v has in
 * a random direction, so that one that happens to be orthogonal to g neither proves nor costs
 * anything. A parameter whose gradient is a thousandth of the whole gradient or less is measured
 * against that thousandth: the loss is rounded as a whole.
 *
 *   all parameters at once   the central difference with step 1e-6
 *   each parameter           the four-point difference (error h^4), its steps 8e-4 n^(1/4) long for n
 *                            elements. With 1e-6 the rounding of a loss that is averaged over
 *                            thousands of characters is 5e-7 of the gradient of a small bias, and
 *                            proves less; with steps of one length either a vector of 32 is bent
 *                            or a matrix of 65536 is rounded.
 *
 * What is not trained (frozen, or behind stop_gradient alone) is not moved: its gradient is 0 by definition,
 * while the loss may depend on it.
 *
 * A step that leads over a kink (of relu, abs, max, ...) says nothing, so a difference that is over
 * the tolerance is taken again with steps of a tenth, three times at most. A gradient that is wrong
 * stays wrong by as much with every step.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/clip.h>
#include <tapeless/random.h>
#include <tapeless/rule.h>
#include "commands.h"
#include "engine.h"
#include "trial.h"
#include "user_error.h"

typedef struct Arguments {
    Common common;
    double tolerance, step;
    int64_t seed;
    int resets, masks, every;
} Arguments;

/* In a part of the block from `offset` on. What is not trained does not move: its gradient is 0 whatever the
 * loss makes of it. */
static void random_direction(const tl_model *m, double *v, size_t offset, size_t n, tl_random *r)
{
    for (size_t i = 0; i < n; i++)
        v[i] = tl_normal(r);
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *p = &m->params[i];
        size_t size = tl_size(p);
        if (!tl_is_trained(p) && p->offset >= offset && p->offset + size <= offset + n)
            memset(v + (p->offset - offset), 0, size * sizeof *v);
    }
}

/* A part of the parameter block, and what was there. */
typedef struct Part {
    Trial *trial;
    double *at, *kept, *v;
    size_t n;
} Part;

static void run_at(const Part *p, double h)
{
    for (size_t i = 0; i < p->n; i++)
        p->at[i] = p->kept[i] + h * p->v[i];
    trial_run(p->trial);
}

/* The differences of the steps' losses are summed, not the sums differenced: the rounding of a sum of
 * thousands would be all that is left of a small slope. */
static double slope_two_points(const Part *p, double h)
{
    const tl_tbptt *b = &p->trial->engine->model->tbptt;
    const double *losses = p->trial->b.losses, *weight = p->trial->b.weight;
    size_t from = (size_t)p->trial->w.first * (size_t)b->batch, n = (size_t)b->k2 * (size_t)b->batch;
    double *above = malloc(n * sizeof *above), sum = 0;
    if (!above)
        abort();
    run_at(p, h);
    memcpy(above + from, losses + from, (n - from) * sizeof *above);
    run_at(p, -h);
    for (size_t i = from; i < n; i++)
        if (weight[i] != 0)
            sum += weight[i] * (above[i] - losses[i]);
    free(above);
    return sum / (2 * h);
}

static double slope_four_points(const Part *p, double h)
{
    return (4 * slope_two_points(p, h) - slope_two_points(p, 2 * h)) / 3;
}

/* The measure for n elements from `offset` on. `grads` is of the trial's own parameters; step 0
 * asks for four points. */
static double check_part(const Arguments *a, Trial *t, size_t offset, size_t n, const double *grads, double whole,
                         double step, tl_random *r)
{
    Part p = { .trial = t, .at = (double *)t->b.params + offset, .n = n, .kept = malloc(n * sizeof(double)),
               .v = malloc(n * sizeof(double)) };
    double along = 0, norm = 0, length = 0;
    if (!p.kept || !p.v)
        abort();
    memcpy(p.kept, p.at, n * sizeof(double));
    random_direction(t->engine->model, p.v, offset, n, r);
    for (size_t i = 0; i < n; i++) {
        along += grads[offset + i] * p.v[i];
        norm += grads[offset + i] * grads[offset + i];
        length += p.v[i] * p.v[i];
    }
    double size = fabs(along) + fmax(sqrt(norm), 1e-3 * whole), best = INFINITY;
    double h = step > 0 ? step : 8e-4 * sqrt(sqrt((double)n) / length);
    for (int tries = 0; tries < 4 && !(best <= a->tolerance); tries++, h /= 10) {
        double slope = step > 0 ? slope_two_points(&p, h) : slope_four_points(&p, h);
        double measure = slope == along ? 0 : fabs(slope - along) / size;
        best = measure < best || isnan(measure) ? measure : best;
    }
    memcpy(p.at, p.kept, n * sizeof(double));
    free(p.kept);
    free(p.v);
    return best;
}

static void report_row(const Arguments *a, const char *name, int32_t steps, double measure, double *worst)
{
    *worst = measure > *worst || isnan(measure) ? measure : *worst;
    if (!a->common.json)
        printf("%-36s (%d steps) %9.2e%s\n", name, steps, measure, measure <= a->tolerance ? "" : "  <-- over");
}

static void report_fixed(const Arguments *a, const tl_tensor *p, int32_t steps)
{
    if (!a->common.json)
        printf("%-36s (%d steps) %9s\n", p->name, steps, tl_fixed_word(p));
}

static int check_length(const Arguments *a, const Engine *e, int32_t steps, double *worst, tl_error *why)
{
    Trial t;
    const tl_model *m = e->model;
    if (trial_new(&t, &e->run, why))
        return -1;
    int32_t fresh = steps < m->tbptt.k1 ? steps : m->tbptt.k1;
    if (trial_fill(&t, (uint64_t)a->seed, steps, fresh, why)) {
        trial_free(&t);
        return -1;
    }
    trial_run(&t);
    double *grads = malloc((m->param_size + 1) * sizeof *grads);
    if (!grads)
        abort();
    memcpy(grads, t.b.grads, m->param_size * sizeof *grads);
    tl_random r = { tl_random_seed_of((uint64_t)a->seed, "directions"), 0 };
    double whole = tl_grad_norm(m, grads);
    int32_t trained = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *p = &m->params[i];
        if (!tl_is_trained(p)) {
            report_fixed(a, p, steps);
            continue;
        }
        trained++;
        report_row(a, p->name, steps, check_part(a, &t, p->offset, tl_size(p), grads, whole, 0, &r), worst);
    }
    if (trained)
        report_row(a, "all parameters", steps, check_part(a, &t, 0, m->param_size, grads, whole, a->step, &r), worst);
    free(grads);
    trial_free(&t);
    return 0;
}

/* Full length, half of it and one step, or all from 1 to k2; with a head, full length alone. */
static int32_t next_length(const Arguments *a, const tl_model *m, int32_t length)
{
    int32_t half = (m->tbptt.k2 + 1) / 2;
    if (m->has_head)
        return 0;
    return a->every ? length - 1 : length > half ? half : length > 1;
}

static int check_all(const Arguments *a, const Engine *e, const char *spec)
{
    double worst = 0;
    tl_error why;
    for (int32_t n = e->model->tbptt.k2; n > 0; n = next_length(a, e->model, n))
        if (check_length(a, e, n, &worst, &why))
            return complain(user_sentence("%s: %s", spec, why.text));
    bool passed = worst <= a->tolerance;
    if (a->common.json)
        printf("{\"worst\": %.17g, \"tolerance\": %.17g, \"passed\": %s}\n", isnan(worst) ? -1 : worst, a->tolerance,
               passed ? "true" : "false");
    else
        printf("%s: f64, finite differences %s: worst %.2e, allowed %.0e\n", spec, passed ? "agree" : "DIFFER", worst,
               a->tolerance);
    return passed ? EXIT_DONE : EXIT_FAILED;
}

static int run(const Arguments *a)
{
    char *error = NULL;
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    CompileOptions o = compile_options(&a->common);
    o.real = TL_F64;
    m->resets |= a->resets;
    m->masks |= a->masks;
    Engine *e = engine_generated(m, &o, &error);
    int status = e ? check_all(a, e, m->spec) : complain(error);
    engine_free(e);
    model_free(m);
    return status;
}

#define CHECK_TABLE(a)                                                                                      \
    {                                                                                                       \
        COMMON_OPTIONS((a).common),                                                                          \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1, "allowed measure"),                            \
        TL_DOUBLE("step", 0, &(a).step, "H", 1e-12, 1, "of the difference along all parameters"),           \
        TL_INT("seed", 's', &(a).seed, "N", 0, TL_INT_MAX, "of the random parameters, data and directions"), \
        TL_FLAG("resets", 0, &(a).resets, "sequences start inside the windows, here and there"),            \
        TL_FLAG("every-length", 0, &(a).every, "windows of every length from 1 to k2, not of three"),       \
        TL_FLAG("masks", 0, &(a).masks, "steps are padding, here and there"),                               \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .seed = 1, .tolerance = 1e-7, .step = 1e-6 };

int check_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = CHECK_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_check(int argc, char **argv)
{
    Arguments a = defaults;
    const tl_option table[] = CHECK_TABLE(a);
    int status = parse_command(table, &a.common, "check",
                               "Checks the generated gradient by finite differences in f64, along a random\n"
                               "direction in each parameter and in all of them. Exit status 1 if one is over the tolerance.", argc, argv);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
