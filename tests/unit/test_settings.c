/* Fields of a spec's `train` that a command line sets. */
#include "unit.h"

#include <string.h>

#include <tapeless/settings.h>

static const tl_train_spec adam = {
    .optimizer = { .kind = TL_ADAM, .lr = 2e-3, .beta1 = 0.8, .beta2 = 0.99, .eps = 1e-7, .weight_decay = 0.1 },
    .schedule = { .kind = TL_SCHEDULE_CONSTANT, .warmup = 10, .gamma = 0.1 },
    .clip_norm = 1,
};

static tl_train_spec applied(const char *text)
{
    tl_error e;
    tl_settings s = { 0 };
    tl_train_spec t = adam;
    if (tl_settings_read(&s, text, &e) || tl_settings_apply(&s, &t, &e))
        fail_msg("%s: %s", text, e.text);
    return t;
}

static void check_refused(const char *text, const char *why)
{
    tl_error e = { "" };
    tl_settings s = { 0 };
    tl_train_spec t = adam;
    if (tl_settings_read(&s, text, &e) == 0 && tl_settings_apply(&s, &t, &e) == 0)
        fail_msg("%s was taken", text);
    assert_string_equal(e.text, why);
}

static void every_field_can_be_set(void **state)
{
    (void)state;
    tl_train_spec t = applied("train.optimizer.lr=1e-2 train.optimizer.betas=0.5,0.6 train.optimizer.eps=1e-4 "
                              "train.optimizer.weight_decay=0 train.clip_norm=5 train.clip_value=2");
    assert_int_equal(t.optimizer.kind, TL_ADAM);
    assert_near(t.optimizer.lr, 1e-2, 0);
    assert_near(t.optimizer.beta1, 0.5, 0);
    assert_near(t.optimizer.beta2, 0.6, 0);
    assert_near(t.optimizer.eps, 1e-4, 0);
    assert_near(t.optimizer.weight_decay, 0, 0);
    assert_near(t.clip_norm, 5, 0);
    assert_near(t.clip_value, 2, 0);
    t = applied("train.optimizer=sgd train.optimizer.momentum=0.9 train.optimizer.nesterov=true");
    assert_true(t.optimizer.nesterov && t.optimizer.momentum == 0.9);
    t = applied("train.optimizer=sgd train.optimizer.dampening=0.1");
    assert_near(t.optimizer.dampening, 0.1, 0);
    t = applied("train.optimizer=rmsprop train.optimizer.alpha=0.5 train.optimizer.centered=true");
    assert_true(t.optimizer.centered && t.optimizer.alpha == 0.5);
    t = applied("train.schedule=step train.schedule.every=100 train.schedule.gamma=0.5 train.schedule.warmup=0");
    assert_true(t.schedule.every == 100 && t.schedule.gamma == 0.5 && t.schedule.warmup == 0);
    t = applied("train.schedule=cosine train.schedule.total=1000 train.schedule.floor=0.1");
    assert_true(t.schedule.total == 1000 && t.schedule.floor == 0.1);
    assert_int_equal(applied("train.accumulate=8").accumulate, 8);
    assert_near(applied("train.average=0.99").average, 0.99, 0);
    t = applied("train.schedule=one_cycle train.schedule.total=50 train.schedule.peak=0.5 train.schedule.final=0.01");
    assert_true(t.schedule.total == 50 && t.schedule.peak == 0.5 && t.schedule.final == 0.01 && t.schedule.start == 0.04);
    assert_int_equal(t.schedule.warmup, 0); /* it has one of its own */
    t = applied("train.schedule=reduce_on_plateau train.schedule.factor=0.5 train.schedule.min_delta=0.1");
    assert_true(t.schedule.factor == 0.5 && t.schedule.patience == 10 && t.schedule.min_delta == 0.1 && t.schedule.warmup == 10);
    t = applied("train.schedule=reduce_on_plateau train.schedule.patience=3 train.schedule.floor=0.2 train.schedule.warmup=0");
    assert_true(t.schedule.factor == 0.1 && t.schedule.patience == 3 && t.schedule.floor == 0.2 && t.schedule.warmup == 0);
}

/* Fields before the optimizer they are of: the order of the line does not matter. */
static void another_optimizer_has_its_own_defaults_and_the_lr(void **state)
{
    (void)state;
    tl_train_spec t = applied("train.optimizer.momentum=0.9 train.optimizer=sgd");
    assert_int_equal(t.optimizer.kind, TL_SGD);
    assert_near(t.optimizer.lr, 2e-3, 0);
    assert_near(t.optimizer.weight_decay, 0, 0);
    assert_near(t.optimizer.momentum, 0.9, 0);
    t = applied("train.optimizer=adamw");
    assert_near(t.optimizer.weight_decay, 1e-2, 0);
    assert_near(t.optimizer.beta1, 0.9, 0);
    t = applied("train.optimizer=adam"); /* is what it was */
    assert_near(t.optimizer.beta1, 0.8, 0);
    t = applied("train.schedule=cosine");
    assert_int_equal(t.schedule.warmup, 10);
}

#define PLAIN "train.optimizer=lbfgs train.schedule.warmup=0 train.clip_norm=0"

/* The same as the spec's lbfgs {}: signatures.lua. */
static void what_has_no_learning_rate_has_its_own_defaults(void **state)
{
    (void)state;
    tl_train_spec t = applied(PLAIN);
    assert_true(t.optimizer.history == 10 && t.optimizer.l2 == 0 && t.optimizer.patience == 0 && t.optimizer.lr == 0);
    assert_true(t.optimizer.tol_gradient == 1e-10 && t.optimizer.tol_step == 1e-12 && t.optimizer.tol_cost == 1e-14);
    assert_true(t.optimizer.beta1 == 0 && t.optimizer.eps == 0);
    t = applied(PLAIN " train.optimizer.history=3 train.optimizer.l2=0.5 train.optimizer.patience=7 "
                "train.optimizer.tol_gradient=1e-3 train.optimizer.tol_step=1e-4 train.optimizer.tol_cost=1e-5");
    assert_true(t.optimizer.history == 3 && t.optimizer.l2 == 0.5 && t.optimizer.patience == 7);
    assert_true(t.optimizer.tol_gradient == 1e-3 && t.optimizer.tol_step == 1e-4 && t.optimizer.tol_cost == 1e-5);
    check_refused("train.optimizer=lbfgs train.optimizer.lr=1", "--set train.optimizer.lr=1: lbfgs has no field lr");
    check_refused(PLAIN " train.optimizer.history=0",
                  "--set train.optimizer.history=0: it takes a whole number from 1 to 1000");
    check_refused("train.optimizer=lbfgs train.schedule.warmup=0 train.clip_norm=1",
                  "train: clip_norm bounds a gradient before a learning rate multiplies it; lbfgs has none, and looks "
                  "for the length of its steps itself; leave it out (--set train.clip_norm=0)");
}

static void one_with_a_learning_rate_follows_one_without(void **state)
{
    (void)state;
    tl_error e;
    const tl_train_spec lbfgs = { .optimizer = { .kind = TL_LBFGS, .history = 10 } };
    tl_train_spec t = lbfgs;
    tl_settings s = { 0 };
    assert_int_equal(tl_settings_read(&s, "train.optimizer=adam", &e) || tl_settings_apply(&s, &t, &e), 0);
    assert_true(t.optimizer.lr == 1e-3 && t.optimizer.beta1 == 0.9 && t.optimizer.history == 0);
    t = lbfgs;
    s = (tl_settings){ 0 };
    assert_int_equal(tl_settings_read(&s, "train.optimizer=sgd", &e), 0);
    assert_int_equal(tl_settings_apply(&s, &t, &e), -1);
    assert_string_equal(e.text, "--set train.optimizer=sgd: lr is missing, for lbfgs has none: --set "
                        "train.optimizer.lr=X");
    t = lbfgs;
    assert_int_equal(tl_settings_read(&s, "train.optimizer.lr=0.5", &e) || tl_settings_apply(&s, &t, &e), 0);
    assert_true(t.optimizer.kind == TL_SGD && t.optimizer.lr == 0.5);
}

static void mistakes_name_the_option(void **state)
{
    (void)state;
    check_refused("train.optimizer=nadam", "--set train.optimizer=nadam: it takes sgd, adam, adamw, rmsprop, lm, lbfgs, ekf "
                                           "or ridge");
    check_refused("train.schedule=linear", "--set train.schedule=linear: it takes constant, step, cosine, one_cycle or reduce_on_plateau");
    check_refused("train.optimizer.lr=-1", "--set train.optimizer.lr=-1: it takes a number from 0");
    check_refused("train.optimizer.lr=nan", "--set train.optimizer.lr=nan: it takes a number from 0");
    check_refused("train.optimizer.eps=0", "--set train.optimizer.eps=0: it takes a number above 0");
    check_refused("train.optimizer.betas=0.9", "--set train.optimizer.betas=0.9: it takes two numbers from 0 and below "
                                               "1, 0.9,0.999");
    check_refused("train.optimizer.betas=0.9,1", "--set train.optimizer.betas=0.9,1: it takes two numbers from 0 and "
                                                 "below 1, 0.9,0.999");
    check_refused("train.optimizer=sgd train.optimizer.momentum=1",
                  "--set train.optimizer.momentum=1: it takes a number from 0, and below 1");
    check_refused("train.optimizer.momentum=0.9", "--set train.optimizer.momentum=0.9: adam has no field momentum");
    check_refused("train.schedule.every=10", "--set train.schedule.every=10: constant has no field every");
    check_refused("train.schedule=step", "--set train.schedule=step: every is missing, the number of updates from one "
                                         "step to the next: --set train.schedule.every=N");
    check_refused("train.schedule=one_cycle train.schedule.warmup=3",
                  "--set train.schedule.warmup=3: one_cycle has no field warmup");
    check_refused("train.schedule=reduce_on_plateau train.schedule.factor=1",
                  "--set train.schedule.factor=1: it takes a number from 0, and below 1");
    check_refused("train.schedule.warmup=1.5", "--set train.schedule.warmup=1.5: it takes a whole number from 0 to 2^40");
    check_refused("train.optimizer=sgd train.optimizer.nesterov=true",
                  "--set train.optimizer.nesterov: nesterov needs a momentum and no dampening");
    check_refused("train.optimizer=sgd train.optimizer.nesterov=yes",
                  "--set train.optimizer.nesterov=yes: it takes true or false");
    check_refused("train.clip_norm=1 train.clip_norm=2", "train.clip_norm is set twice, to 1 and to 2; set it once");
    check_refused("clip_norm=1", "--set clip_norm=1: write train.FIELD=VALUE, such as train.clip_norm=5");
    check_refused("train.clip_norm", "--set train.clip_norm: write train.FIELD=VALUE, such as train.clip_norm=5");
}

static void what_was_set_is_kept_as_text(void **state)
{
    (void)state;
    tl_error e;
    char text[256];
    tl_settings s = { 0 }, over = { 0 };
    assert_int_equal(tl_settings_read(&s, "train.clip_norm=5 train.optimizer=sgd", &e), 0);
    tl_settings_text(&s, text, sizeof text);
    assert_string_equal(text, "train.optimizer=sgd train.clip_norm=5");
    assert_int_equal(tl_settings_read(&over, "train.clip_norm=6", &e), 0);
    tl_settings_override(&s, &over);
    tl_settings_text(&s, text, sizeof text);
    assert_string_equal(text, "train.optimizer=sgd train.clip_norm=6");
    tl_train_spec was = applied("train.clip_norm=5"), now = applied("train.clip_norm=6 train.optimizer.lr=0.5");
    tl_settings_differences(&was, &now, text, sizeof text);
    assert_string_equal(text, "train.optimizer.lr=0.5 instead of 0.002, train.clip_norm=6 instead of 5");
    now = applied("train.clip_norm=5 train.optimizer=sgd");
    tl_settings_differences(&was, &now, text, sizeof text);
    assert_string_equal(text, "train.optimizer=sgd instead of adam");
    tl_settings_differences(&was, &was, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_can_be_set),
        cmocka_unit_test(another_optimizer_has_its_own_defaults_and_the_lr),
        cmocka_unit_test(what_has_no_learning_rate_has_its_own_defaults),
        cmocka_unit_test(one_with_a_learning_rate_follows_one_without),
        cmocka_unit_test(mistakes_name_the_option),
        cmocka_unit_test(what_was_set_is_kept_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
