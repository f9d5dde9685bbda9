/* native.h - what the Python package calls: the runtime and a generated library, behind functions that take
 * pointers and numbers alone, so that ctypes needs to know two structures of ours and none of the runtime's.
 *
 * A function that can fail returns -1 or NULL with a sentence in the tl_error. All of a model's windows, streams
 * and predictions read its one block of parameters; who writes it (fit, online, the caller) is alone with the model then.
 * Nothing here keeps a pointer to the caller's arrays behind the call, but for tlp_fit, whose data must stay. */
#ifndef TAPELESS_PYTHON_NATIVE_H
#define TAPELESS_PYTHON_NATIVE_H

#include <tapeless/buffers.h>
#include <tapeless/error.h>
#include <tapeless/series.h>
#include <tapeless/tapeless.h>

/* Shared by a model and its copies. */
typedef struct tlp_library {
    void *handle;
    tl_engine engine;
} tlp_library;

typedef struct tlp_model {
    tlp_library *library; /* the caller's, as long as the model is there */
    const tl_model *m;
    void *params;
} tlp_model;

/* Arrays of the caller's, of the model's types: [rows][lanes][shape...]; flags [rows][lanes] real, or NULL. */
typedef struct tlp_data {
    size_t rows, lanes;
    void **input, **target;    /* target NULL: there is none */
    void *mask, *weight, *reset;
    size_t *first;             /* [sequences + 1], of one lane that holds several, one after the other; or NULL */
    size_t sequences;
} tlp_data;

/* ---- model.c ---- */

tlp_library *tlp_library_open(const char *path, const char *name, tl_error *);
void tlp_library_close(tlp_library *);
char *tlp_describe(const tlp_library *); /* its tables as JSON; NULL: no memory. tlp_free */
void tlp_free(void *);

tlp_model *tlp_model_new(tlp_library *, tl_error *);
void tlp_model_free(tlp_model *);
void *tlp_params(const tlp_model *);
/* All shards read them, in place of those that the buffers were made with. */
void tlp_share_params(tl_buffers *, const tl_model *, void *params);
int tlp_init(tlp_model *, uint64_t seed, tl_error *);
int tlp_load(tlp_model *, const char *path, tl_error *);
int tlp_save(const tlp_model *, const char *path, tl_error *);

/* ---- predict.c ---- */

/* Every lane from state[i] ([lanes][shape], own states) or where that is NULL from the initial state; output[i]
 * [rows][lanes][shape], NaN where a head has not seen k2 steps; next[i], if next is given, what the last step leaves. */
int tlp_predict(const tlp_model *, const tlp_data *, void *const *state, void *const *output, void *const *next,
                tl_error *);

/* ---- window.c ---- */

typedef struct tlp_window {
    tl_engine engine;
    tl_buffers b;
    void *own; /* the parameters that tl_buffers_new made */
} tlp_window;

typedef enum tlp_block { TLP_INPUT, TLP_TARGET, TLP_STATES, TLP_GRADS, TLP_WEIGHT, TLP_LOSSES, TLP_MASK, TLP_COUNTS,
                         TLP_RESET, TLP_PROBES, TLP_PROBE_GRADS, TLP_STATE_GRADS } tlp_block;

tlp_window *tlp_window_new(const tlp_model *, tl_error *);
void tlp_window_free(tlp_window *);
void *tlp_window_block(const tlp_window *, int32_t shard, int32_t block, int32_t i); /* i: of inputs, targets */
void tlp_window_start(tlp_window *, int32_t index); /* the initial state, as the one that enters slot `index` */
/* `weight` by mask, counts and reset, and padding read as what stands before it; returns what counts in all. */
double tlp_window_weigh(tlp_window *, int32_t first, int32_t fresh);
double tlp_window_run(tlp_window *, int32_t first, uint64_t seed, uint64_t tick, int32_t backward);

/* ---- fit.c ---- */

typedef struct tlp_plan {
    const tlp_data *valid;  /* NULL: the last `apart` of the data */
    double apart;
    const char *settings;   /* "train.clip_norm=5 ...", as --set */
    const char *threads;    /* as --threads */
    uint64_t seed;
    int64_t epochs, updates; /* -1: any number */
} tlp_plan;

typedef struct tlp_progress {
    uint64_t update, epoch, planned; /* planned updates, 0: not known */
    double loss, last, norm, lr;     /* loss: mean over the epoch's updates so far */
    int32_t epoch_ended, over, truncated;
    char stop[32];                   /* why an optimizer of the whole record has ended; "" */
} tlp_progress;

typedef struct tlp_fit tlp_fit;

tlp_fit *tlp_fit_new(tlp_model *, const tlp_data *, const tlp_plan *, tl_error *);
void tlp_fit_free(tlp_fit *);
/* Updates until the epoch ends, `seconds` are over or all is done; the model has the parameters then, also on failure. */
int tlp_fit_run(tlp_fit *, double seconds, tlp_progress *, tl_error *);
int tlp_fit_has_valid(const tlp_fit *);
int tlp_fit_validate(tlp_fit *, double *loss, tlp_progress *, tl_error *); /* which may be the end of it: patience */

/* Losses with names, [nnamed] each: the means over the epoch's updates, and those of the last validation. */
void tlp_fit_named(const tlp_fit *, double *loss, double *valid);

/* The mean loss of data, and [nnamed] those with names, as `tapeless eval` takes it: step by step, each lane or sequence from the
 * initial state. */
int tlp_score(const tlp_model *, const tlp_data *, const char *threads, double *loss, double *named, tl_error *);

/* ---- online.c ---- */

typedef struct tlp_online tlp_online;

typedef struct tlp_told {
    uint64_t steps, updates;
    double loss, norm, lr;
    int32_t length;
} tlp_told;

tlp_online *tlp_online_new(tlp_model *, const char *settings, uint64_t seed, uint64_t run, tl_error *);
void tlp_online_free(tlp_online *);
int tlp_online_step(tlp_online *, void *const *input, void *const *target, const void *reset, const void *mask,
                    const void *weight, void *const *output, int32_t frozen, tl_error *);
void tlp_online_told(const tlp_online *, tlp_told *);
void tlp_online_restart(tlp_online *);
void tlp_online_average(const tlp_online *, tlp_model *to); /* the parameters' average becomes those of `to` */
int32_t tlp_online_validated(tlp_online *, double loss); /* 1: the learning rate is smaller now */
const void *tlp_online_losses(const tlp_online *);
const void *tlp_online_named(const tlp_online *); /* [nnamed][batch]; NULL: the loss has no names */
const void *tlp_online_probe(const tlp_online *, const char *name, int32_t back, int32_t gradient);

#endif
