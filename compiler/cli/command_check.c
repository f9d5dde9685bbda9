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
 * A step that leads over a kink (of relu, abs, max, ...), or that is long beside the bends of the loss, says
 * nothing, so a difference that is over the tolerance is taken again, by four points, with steps of a tenth,
 * seven times at most. A gradient that is wrong stays wrong by as much with every step.
 *
 * A loss L is known to within a few eps L, a slope to within that over the step. Where gradient and slope are both
 * less with the longest step there is nothing to be seen, and the row says so: a sigmoid that is
 * saturated has a gradient of 1e-78. That the gradient should have been larger would be seen.
 *
 * Where loss or gradient are not finite the operation that made it so is named (not_finite.h): exit status 1,
 * since nothing was checked.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/clip.h>
#include <tapeless/json_memory.h>
#include <tapeless/random.h>
#include <tapeless/report.h>
#include <tapeless/rule.h>
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/not_finite.h"
#include "cli/tried.h"
#include "graph/checked.h"
#include "graph/user_error.h"

typedef struct Arguments {
    Common common;
    double tolerance, step;
    Tried tried;
    int resets, masks, every;
} Arguments;

/* What the differences say of a part of the parameters. */
typedef struct Finding {
    double measure; /* the least of all steps; NaN: the loss is not finite a step away, with any step */
    double step;    /* with which it is that */
    int tries;
    bool unseen;    /* gradient and slope are below what rounding leaves */
} Finding;

/* Of all. */
typedef struct Result {
    double worst;
    int32_t unseen, rows;
    bool failed;
    char *not_finite; /* the sentence, or NULL */
    char *advice;
} Result;

/* Of one parameter, or of all if that is NULL; returns of how many numbers. What is not trained does not move: its
 * gradient is 0 whatever the loss makes of it. */
static size_t random_direction(const tl_model *m, const tl_tensor *only, double *v, tl_random *r)
{
    size_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *p = &m->params[i];
        for (size_t j = 0; tl_is_trained(p) && (!only || only == p) && j < tl_size(p); j++, n++)
            v[tl_param_at(p, j)] = tl_normal(r);
    }
    return n;
}

/* The parameter block, what was there, and where to. */
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
    size_t from = (size_t)p->trial->w.first * (size_t)tl_lanes(b), n = (size_t)b->k2 * (size_t)tl_lanes(b);
    double *above = checked(malloc(n * sizeof *above)), sum = 0;
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

/* What a slope is known to within, by the rounding of the losses. */
static double slope_rounding(const Part *p, double h)
{
    const tl_tbptt *b = &p->trial->engine->model->tbptt;
    const double *losses = p->trial->b.losses, *weight = p->trial->b.weight;
    size_t from = (size_t)p->trial->w.first * (size_t)tl_lanes(b), n = (size_t)b->k2 * (size_t)tl_lanes(b);
    double sum = 0;
    for (size_t i = from; i < n; i++)
        if (weight[i] != 0)
            sum += weight[i] * fabs(losses[i]);
    return 16 * 0x1p-53 * sum / h;
}

/* Steps, each a tenth of the one before; those after the first few only if rounding leaves something to see. */
enum { FEW = 3, TRIES = 8 };

static void compare_slopes(const Arguments *a, const Part *p, double along, double size, double first, bool two,
                           Finding *f)
{
    double h = first;
    *f = (Finding){ .measure = NAN };
    for (; f->tries < TRIES && !(f->measure <= a->tolerance); f->tries++, h /= 10) {
        double slope = two && !f->tries ? slope_two_points(p, h) : slope_four_points(p, h);
        double measure = slope == along ? 0 : fabs(slope - along) / size, rounding = slope_rounding(p, h);
        if (!f->tries)
            f->unseen = fabs(slope) <= rounding && fabs(along) <= rounding;
        if (measure < f->measure || isnan(f->measure)) {
            f->measure = measure;
            f->step = h;
        }
        if (f->tries > FEW && rounding > 100 * a->tolerance * size)
            break;
    }
    f->unseen &= !(f->measure <= a->tolerance);
}

/* Along one parameter, or all. `grads` is of the trial's own parameters; step 0 asks for four points. */
static Finding check_part(const Arguments *a, Trial *t, const tl_tensor *only, const double *grads, double whole, double step,
                          tl_random *r)
{
    const tl_model *m = t->engine->model;
    Part p = { .trial = t, .at = t->b.params, .n = m->param_size, .kept = checked(malloc(m->param_size * sizeof(double))),
               .v = checked(calloc(m->param_size, sizeof(double))) };
    Finding f;
    double along = 0, norm = 0, length = 0;
    memcpy(p.kept, p.at, p.n * sizeof(double));
    size_t moved = random_direction(m, only, p.v, r);
    for (size_t i = 0; i < p.n; i++) {
        along += grads[i] * p.v[i];
        norm += p.v[i] != 0 ? grads[i] * grads[i] : 0;
        length += p.v[i] * p.v[i];
    }
    double size = fabs(along) + fmax(sqrt(norm), 1e-3 * whole);
    compare_slopes(a, &p, along, size, step > 0 ? step : 8e-4 * sqrt(sqrt((double)moved) / length), step > 0, &f);
    memcpy(p.at, p.kept, p.n * sizeof(double));
    free(p.kept);
    free(p.v);
    return f;
}

static void report_row(const Arguments *a, const char *name, int32_t steps, Finding f, Result *result)
{
    bool over = !(f.measure <= a->tolerance) && !f.unseen;
    result->rows++;
    result->unseen += f.unseen;
    result->failed |= over;
    if (!f.unseen && (f.measure > result->worst || isnan(f.measure)))
        result->worst = f.measure;
    if (a->common.json)
        return;
    printf("%-36s (%d steps) %9.2e", name, steps, f.measure);
    if (f.unseen)
        printf("  less than the rounding of the loss");
    else if (isnan(f.measure))
        printf("  the loss is not finite a step away");
    else if (f.tries > 1)
        printf("  with steps of %.0e", f.step);
    puts(over ? "  <-- over" : "");
}

static void report_fixed(const Arguments *a, const tl_tensor *p, int32_t steps)
{
    if (!a->common.json)
        printf("%-36s (%d steps) %9s\n", p->name, steps, tl_fixed_word(p));
}

static bool are_finite(const tl_model *m, const double *grads)
{
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0; tl_is_trained(&m->params[i]) && j < tl_size(&m->params[i]); j++)
            if (!isfinite(grads[tl_param_at(&m->params[i], j)]))
                return false;
    return true;
}

/* The same window by the interpreter, watched. */
static void explain(const Arguments *a, Model *m, int32_t steps, bool values, Result *result)
{
    Trial t;
    tl_error e;
    char *error = NULL;
    Engine *y = engine_interpreter(m, TL_F64, &error);
    if (!y || trial_new(&t, &y->run, &e)) {
        result->not_finite = y ? user_sentence("%s", e.text) : error;
        engine_free(y);
        return;
    }
    NotFinite *watch = not_finite_watch(m, y);
    if (!tried_fill(&a->tried, &t, steps, 0, &e))
        trial_run(&t);
    result->not_finite = not_finite_sentence(watch, values);
    result->advice = not_finite_advice(watch, values);
    if (!result->not_finite)
        result->not_finite = user_sentence("%s of the generated code is not finite, and the interpreter finds nothing that "
                                           "makes it so: tapeless diff %s says where they part",
                                           values ? "the loss" : "the gradient", m->spec);
    not_finite_free(watch);
    trial_free(&t);
    engine_free(y);
}

static double norm_of(const tl_model *m, const double *grads)
{
    tl_span *memory = checked(calloc((size_t)m->nparams + 1, sizeof *memory));
    tl_spans trained = tl_spans_over(m, memory);
    double norm = tl_grad_norm(&trained, grads);
    free(memory);
    return norm;
}

static void check_params(const Arguments *a, Trial *t, int32_t steps, const double *grads, Result *result)
{
    const tl_model *m = t->engine->model;
    tl_random r = { tl_random_seed_of((uint64_t)a->tried.seed, "directions"), 0 };
    double whole = norm_of(m, grads);
    int32_t trained = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *p = &m->params[i];
        if (!tl_is_trained(p)) {
            report_fixed(a, p, steps);
            continue;
        }
        trained++;
        report_row(a, p->name, steps, check_part(a, t, p, grads, whole, 0, &r), result);
    }
    if (trained)
        report_row(a, "all parameters", steps, check_part(a, t, NULL, grads, whole, a->step, &r), result);
}

/* The state that enters a window is a number to finite differences: nothing has moved it. */
static void forget_sensitivities(Trial *t)
{
    const tl_model *m = t->engine->model;
    double *states = t->b.states;
    for (int32_t i = tl_own_states(m); i < m->nstates; i++) {
        size_t n = tl_size(&m->states[i]) * (size_t)tl_lanes(&m->tbptt);
        memset(states + m->states[i].offset + (size_t)t->w.first * n, 0, n * sizeof *states);
    }
}

/* NULL, or a sentence: the gradient is none of a window's loss. */
static char *no_gradient(const Model *m)
{
    if (m->nrows)
        return user_sentence("%s: lm and ekf have rows of a Jacobian in place of a gradient: tapeless jacobian %s --check",
                             m->spec, m->spec);
    if (m->tbptt.k1 > 1 && (m->tbptt.learn == TL_LEARN_SNAP1 || m->tbptt.learn == TL_LEARN_IMMEDIATE))
        return user_sentence("%s: learn = 'snap1' and 'immediate' leave out what one step does through the next, which finite "
                             "differences do not: --k1 1, or --learn rtrl", m->spec);
    return NULL;
}

static int check_length(const Arguments *a, const Engine *e, Model *model, int32_t steps, Result *result, tl_error *why)
{
    Trial t;
    const tl_model *m = e->model;
    if (trial_new(&t, &e->run, why))
        return -1;
    if (tried_fill(&a->tried, &t, steps, 0, why)) {
        trial_free(&t);
        return -1;
    }
    forget_sensitivities(&t);
    trial_run(&t);
    double *grads = checked(malloc((m->param_size + 1) * sizeof *grads));
    memcpy(grads, t.b.grads, m->param_size * sizeof *grads);
    if (isfinite(t.loss) && are_finite(m, grads))
        check_params(a, &t, steps, grads, result);
    else
        explain(a, model, steps, !isfinite(t.loss), result);
    free(grads);
    trial_free(&t);
    return 0;
}

static json_t *number_or_null(double x) { return isfinite(x) ? json_real(x) : json_null(); }

static void print_json(const Arguments *a, const Result *r, bool passed)
{
    tl_json_watch();
    json_t *j = json_pack("{s:o, s:f, s:b, s:i, s:i}", "worst", number_or_null(r->not_finite ? NAN : r->worst), "tolerance",
                          a->tolerance, "passed", passed, "rows", (int)r->rows, "unseen", (int)r->unseen);
    if (r->not_finite)
        json_object_set_new(j, "not_finite", json_string(r->not_finite));
    tl_report_json(j, 0);
    json_decref(j);
}

static int report(const Arguments *a, const char *spec, const Result *r)
{
    bool passed = !r->failed && !r->not_finite;
    if (a->common.json) {
        print_json(a, r, passed);
    } else if (r->not_finite) {
        printf("%s: f64, not checked: %s.%s%s%s\n", spec, r->not_finite, r->advice ? " It is the model's own; " : "",
               r->advice ? r->advice : "", r->advice ? " choose what else it is tried on" : "");
    } else {
        printf("%s: f64, finite differences %s: worst %.2e, allowed %.0e", spec,
               !passed ? "DIFFER" : r->unseen && r->unseen == r->rows ? "see nothing" : "agree", r->worst, a->tolerance);
        if (r->unseen)
            printf("; %d of %d gradients are less than the rounding of the loss", r->unseen, r->rows);
        putchar('\n');
    }
    return passed ? EXIT_DONE : EXIT_FAILED;
}

/* With a head windows have full length alone. */
static int check_all(const Arguments *a, const Engine *e, Model *model)
{
    const tl_model *m = e->model;
    Result r = { 0 };
    tl_error why;
    int status = -1;
    for (int32_t n = tried_first_length(&a->tried, m); n > 0 && status < 0 && !r.not_finite;
         n = m->has_head ? 0 : tried_next_length(&a->tried, m, n, a->every))
        if (check_length(a, e, model, n, &r, &why))
            status = complain(user_sentence("%s: %s", model->spec, why.text));
    if (status < 0)
        status = report(a, model->spec, &r);
    free(r.not_finite);
    free(r.advice);
    return status;
}

static int run(Arguments *a)
{
    tl_error e;
    char *error = NULL;
    if (a->common.precision && real_of(&a->common) != TL_F64)
        return complain(user_sentence("tapeless check: --precision %s: finite differences say something in f64 alone",
                                      a->common.precision));
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    if ((error = no_gradient(m))) {
        model_free(m);
        return complain(error);
    }
    if (tried_open(&a->tried, m, &e)) {
        model_free(m);
        tried_close(&a->tried);
        return complain(user_sentence("%s", e.text));
    }
    CompileOptions o = compile_options(&a->common);
    o.schedule.real = TL_F64;
    m->resets |= a->resets;
    m->masks |= a->masks;
    Engine *engine = engine_generated(m, &o, &error);
    int status = engine ? check_all(a, engine, m) : complain(error);
    engine_free(engine);
    model_free(m);
    tried_close(&a->tried);
    return status;
}

#define CHECK_TABLE(a)                                                                                      \
    {                                                                                                       \
        COMMON_OPTIONS((a).common),                                                                          \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1, "allowed measure"),                            \
        TL_DOUBLE("step", 0, &(a).step, "H", 1e-12, 1, "of the difference along all parameters"),           \
        TRIED_OPTIONS((a).tried),                                                                           \
        TL_FLAG("resets", 0, &(a).resets, "sequences start inside the windows, here and there"),            \
        TL_FLAG("every-length", 0, &(a).every, "windows of every length from 1 to k2, not of three"),       \
        TL_FLAG("masks", 0, &(a).masks, "steps are padding, here and there"),                               \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .tried = { .seed = 1 }, .tolerance = 1e-7, .step = 1e-6 };

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
                               "direction in each parameter and in all of them. Exit status 1 if one is over the tolerance,\n"
                               "or if loss or gradient are not finite.", argc, argv);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
