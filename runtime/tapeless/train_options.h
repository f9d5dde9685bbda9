/* train_options.h - the command line of a training. */
#ifndef TAPELESS_TRAIN_OPTIONS_H
#define TAPELESS_TRAIN_OPTIONS_H

#include "cli.h"
#include "dataset.h"
#include "linkage.h"
#include "settings.h"

TL_C_BEGIN

typedef struct tl_train_options {
    tl_data_options data;
    const char *checkpoint, *start, *best, *log, *plot, *tensorboard;
    const char *probe, *probe_out, *probe_grad_out;
    int64_t epochs, updates, seed, save_updates, valid_every, skip, patience; /* -1: not given */
    double min_delta; /* likewise */
    double minutes, save_every, lr, clip_norm;
    const char *optimizer;
    tl_list sets, groups, frozen; /* --set, --group, --freeze */
    int64_t k1, k2, batch, shards; /* 0: not given */
    const char *threads;
    int lr_find, watch, resume, overwrite, recode, quiet, json, anomaly, lags, fit;
} tl_train_options;

/* Parses what follows `train`. Returns -1 to go on, else the exit status: help was printed, or what
 * is wrong. Free the options in any case. */
int tl_train_options_read(tl_train_options *, const tl_model *, int argc, char **argv);
void tl_train_options_free(tl_train_options *);

/* Calls `see` with the table, which holds what was given, and returns what it returned. */
int tl_train_options_see(const tl_train_options *, tl_see_table *see, void *context);

/* Fail where what is asked for cannot be had: an end of a model without data; norms of lags that the model was not
 * compiled for; the best, or a rate that follows validations, where nothing is validated. */
int tl_train_check_end(const tl_train_options *, const tl_model *, tl_error *);
int tl_train_check_lags(const tl_train_options *, const tl_model *, tl_error *);
int tl_train_check_best(const tl_train_options *, int has_valid, tl_error *);
int tl_train_check_plateau(const tl_train_options *, const tl_schedule_spec *, int has_valid, tl_error *);
/* The probe that is to be written, or NULL; what is asked of probes and --anomaly goes together. */
int tl_train_check_probes(const tl_train_options *, const tl_model *, const tl_tensor **probe, tl_error *);

/* What the line sets of the spec's `train`, by --set or an option of its own. Fails if something is set
 * twice, and where it names what is compiled in and is otherwise. */
int tl_train_settings(const tl_train_options *, const tl_model *, tl_settings *, tl_error *e);

TL_C_END

#endif
