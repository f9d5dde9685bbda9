/* What a training's numbers bear out, and that nothing is said where they do not. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include <tapeless/advice.h>

static const tl_model adam = { .name = "m", .loss = "mse", .tbptt = { .k1 = 1, .k2 = 8, .batch = 1 },
                               .train = { .optimizer = { .kind = TL_ADAM, .lr = 0.01 } } };

typedef struct Case {
    tl_engine engine;
    tl_training t;
    tl_advice a;
    tl_curve train, valid;
} Case;

static Case cases; /* curves are large */

static Case *begin(void)
{
    cases = (Case){ .engine = { .model = &adam } };
    cases.t = (tl_training){ .engine = &cases.engine, .spec = adam.train, .lr = 0.01 };
    return &cases;
}

/* A level at each quarter, from one to the next along lines, and noise that is the same in each. */
static void losses(Case *c, size_t n, double a, double b, double d, double e, double noise)
{
    const double level[] = { a, b, d, e };
    c->a.updates = 1000;
    for (size_t i = 0; i < n; i++) {
        size_t q = 4 * i / n;
        double within = (double)(4 * i % n) / (double)n, next = level[q < 3 ? q + 1 : 3];
        tl_curve_add(&c->train, (double)(i + 1), level[q] + within * (next - level[q]) + (i % 2 ? noise : -noise));
    }
}

static void says(Case *c, const char *words)
{
    char text[TL_ADVICE_MOST][TL_ADVICE_SIZE];
    int n = tl_advice_give(&c->a, &c->t, &c->train, &c->valid, text);
    if (!words && n)
        fail_msg("it says: %s", text[0]);
    if (words && (n < 1 || !strstr(text[0], words)))
        fail_msg("it says: %s, not %s", n ? text[0] : "nothing", words);
}

static void a_loss_that_falls_needs_no_advice(void **state)
{
    (void)state;
    Case *c = begin();
    losses(c, 400, 4, 3, 2, 1, 0.1);
    says(c, NULL);
}

static void a_loss_stands_still_if_noise_cannot_hide_that_it_fell(void **state)
{
    (void)state;
    Case *c = begin();
    losses(c, 400, 4, 2, 1.5, 1, 0.01);
    says(c, NULL); /* the third quarter is still on its way */
    c = begin();
    losses(c, 400, 2, 1, 1, 1, 0.01);
    says(c, "the loss stood still over the second half of the run, at 1: more updates alone change little; --lr-find");
    c = begin();
    losses(c, 400, 2, 1, 1, 1, 0.5);
    says(c, NULL);
    c = begin();
    losses(c, 39, 2, 1, 1, 1, 0.001);
    says(c, NULL);
    c = begin();
    losses(c, 400, 2, 1, 1, 1, 0.01);
    c->t.lr = 0.001; /* it was made smaller already */
    says(c, "a larger model, other inputs or a longer k2 can do more");
}

static void a_short_run_may_stand_still(void **state)
{
    (void)state;
    Case *c = begin();
    losses(c, 400, 2, 1, 1, 1, 0.01);
    c->a.updates = 999;
    c->a.epochs.n = 2;
    says(c, NULL);
    c->a.epochs.n = 3;
    says(c, "the loss stood still");
}

static void a_loss_that_grows_is_told(void **state)
{
    (void)state;
    Case *c = begin();
    losses(c, 400, 2, 1, 4, 40, 0.01);
    says(c, "a smaller learning rate, --lr 0.001, or --clip-norm 1");
    c->t.spec.clip_norm = 1;
    says(c, "or a smaller --clip-norm");
    c = begin();
    losses(c, 400, 50, 1, 4, 10, 0.01); /* less than it began with */
    says(c, NULL);
}

static void validate(Case *c, int n, double low, double high, int best)
{
    for (int i = 0; i < n; i++)
        tl_curve_add(&c->valid, 400.0 / n * (i + 1), i <= best ? 2 * low - low * i / best : high);
}

static void validation_parts_from_training(void **state)
{
    (void)state;
    Case *c = begin();
    losses(c, 400, 4, 3, 2, 1, 0.01);
    validate(c, 12, 2, 2.4, 4);
    says(c, "validation was best (2) after update 167 and is 20% above that now, while the training's loss went on falling");
    c = begin();
    losses(c, 400, 4, 3, 2, 1, 0.01);
    validate(c, 12, 2, 2.08, 4);
    says(c, NULL); /* by less than a twentieth */
    c = begin();
    losses(c, 400, 4, 3, 2, 1, 0.01);
    validate(c, 5, 2, 2.4, 1);
    says(c, NULL); /* too few */
    c = begin();
    losses(c, 400, 4, 3, 2, 1, 0.01);
    validate(c, 12, 2, 2.4, 9);
    says(c, NULL); /* only now */
    c = begin();
    losses(c, 400, 4, 1, 2, 3, 0.01);
    validate(c, 12, 2, 2.4, 3);
    says(c, NULL); /* so does the training */
}

/* Updates as a training makes them. */
static void note(Case *c, int updates, double lr, double near, double far)
{
    double lag[9] = { 0, near, 0, 0, 0, 0, 0, 0, far };
    c->t.lag = lag;
    c->t.length = 8;
    c->t.lr = lr;
    for (int i = 0; i < updates; i++)
        tl_advice_note(&c->a, &c->t);
    c->t.lag = NULL;
}

static void k2_is_short_where_gradient_still_arrives(void **state)
{
    (void)state;
    Case *c = begin();
    note(c, 10, 0.01, 1, 0.34);
    says(c, "8 steps back there still arrives 34% of the gradient that arrives one step back: k2 may be short, --k2 16");
    c = begin();
    note(c, 10, 0.01, 1, 0.09);
    says(c, NULL);
    tl_model all = adam;
    all.tbptt.k1 = 4; /* losses of several steps add up: a lag is no distance */
    c = begin();
    c->engine.model = &all;
    note(c, 10, 0.01, 1, 0.34);
    says(c, NULL);
    all.tbptt.counted = TL_COUNT_LAST;
    says(c, "k2 may be short");
}

static void a_rate_at_its_floor_is_told(void **state)
{
    (void)state;
    Case *c = begin();
    c->t.spec.schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_PLATEAU, .factor = 0.1, .floor = 0.01 };
    note(c, 60, 0.01, 0, 0);
    note(c, 40, 0.0001, 0, 0);
    says(c, "for the last 40 updates the learning rate was at its floor, 0.0001");
    c->t.spec.schedule.floor = 0; /* then a thousandth is */
    says(c, "for the last 40");
    note(c, 1, 0.01, 0, 0);
    says(c, NULL);
    c = begin();
    note(c, 100, 0.01, 0, 0);
    says(c, NULL); /* no schedule */
    c->t.spec.schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_COSINE };
    note(c, 19, 0, 0, 0);
    says(c, NULL);
    note(c, 30, 0, 0, 0);
    says(c, "for the last 49 updates");
    c->t.spec.optimizer.kind = TL_LBFGS;
    says(c, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loss_that_falls_needs_no_advice),
        cmocka_unit_test(a_loss_stands_still_if_noise_cannot_hide_that_it_fell),
        cmocka_unit_test(a_short_run_may_stand_still),
        cmocka_unit_test(a_loss_that_grows_is_told),
        cmocka_unit_test(validation_parts_from_training),
        cmocka_unit_test(k2_is_short_where_gradient_still_arrives),
        cmocka_unit_test(a_rate_at_its_floor_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
