#include "lr_find.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "optimizer.h"
#include "plot.h"
#include "report.h"

/* What looks at a training as it goes on, or keeps what comes of it. */
static const char *out_of_place(const tl_train_options *o)
{
    return o->resume ? "resume" : o->best ? "best" : o->patience >= 0 ? "patience" : o->fit ? "fit" : o->probe ? "probe" :
           o->tensorboard ? "tensorboard" : o->watch ? "watch" : o->epochs >= 0 ? "epochs" : o->minutes >= 0 ? "minutes" : o->checkpoint ? "checkpoint" : NULL;
}

int tl_lr_find_check(const tl_train_options *o, const tl_train_spec *s, tl_error *e)
{
    const char *other = out_of_place(o);
    if (other)
        return tl_fail(e, "--lr-find looks for a learning rate and keeps nothing: leave --%s out", other);
    if (!tl_has_lr(s->optimizer.kind))
        return tl_fail(e, "--lr-find: %s has no learning rate", tl_optimizer_name(s->optimizer.kind));
    if (!(s->optimizer.lr > 0))
        return tl_fail(e, "--lr-find goes from a thousandth of the learning rate to a thousand times it, and it is 0: --lr X");
    if (o->updates >= 0 && o->updates < TL_LR_LEAST)
        return tl_fail(e, "--lr-find --steps %lld: it takes %d updates at least", (long long)o->updates, TL_LR_LEAST);
    return 0;
}

static int64_t clamp(int64_t x, int64_t least, int64_t most) { return x < least ? least : x > most ? most : x; }

tl_lr_find tl_lr_find_new(const tl_train_options *o, double lr, uint64_t epoch)
{
    tl_lr_find f = { .lr = lr, .updates = o->updates >= 0 ? o->updates : TL_LR_UPDATES, .lowest = INFINITY, .end = NAN,
                     .first = NAN, .steepest = NAN, .least = NAN, .suggested = NAN, .least_loss = NAN };
    f.wide = clamp(epoch < (uint64_t)f.updates ? (int64_t)epoch : f.updates, f.updates / 20, f.updates / 8);
    return f;
}

double tl_lr_find_rate(const tl_lr_find *f)
{
    return f->lr * pow(10, 6 * (double)f->done / (double)(f->updates - 1) - 3);
}

int tl_lr_find_note(tl_lr_find *f, double loss)
{
    double rate = tl_lr_find_rate(f), by = 1 / (double)f->wide, mean;
    if (!isfinite(loss)) {
        f->end = rate;
        return 1;
    }
    tl_curve_add(&f->curve, log10(rate), loss);
    f->mean += by * (loss - f->mean);
    f->weight += by * (1 - f->weight);
    mean = f->mean / f->weight;
    if (f->weight < 0.6) { /* about as many losses as it is of */
        f->first = mean;
    } else {
        f->lowest = fmin(f->lowest, mean);
        if (mean > f->first && mean > f->lowest + 3 * fabs(f->lowest))
            f->end = rate;
    }
    return ++f->done == f->updates || !isnan(f->end);
}

/* Points of the curve to either side of one. */
static size_t half_width(const tl_lr_find *f) { return (size_t)f->wide / f->curve.each / 2 + 1; }

/* Slopes are those of the smoothed curve, over as many points as one of its own is of. */
static void find_steepest(tl_lr_find *f, const double *y, size_t least)
{
    const tl_curve *c = &f->curve;
    size_t wide = half_width(f);
    double fastest = 0;
    for (size_t i = 2 * wide; i < least && i + 2 * wide < c->n; i++) {
        double slope = (y[i + wide] - y[i - wide]) / (c->x[i + wide] - c->x[i - wide]);
        if (slope < fastest) {
            fastest = slope;
            f->steepest = pow(10, c->x[i]);
        }
    }
}

static double margin(const tl_lr_find *f) { return (isnan(f->end) ? f->least : f->end) / 10; }

void tl_lr_find_end(tl_lr_find *f)
{
    static double y[TL_CURVE_POINTS];
    const tl_curve *c = &f->curve;
    size_t wide = half_width(f), least = wide; /* nearer to an end the curve is of fewer points than elsewhere */
    if (c->n <= 2 * wide)
        return;
    tl_curve_smooth_over(c, wide, y);
    for (size_t i = wide; i + wide < c->n; i++)
        least = y[i] < y[least] ? i : least;
    if (least == wide) /* it never fell */
        return;
    f->least = pow(10, c->x[least]);
    f->least_loss = y[least];
    find_steepest(f, y, least);
    if (isnan(f->steepest))
        return;
    f->suggested = fmin(f->steepest, margin(f));
}

void tl_lr_find_sentence(const tl_lr_find *f, char *text, size_t size)
{
    char end[96];
    snprintf(end, sizeof end, "a tenth of which is %.2g, and did not diverge", f->least / 10);
    if (!isnan(f->end))
        snprintf(end, sizeof end, "diverged at %.2g, a tenth of which is %.2g", f->end, f->end / 10);
    if (isnan(f->suggested))
        snprintf(text, size, "at no rate from %.2g on did the loss fall: --lr X begins elsewhere", f->lr / 1000);
    else
        snprintf(text, size, "the loss fell fastest at a rate of %.2g, was lowest at %.2g, %s; begin with --lr %.1g", f->steepest,
                 f->least, end, f->suggested);
}

void tl_lr_find_report(const tl_lr_find *f, json_t *j)
{
    tl_report_count(j, "updates", (uint64_t)f->done);
    tl_report_number(j, "first_lr", f->lr / 1000);
    tl_report_number(j, "steepest_lr", f->steepest);
    tl_report_number(j, "lowest_lr", f->least);
    tl_report_number(j, "lowest_loss", f->least_loss);
    tl_report_number(j, "divergence_lr", f->end);
    tl_report_number(j, "suggested_lr", f->suggested);
}

static double smoothed_at(const tl_curve *c, const double *y, double x)
{
    size_t i = 0;
    while (i + 1 < c->n && c->x[i] < x)
        i++;
    return y[i];
}

int tl_lr_find_draw(const tl_lr_find *f, const tl_model *m, const char *path, const char *unit, tl_error *e)
{
    static tl_curve c;
    static double y[TL_CURVE_POINTS];
    char label[96] = "loss";
    c = f->curve;
    if (strcmp(m->loss, "cross_entropy") == 0) {
        snprintf(label, sizeof label, "bits per %s", unit);
        for (size_t i = 0; i < c.n; i++)
            c.y[i] /= log(2);
    }
    tl_curve_smooth_over(&c, half_width(f), y);
    const double x_of[] = { log10(f->steepest), log10(margin(f)) };
    const double y_of[] = { smoothed_at(&c, y, x_of[0]), smoothed_at(&c, y, x_of[1]) };
    const double rate[] = { f->steepest, margin(f) };
    for (size_t i = 0; i < c.n; i++)
        c.x[i] = pow(10, c.x[i]);
    tl_plot_curve curve[4] = {
        { "each update", "#b9cfe8", TL_PLOT_THIN, c.x, c.y, .n = c.n },
        { "smoothed", "#1f5fa8", TL_PLOT_LINE, c.x, y, .n = c.n },
    };
    size_t n = 2;
    if (!isnan(f->steepest))
        curve[n++] = (tl_plot_curve){ "falls fastest", "#2a9d5c", TL_PLOT_POINTS, &rate[0], &y_of[0], .n = 1 };
    if (!isnan(margin(f)))
        curve[n++] = (tl_plot_curve){ isnan(f->end) ? "a tenth of the lowest's rate" : "a tenth of where it diverged", "#d1495b", TL_PLOT_POINTS, &rate[1], &y_of[1], .n = 1 };
    const tl_plot_panel panel = { .title = m->name, .x_label = "learning rate", .y_label = label, .curve = curve, .ncurves = n,
                                  .log_x = 1, .log_y = tl_spans_decades(y, c.n) };
    return tl_plot_write(path, &panel, 1, e);
}
