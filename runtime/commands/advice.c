#include "advice.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* ---- the learning rate, and how much gradient arrives ---- */

/* What the rate does not go below; 0: there is nothing like that. */
static double floor_of(const tl_train_spec *s)
{
    const tl_schedule_spec *c = &s->schedule;
    switch (c->kind) {
    case TL_SCHEDULE_COSINE: return s->optimizer.lr * c->floor;
    case TL_SCHEDULE_ONE_CYCLE: return s->optimizer.lr * c->final;
    case TL_SCHEDULE_PLATEAU: return s->optimizer.lr * fmax(c->floor, 1e-3);
    default: return -1;
    }
}

/* An epoch that a run before this one began has no mean here. */
static void note_epoch(tl_advice *a, const tl_training *t)
{
    a->sum += t->loss;
    a->losses++;
    if (t->cursor.epoch == a->epoch)
        return;
    if (a->losses >= tl_training_epoch_updates(t))
        tl_curve_add(&a->epochs, (double)t->cursor.update, a->sum / (double)a->losses);
    a->epoch = t->cursor.epoch;
    a->losses = 0;
    a->sum = 0;
}

void tl_advice_note(tl_advice *a, const tl_training *t)
{
    note_epoch(a, t);
    const int32_t k2 = t->engine->model->tbptt.k2;
    a->updates++;
    a->at_floor = t->lr <= floor_of(&t->spec) * (1 + 1e-9) ? a->at_floor + 1 : 0;
    if (t->lag && t->length == k2) {
        a->near += t->lag[1];
        a->far += t->lag[k2];
    }
}

/* ---- means ---- */

typedef struct Mean {
    double value, error;
} Mean;

static Mean mean_of(const double *y, size_t from, size_t to)
{
    double sum = 0, squares = 0, n = (double)(to - from);
    for (size_t i = from; i < to; i++)
        sum += y[i] / n;
    for (size_t i = from; i < to; i++)
        squares += (y[i] - sum) * (y[i] - sum);
    Mean m = { sum, sqrt(squares / (n - 1) / n) };
    return m;
}

static Mean quarter(const tl_curve *c, size_t i) { return mean_of(c->y, i * c->n / 4, (i + 1) * c->n / 4); }

/* ---- what may be said ---- */

static int explodes(const tl_training *t, const tl_curve *train, char *text)
{
    Mean last = quarter(train, 3), lowest = last;
    for (size_t i = 0; i < 3; i++)
        lowest = quarter(train, i).value < lowest.value ? quarter(train, i) : lowest;
    if (!(lowest.value > 0 && last.value > 3 * lowest.value && last.value > quarter(train, 0).value))
        return 0;
    snprintf(text, TL_ADVICE_SIZE, "the loss grew from %.3g to %.3g: a smaller learning rate, --lr %.1g, %s", lowest.value, last.value,
             t->spec.optimizer.lr / 10, t->spec.clip_norm > 0 ? "or a smaller --clip-norm" : "or --clip-norm 1");
    return 1;
}

/* The mean of the updates' losses around x: those of a twentieth of them. */
static double training_at(const tl_curve *c, double x)
{
    size_t at = 0, wide = c->n / 40 + 1;
    while (at + 1 < c->n && c->x[at] < x)
        at++;
    size_t from = at < wide ? 0 : at - wide, to = at + wide < c->n ? at + wide : c->n;
    return mean_of(c->y, from, to).value;
}

static int parts(const tl_curve *train, const tl_curve *valid, char *text)
{
    size_t n = valid->n, best = 0, tail = n / 6 < 2 ? 2 : n / 6;
    if (n < 6)
        return 0;
    for (size_t i = 1; i < n; i++)
        best = valid->y[i] < valid->y[best] ? i : best;
    double lowest = valid->y[best], now = mean_of(valid->y, n - tail, n).value;
    if (4 * (best + 1) > 3 * n || !(now > lowest + fabs(lowest) / 20) || !(quarter(train, 3).value < training_at(train, valid->x[best])))
        return 0;
    snprintf(text, TL_ADVICE_SIZE, "validation was best (%.3g) after update %.0f and is %.0f%% above that now, while the training's loss "
             "went on falling: --best keeps those weights and --patience stops there; more data, dropout, weight decay or a smaller model "
             "go further", lowest, valid->x[best], 100 * (now - lowest) / fabs(lowest));
    return 1;
}

static int cuts(const tl_advice *a, const tl_training *t, char *text)
{
    const tl_tbptt *k = &t->engine->model->tbptt;
    if ((k->k1 > 1 && k->counted != TL_COUNT_LAST) || k->k2 < 2 || !(a->near > 0 && a->far >= a->near / 10))
        return 0;
    snprintf(text, TL_ADVICE_SIZE, "%d steps back there still arrives %.0f%% of the gradient that arrives one step back: k2 may be short, "
             "--k2 %d looks further", (int)k->k2, 100 * a->far / a->near, 2 * (int)k->k2);
    return 1;
}

static int is_at_floor(const tl_advice *a, const tl_training *t, char *text)
{
    if (a->at_floor < 20 || a->at_floor < a->updates / 4)
        return 0;
    snprintf(text, TL_ADVICE_SIZE, "for the last %" PRIu64 " updates the learning rate was at its floor, %.2g: with a higher "
             "train.schedule.floor, or a longer schedule, there is more to learn, or the run may be shorter", a->at_floor, t->lr);
    return 1;
}

/* Early in a training a loss stands still as a rule, and falls then. */
static int is_early(const tl_advice *a) { return a->epochs.n < 3 && a->updates < 1000; }

static int stands_still(const tl_training *t, const tl_curve *train, char *text)
{
    Mean before = quarter(train, 2), last = quarter(train, 3);
    double change = fabs(before.value - last.value) + 2 * hypot(before.error, last.error);
    if (!(change < fabs(before.value) / 50))
        return 0;
    snprintf(text, TL_ADVICE_SIZE, "the loss stood still over the second half of the run, at %.3g: more updates alone change little; %s", last.value,
             t->lr > 0.5 * t->spec.optimizer.lr ? "--lr-find looks for another learning rate, --set train.schedule=reduce_on_plateau makes it smaller, or a larger model can do more"
                                                : "a larger model, other inputs or a longer k2 can do more");
    return 1;
}

int tl_advice_give(const tl_advice *a, const tl_training *t, const tl_curve *train, const tl_curve *valid,
                   char text[TL_ADVICE_MOST][TL_ADVICE_SIZE])
{
    int n = 0, grows, is_long = a->epochs.n >= 12 || train->n >= 40;
    train = a->epochs.n >= 12 ? &a->epochs : train;
    if (tl_is_whole_record(t->spec.optimizer.kind))
        return 0;
    n += grows = is_long && explodes(t, train, text[n]);
    if (!grows)
        n += is_long && parts(train, valid, text[n]);
    n += cuts(a, t, text[n]);
    if (n < TL_ADVICE_MOST)
        n += is_at_floor(a, t, text[n]);
    if (!n && is_long && !is_early(a))
        n += stands_still(t, train, text[n]);
    return n;
}
