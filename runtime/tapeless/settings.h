/* settings.h - fields of a spec's `train` that a command line sets: --set train.clip_norm=5.
 *
 * Names, defaults and bounds are those of the spec (compiler/front/lua/training.lua): optimizer, and
 * optimizer.FIELD of the optimizer there is; schedule, and schedule.FIELD; clip_norm; clip_value; accumulate; average.
 * Another optimizer begins with its own defaults and the lr there was, another schedule with its defaults
 * and the warmup there was; what is named like the one there is changes nothing. lr may be 0, so that
 * nothing moves; it is 0 of what has none. */
#ifndef TAPELESS_SETTINGS_H
#define TAPELESS_SETTINGS_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

enum { TL_SETTINGS = 40, TL_SETTING_SIZE = 48 };

/* What was set, by the field's number in the table of fields; "" where nothing was. */
typedef struct tl_settings {
    char value[TL_SETTINGS][TL_SETTING_SIZE];
} tl_settings;

/* Adds "train.FIELD=VALUE". Fails if there is no such field, if the value cannot be one of it, or if
 * the field is set already. Whether the field is one of the optimizer there will be, tl_settings_apply
 * says. */
int tl_settings_add(tl_settings *, const char *assignment, tl_error *e);
/* The same for "train.NAME=VALUE, ..." as tl_settings_text writes it. */
int tl_settings_read(tl_settings *, const char *text, tl_error *e);

/* Sets them. Of an optimizer without a learning rate, where there was one with it, the schedule and the clipping that were
 * there are left behind. Fails if a field is none of the optimizer or schedule, or fields contradict each other: also those that
 * were there. */
int tl_settings_apply(const tl_settings *, tl_train_spec *, tl_error *e);

/* Those of `over` take the place of what is there. */
void tl_settings_override(tl_settings *, const tl_settings *over);

/* "train.clip_norm=5 instead of 1, ...": the fields in which two trainings differ; "" if there is none.
 * Of another optimizer or schedule the name alone. */
void tl_settings_differences(const tl_train_spec *was, const tl_train_spec *now, char *text, size_t size);

/* "train.optimizer=sgd train.clip_norm=5": in the table's order. */
void tl_settings_text(const tl_settings *, char *text, size_t size);

TL_C_END

#endif
