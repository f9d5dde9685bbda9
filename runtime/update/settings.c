#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "accumulate.h"
#include "average.h"
#include "number.h"

typedef enum Kind { OPTIMIZER, SCHEDULE, NUMBER, WHOLE, FLAG, BETAS } Kind;

enum { ANY = 0, OF_SGD = 1 << TL_SGD, OF_ADAM = 1 << TL_ADAM | 1 << TL_ADAMW, OF_RMSPROP = 1 << TL_RMSPROP,
       OF_LR = OF_SGD | OF_ADAM | OF_RMSPROP, OF_LM = 1 << TL_LM, OF_LBFGS = 1 << TL_LBFGS, OF_EKF = 1 << TL_EKF,
       OF_RIDGE = 1 << TL_RIDGE };
enum { OF_STEP = 1 << TL_SCHEDULE_STEP, OF_COSINE = 1 << TL_SCHEDULE_COSINE, OF_CYCLE = 1 << TL_SCHEDULE_ONE_CYCLE,
       OF_PLATEAU = 1 << TL_SCHEDULE_PLATEAU, OF_WARMUP = 1 << TL_SCHEDULE_CONSTANT | OF_STEP | OF_COSINE | OF_PLATEAU };

typedef struct Field {
    const char *name;
    Kind kind;
    size_t at;          /* in tl_train_spec */
    double low, high;   /* inclusive, but an open bound */
    int open;           /* 1: low, 2: high */
    int of;             /* kinds of optimizer or schedule that have it; ANY: all */
    const char *takes;
} Field;

#define AT(field) offsetof(tl_train_spec, field)
static const Field fields[TL_SETTINGS] = {
    { "optimizer", OPTIMIZER, 0, 0, 0, 0, ANY, "sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge" },
    { "optimizer.lr", NUMBER, AT(optimizer.lr), 0, 1e300, 0, OF_LR, "a number from 0" },
    { "optimizer.momentum", NUMBER, AT(optimizer.momentum), 0, 1, 2, OF_SGD | OF_RMSPROP,
      "a number from 0, and below 1" },
    { "optimizer.dampening", NUMBER, AT(optimizer.dampening), 0, 1e300, 0, OF_SGD, "a number from 0" },
    { "optimizer.weight_decay", NUMBER, AT(optimizer.weight_decay), 0, 1e300, 0, OF_LR, "a number from 0" },
    { "optimizer.nesterov", FLAG, AT(optimizer.nesterov), 0, 0, 0, OF_SGD, "true or false" },
    { "optimizer.betas", BETAS, AT(optimizer.beta1), 0, 1, 2, OF_ADAM, "two numbers from 0 and below 1, 0.9,0.999" },
    { "optimizer.eps", NUMBER, AT(optimizer.eps), 0, 1e300, 1, OF_ADAM | OF_RMSPROP, "a number above 0" },
    { "optimizer.alpha", NUMBER, AT(optimizer.alpha), 0, 1, 2, OF_RMSPROP, "a number from 0, and below 1" },
    { "optimizer.centered", FLAG, AT(optimizer.centered), 0, 0, 0, OF_RMSPROP, "true or false" },
    { "optimizer.lambda", NUMBER, AT(optimizer.lambda), 0, 1e300, 1, OF_LM, "a number above 0" },
    { "optimizer.geodesic", FLAG, AT(optimizer.geodesic), 0, 0, 0, OF_LM, "true or false" },
    { "optimizer.keep_scale", FLAG, AT(optimizer.keep_scale), 0, 0, 0, OF_LM, "true or false" },
    { "optimizer.history", WHOLE, AT(optimizer.history), 1, 1000, 0, OF_LBFGS, "a whole number from 1 to 1000" },
    { "optimizer.l2", NUMBER, AT(optimizer.l2), 0, 1e300, 0, OF_LM | OF_LBFGS | OF_RIDGE, "a number from 0" },
    { "optimizer.tol_gradient", NUMBER, AT(optimizer.tol_gradient), 0, 1e300, 0, OF_LM | OF_LBFGS, "a number from 0" },
    { "optimizer.tol_step", NUMBER, AT(optimizer.tol_step), 0, 1e300, 0, OF_LM | OF_LBFGS, "a number from 0" },
    { "optimizer.tol_cost", NUMBER, AT(optimizer.tol_cost), 0, 1e300, 0, OF_LM | OF_LBFGS, "a number from 0" },
    { "optimizer.patience", WHOLE, AT(optimizer.patience), 0, 1099511627776.0, 0, OF_LM | OF_LBFGS,
      "a whole number from 0 to 2^40" },
    { "optimizer.p", NUMBER, AT(optimizer.p), 0, 1e300, 1, OF_EKF, "a number above 0" },
    { "optimizer.q", NUMBER, AT(optimizer.q), 0, 1e300, 0, OF_EKF, "a number from 0" },
    { "optimizer.r", NUMBER, AT(optimizer.r), 0, 1e300, 1, OF_EKF, "a number above 0" },
    { "optimizer.forgetting", NUMBER, AT(optimizer.forgetting), 0, 1, 1, OF_EKF, "a number above 0, and 1 at most" },
    { "optimizer.decoupled", FLAG, AT(optimizer.decoupled), 0, 0, 0, OF_EKF, "true or false" },
    { "schedule", SCHEDULE, 0, 0, 0, 0, ANY, "constant, step, cosine, one_cycle or reduce_on_plateau" },
    { "schedule.warmup", WHOLE, AT(schedule.warmup), 0, 1099511627776.0, 0, OF_WARMUP, "a whole number from 0 to 2^40" },
    { "schedule.every", WHOLE, AT(schedule.every), 1, 1099511627776.0, 0, OF_STEP, "a whole number from 1 to 2^40" },
    { "schedule.gamma", NUMBER, AT(schedule.gamma), 0, 1e300, 1, OF_STEP, "a number above 0" },
    { "schedule.total", WHOLE, AT(schedule.total), 0, 1099511627776.0, 0, OF_COSINE | OF_CYCLE, "a whole number from 0 to 2^40" },
    { "schedule.floor", NUMBER, AT(schedule.floor), 0, 1, 0, OF_COSINE | OF_PLATEAU, "a number from 0 to 1" },
    { "schedule.peak", NUMBER, AT(schedule.peak), 0, 1, 0, OF_CYCLE, "a number from 0 to 1" },
    { "schedule.start", NUMBER, AT(schedule.start), 0, 1, 0, OF_CYCLE, "a number from 0 to 1" },
    { "schedule.final", NUMBER, AT(schedule.final), 0, 1, 0, OF_CYCLE, "a number from 0 to 1" },
    { "schedule.factor", NUMBER, AT(schedule.factor), 0, 1, 2, OF_PLATEAU, "a number from 0, and below 1" },
    { "schedule.patience", WHOLE, AT(schedule.patience), 0, 1099511627776.0, 0, OF_PLATEAU, "a whole number from 0 to 2^40" },
    { "schedule.min_delta", NUMBER, AT(schedule.min_delta), 0, 1e300, 0, OF_PLATEAU, "a number from 0" },
    { "clip_norm", NUMBER, AT(clip_norm), 0, 1e300, 0, ANY, "a number from 0" },
    { "clip_value", NUMBER, AT(clip_value), 0, 1e300, 0, ANY, "a number from 0" },
    { "accumulate", WHOLE, AT(accumulate), 1, 1099511627776.0, 0, ANY, "a whole number from 1 to 2^40" },
    { "average", NUMBER, AT(average), 0, 1, 2, ANY, "a number from 0, and below 1" },
};

static const char *const optimizers[] = { TL_EACH_OPTIMIZER(TL_WORD) NULL };
static const char *const schedules[] = { TL_EACH_SCHEDULE(TL_WORD) NULL };

/* ---- values ---- */

static int word_index(const char *const *words, const char *value)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    return -1;
}

static int within(const Field *f, double x)
{
    return (f->open == 1 ? x > f->low : x >= f->low) && (f->open == 2 ? x < f->high : x <= f->high);
}

static int read_betas(const Field *f, const char *value, double *beta)
{
    char first[TL_SETTING_SIZE];
    size_t n = strcspn(value, ",");
    if (!value[n] || n >= sizeof first)
        return 0;
    memcpy(first, value, n);
    first[n] = 0;
    return tl_parse_number(first, &beta[0]) && tl_parse_number(value + n + 1, &beta[1]) && within(f, beta[0]) &&
           within(f, beta[1]);
}

static void *member(const Field *f, tl_train_spec *s) { return (char *)s + f->at; }

static int set_flag(const char *value, int32_t *to)
{
    *to = strcmp(value, "true") == 0;
    return *to || strcmp(value, "false") == 0;
}

/* Names, defaults: signatures.lua. */
static tl_optimizer_spec defaults(tl_optimizer_kind kind, double lr)
{
    switch (kind) {
    case TL_LM:
        return (tl_optimizer_spec){ .kind = kind, .lambda = 1e-3, .tol_gradient = 1e-10, .tol_step = 1e-12,
                                    .tol_cost = 1e-14 };
    case TL_LBFGS:
        return (tl_optimizer_spec){ .kind = kind, .history = 10, .tol_gradient = 1e-10, .tol_step = 1e-12,
                                    .tol_cost = 1e-14 };
    case TL_EKF: return (tl_optimizer_spec){ .kind = kind, .p = 1, .q = 1e-8, .r = 1, .forgetting = 1 };
    case TL_RIDGE: return (tl_optimizer_spec){ .kind = kind, .l2 = 1e-6 };
    default:
        return (tl_optimizer_spec){ .kind = kind, .lr = lr, .beta1 = 0.9, .beta2 = 0.999,
                                    .weight_decay = kind == TL_ADAMW ? 1e-2 : 0, .eps = kind == TL_SGD ? 0 : 1e-8,
                                    .alpha = kind == TL_RMSPROP ? 0.99 : 0 };
    }
}

/* Behind one without a learning rate the new one has its own. */
static void choose_optimizer(tl_optimizer_kind kind, tl_optimizer_spec *o)
{
    double lr = tl_has_lr(o->kind) ? o->lr : kind == TL_RMSPROP ? 1e-2 : kind == TL_SGD ? 0 : 1e-3;
    if (o->kind != kind)
        *o = defaults(kind, lr);
}

static void choose_schedule(tl_schedule_kind kind, tl_schedule_spec *s)
{
    const int64_t warmup = s->warmup;
    if (s->kind == kind)
        return;
    *s = (tl_schedule_spec){ .kind = kind };
    switch (kind) { /* signatures.lua */
    case TL_SCHEDULE_STEP: s->gamma = 0.1; break;
    case TL_SCHEDULE_ONE_CYCLE: s->peak = 0.3; s->start = 0.04; s->final = 4e-6; return;
    case TL_SCHEDULE_PLATEAU: s->factor = 0.1; s->patience = 10; break;
    default: break;
    }
    s->warmup = warmup;
}

/* 0 if the value cannot be one of the field. */
static int set_field(const Field *f, const char *value, tl_train_spec *s)
{
    int i;
    int64_t n;
    switch (f->kind) {
    case OPTIMIZER:
        if ((i = word_index(optimizers, value)) >= 0)
            choose_optimizer((tl_optimizer_kind)i, &s->optimizer);
        return i >= 0;
    case SCHEDULE:
        if ((i = word_index(schedules, value)) >= 0)
            choose_schedule((tl_schedule_kind)i, &s->schedule);
        return i >= 0;
    case NUMBER: return tl_parse_number(value, member(f, s)) && within(f, *(double *)member(f, s));
    case WHOLE:
        if (!tl_parse_whole(value, &n) || !within(f, (double)n))
            return 0;
        *(int64_t *)member(f, s) = n;
        return 1;
    case FLAG: return set_flag(value, member(f, s));
    default: return read_betas(f, value, member(f, s));
    }
}

/* ---- adding ---- */

static size_t find_field(const char *name, size_t n)
{
    size_t i = 0;
    while (i < TL_SETTINGS && (strlen(fields[i].name) != n || memcmp(fields[i].name, name, n)))
        i++;
    return i;
}

/* The field, of the optimizer or the schedule, whose last word that is; or TL_SETTINGS. */
static size_t field_within(const char *name, size_t n)
{
    size_t i = 0;
    for (; i < TL_SETTINGS; i++) {
        const char *dot = strchr(fields[i].name, '.');
        if (dot && strlen(dot + 1) == n && !memcmp(dot + 1, name, n))
            break;
    }
    return i;
}

static int no_field(const char *assignment, tl_error *e)
{
    const char *name = assignment + strlen("train.");
    const size_t meant = strncmp(assignment, "train.", strlen("train.")) ? TL_SETTINGS : field_within(name, strcspn(name, "="));
    if (meant < TL_SETTINGS)
        return tl_fail(e, "--set %s: train has no such field; did you mean train.%s?", assignment, fields[meant].name);
    char names[900] = "";
    size_t used = 0;
    for (size_t i = 0; i < TL_SETTINGS && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", fields[i].name);
    return tl_fail(e, "--set %s: train has no such field; its fields are %s", assignment, names);
}

int tl_settings_add(tl_settings *s, const char *assignment, tl_error *e)
{
    tl_train_spec scratch = { 0 };
    const char *equals = strchr(assignment, '=');
    if (!equals || strncmp(assignment, "train.", 6))
        return tl_fail(e, "--set %s: write train.FIELD=VALUE, such as train.clip_norm=5", assignment);
    size_t i = find_field(assignment + 6, (size_t)(equals - assignment) - 6);
    if (i == TL_SETTINGS)
        return no_field(assignment, e);
    if (s->value[i][0])
        return tl_fail(e, "train.%s is set twice, to %s and to %s; set it once", fields[i].name, s->value[i],
                       equals + 1);
    if (strlen(equals + 1) >= TL_SETTING_SIZE || !set_field(&fields[i], equals + 1, &scratch))
        return tl_fail(e, "--set %s: it takes %s", assignment, fields[i].takes);
    strcpy(s->value[i], equals + 1);
    return 0;
}

int tl_settings_read(tl_settings *s, const char *text, tl_error *e)
{
    char word[32 + TL_SETTING_SIZE];
    while (*text) {
        size_t n = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        if (tl_settings_add(s, word, e))
            return -1;
        text += n + (text[n] == ' ');
    }
    return 0;
}

/* ---- applying ---- */

static const char *kind_of(const Field *f, const tl_train_spec *s)
{
    return strncmp(f->name, "schedule", 8) ? optimizers[s->optimizer.kind] : schedules[s->schedule.kind];
}

static int is_of(const Field *f, const tl_train_spec *s)
{
    int kind = strncmp(f->name, "schedule", 8) ? (int)s->optimizer.kind : (int)s->schedule.kind;
    return f->of == ANY || (f->of >> kind & 1);
}

/* Of the optimizer or schedule, when there is another: all of its fields differ. */
static int is_of_another(const Field *f, const tl_train_spec *a, const tl_train_spec *b)
{
    return (strncmp(f->name, "optimizer.", 10) == 0 && a->optimizer.kind != b->optimizer.kind) ||
           (strncmp(f->name, "schedule.", 9) == 0 && a->schedule.kind != b->schedule.kind);
}

/* What has no learning rate has no use for what changes it, or for the gradient that it multiplies. */
static int check_without_lr(const tl_train_spec *s, tl_error *e)
{
    const char *kind = optimizers[s->optimizer.kind], *clip = s->clip_norm > 0 ? "clip_norm" : "clip_value";
    const char *step = s->optimizer.kind == TL_RIDGE ? "solves for the parameters at once"
                       : tl_is_whole_record(s->optimizer.kind) ? "looks for the length of its steps itself"
                                                             : "works out its steps from variances";
    if (s->schedule.kind != TL_SCHEDULE_CONSTANT || s->schedule.warmup)
        return tl_fail(e, "train: the schedule is of a learning rate, and %s has none: it %s; leave the schedule out "
                       "(--set train.schedule=constant%s)", kind, step,
                       s->schedule.warmup ? " --set train.schedule.warmup=0" : "");
    if (s->clip_norm > 0 || s->clip_value > 0)
        return tl_fail(e, "train: %s bounds a gradient before a learning rate multiplies it; %s has none, and %s; "
                       "leave it out (--set train.%s=0)", clip, kind, step, clip);
    if (tl_accumulates(s))
        return tl_fail(e, "train: accumulate adds up gradients of windows for one step along them, and %s has none: it %s; leave it "
                       "out (--set train.accumulate=1)", kind, step);
    return 0;
}

/* What the spec's own tables are checked for once they are whole. */
static int check_whole(const tl_train_spec *s, tl_error *e)
{
    const tl_optimizer_spec *o = &s->optimizer;
    if (!tl_has_lr(o->kind) && check_without_lr(s, e))
        return -1;
    if (tl_averages(s) && tl_is_whole_record(o->kind))
        return tl_fail(e, "train: average is of parameters that go on moving, and %s ends at a minimum; leave it out "
                       "(--set train.average=0)", optimizers[o->kind]);
    if (o->nesterov && (o->momentum == 0 || o->dampening != 0))
        return tl_fail(e, "--set train.optimizer.nesterov: nesterov needs a momentum and no dampening");
    if (s->schedule.kind == TL_SCHEDULE_STEP && s->schedule.every < 1)
        return tl_fail(e, "--set train.schedule=step: every is missing, the number of updates from one step to the "
                       "next: --set train.schedule.every=N");
    return 0;
}

/* SGD has no learning rate of its own, and what was there before may have had none. */
static int check_lr(const tl_settings *settings, const tl_train_spec *was, const tl_train_spec *s, tl_error *e)
{
    size_t lr = find_field("optimizer.lr", strlen("optimizer.lr"));
    if (settings->value[lr][0])
        return 0;
    if (s->optimizer.kind != TL_SGD || tl_has_lr(was->optimizer.kind))
        return 0;
    return tl_fail(e, "--set train.optimizer=sgd: lr is missing, for %s has none: --set train.optimizer.lr=X",
                   optimizers[was->optimizer.kind]);
}

/* Who asks for another optimizer does not mean what the spec says of a learning rate, where it has none. */
static void leave_behind(const tl_train_spec *was, tl_train_spec *s)
{
    if (tl_has_lr(s->optimizer.kind) || !tl_has_lr(was->optimizer.kind))
        return;
    s->clip_norm = s->clip_value = 0;
    s->accumulate = 1;
    s->average = 0;
    s->schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_CONSTANT };
}

int tl_settings_apply(const tl_settings *settings, tl_train_spec *s, tl_error *e)
{
    const tl_train_spec was = *s;
    for (size_t i = 0; i < TL_SETTINGS; i++) { /* an optimizer stands before its fields */
        const char *value = settings->value[i];
        if (*value && !is_of(&fields[i], s))
            return tl_fail(e, "--set train.%s=%s: %s has no field %s", fields[i].name, value, kind_of(&fields[i], s),
                           strchr(fields[i].name, '.') + 1);
        if (*value && !set_field(&fields[i], value, s))
            return tl_fail(e, "--set train.%s=%s: it takes %s", fields[i].name, value, fields[i].takes);
        if (*value && !strcmp(fields[i].name, "optimizer"))
            leave_behind(&was, s);
    }
    return check_lr(settings, &was, s, e) || check_whole(s, e) ? -1 : 0;
}

void tl_settings_override(tl_settings *s, const tl_settings *over)
{
    for (size_t i = 0; i < TL_SETTINGS; i++)
        if (over->value[i][0])
            strcpy(s->value[i], over->value[i]);
}

static void write_value(const Field *f, const tl_train_spec *s, char *text, size_t size)
{
    const void *at = (const char *)s + f->at;
    const double *number = at;
    switch (f->kind) {
    case OPTIMIZER: snprintf(text, size, "%s", optimizers[s->optimizer.kind]); return;
    case SCHEDULE: snprintf(text, size, "%s", schedules[s->schedule.kind]); return;
    case NUMBER: snprintf(text, size, "%.9g", *number); return;
    case WHOLE: snprintf(text, size, "%lld", (long long)*(const int64_t *)at); return;
    case FLAG: snprintf(text, size, "%s", *(const int32_t *)at ? "true" : "false"); return;
    default: snprintf(text, size, "%.9g,%.9g", number[0], number[1]); return;
    }
}

void tl_settings_differences(const tl_train_spec *was, const tl_train_spec *now, char *text, size_t size)
{
    size_t used = 0;
    *text = 0;
    for (size_t i = 0; i < TL_SETTINGS; i++) {
        char old[TL_SETTING_SIZE], new[TL_SETTING_SIZE];
        write_value(&fields[i], was, old, sizeof old);
        write_value(&fields[i], now, new, sizeof new);
        if (strcmp(old, new) && is_of(&fields[i], now) && !is_of_another(&fields[i], was, now) && used < size)
            used += (size_t)snprintf(text + used, size - used, "%strain.%s=%s instead of %s", used ? ", " : "",
                                     fields[i].name, new, old);
    }
}

void tl_settings_text(const tl_settings *s, char *text, size_t size)
{
    size_t used = 0;
    *text = 0;
    for (size_t i = 0; i < TL_SETTINGS; i++)
        if (s->value[i][0] && used < size)
            used += (size_t)snprintf(text + used, size - used, "%strain.%s=%s", used ? " " : "", fields[i].name,
                                     s->value[i]);
}
