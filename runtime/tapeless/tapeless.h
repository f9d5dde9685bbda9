/* tapeless.h - what generated C and everything that runs it agree on.
 *
 * A generated model is one constant `tl_model`: tables of names, shapes and offsets, and functions
 * that touch nothing but the memory in their argument. The caller owns all memory; sizes are in
 * the tables, in elements of the model's real type unless they say bytes.
 *
 * Shards. The batch's lanes are split into `shards` equal parts, and a window is a window of one of
 * them: lanes = batch / shards. Windows of different shards share the parameters, which they only
 * read, and touch no other memory in common, so they may run at once. The gradient of the batch is
 * the sum of theirs.
 *
 * Blocks of memory (real = float or double, `model->real`), all aligned to 64 bytes:
 *   params, grads  param_size elements; tensor i at params[i].offset, row-major but where its `column` says
 *                  otherwise: element j of it, counted row-major, stands at tl_param_at(&params[i], j). A moment
 *                  of an optimizer is laid out likewise
 *   states         state_size elements: for each state tensor i, at states[i].offset,
 *                  [slots + 1][lanes][shape...]. Slot t of a window finds the state entering it at
 *                  index t and leaves the state after it at index t + 1.
 *   probes, probe_grads  probe_size elements: tensor i at probes[i].offset, [slots][lanes][shape...]
 *   work           work_size bytes, contents meaningless between calls
 * Data of a window: one array a field, [slots][lanes][shape...], int32_t for tokens.
 *
 * Head. A model may have a head over the window, which looks at what all k2 steps computed; its loss
 * and outputs are then the head's, for the newest step. A head needs k2 steps: a window that starts
 * late runs forward only, and without the head.
 *
 * Slots. A window of n <= k2 steps occupies the LAST n slots, first = k2 - n: its oldest step is
 * slot `first`, its newest slot k2 - 1. Nothing of the slots before `first` is read or written.
 */
#ifndef TAPELESS_H
#define TAPELESS_H

#include <stddef.h>
#include <stdint.h>

#include "linkage.h"
#include "ops.h"
#include "version.h"
#include "words.h"

TL_C_BEGIN

#define TL_ABI 7
#define TL_ALIGN 64 /* bytes */

typedef enum tl_type { TL_F32, TL_F64, TL_I32 } tl_type;

/* How a parameter (or a state's first value) starts. a is the constant, the bound of uniform(-a, a)
 * or the standard deviation of normal(0, a), or the spectral radius of SPECTRAL, a normal square matrix. GLOROT is uniform with bound sqrt(6 / (fan_in +
 * fan_out)) (Glorot & Bengio, 2010); ORTHOGONAL is the Q of a normal matrix's QR factorisation with
 * the signs of R's diagonal (Saxe et al., 2014); VALUES are the tensor's `values`. */
typedef enum tl_init_kind { TL_EACH_INIT(TL_CONSTANT) } tl_init_kind;

typedef struct tl_init {
    tl_init_kind kind;
    double a;
} tl_init;

/* Whether updates change a parameter. FROZEN: the spec says that it is not trainable; its gradient is 0.
 * UNREACHED: no gradient reaches it in any window, whatever the data. No optimizer, decay or constraint
 * changes either of them by a bit. */
typedef enum tl_trained { TL_EACH_TRAINED(TL_CONSTANT) } tl_trained;

/* How updates treat a parameter. */
typedef struct tl_rule {
    tl_trained trained;
    double lr, weight_decay; /* times the optimizer's; 0 or more */
    double min, max;         /* of each element after an update; -INFINITY, INFINITY: no bound */
    double max_norm;         /* of each row after an update (constrain.h); 0: no bound */
} tl_rule;

/* What the numbers of a field are. FREE: in units of their own; a table's columns are standardised. RAW: to
 * be read as they stand, because the spec says so or because bce compares something made of them.
 * PROBABILITY, of a target: bce compares it as it stands, so it is from 0 to 1. LOGIT, of an output: bce took it,
 * so its sigmoid is a probability. QUANTILE, of an output: element i is what its target is below with a probability of values[i];
 * those of one element of the target stand side by side, ascending. */
typedef enum tl_scale { TL_EACH_SCALE(TL_CONSTANT) } tl_scale;

typedef struct tl_tensor {
    const char *name;  /* dotted: "rnn.weight_ih_l0"; "" for an unnamed input, target or output */
    int32_t rank;
    int32_t dim[TL_MAX_RANK]; /* of one example */
    size_t offset;            /* in its block, elements */
    tl_type type;             /* the model's real, or TL_I32 for tokens */
    int32_t vocab;            /* tokens: values are 0 .. vocab - 1; else 0 */
    tl_init init;             /* parameters and states */
    const double *values;     /* TL_INIT_VALUES: as many as there are elements, row-major; else NULL. Of an output its levels */
    const tl_rule *rule;      /* parameters; NULL: trained as the optimizer says, without a bound */
    int32_t learned;          /* states: index of the parameter the state starts from, or -1 */
    tl_scale scale;           /* inputs, targets, outputs */
    int32_t column, first_row; /* parameters; column 0: row-major. Else a matrix whose element (i, j) stands at
                                 offset + i + j * column: its columns are parts of those of one matrix of `column`
                                 rows, of which its first is number first_row */
} tl_tensor;

typedef enum tl_counted { TL_EACH_COUNTED(TL_CONSTANT) } tl_counted;
typedef enum tl_reduce { TL_EACH_REDUCE(TL_CONSTANT) } tl_reduce;
typedef enum tl_overlap { TL_EACH_OVERLAP(TL_CONSTANT) } tl_overlap;

/* Where a gradient comes from. TBPTT: adjoints of the window. RTRL: sensitivities of the state to all that it was made of
 * (Williams & Zipser, 1989). SNAP1: those within the pattern that one step has (Menick et al., 2021). DIAGONAL: the same
 * where no other ever comes, which is then exact (Zucchet et al., 2023). IMMEDIATE: each step's own. All but TBPTT have
 * k2 = k1. */
typedef enum tl_learn { TL_EACH_LEARN(TL_CONSTANT) } tl_learn;

/* A model whose windows are a Jacobian's (jacobian.h), not a training's. REVERSE: the last targets are cotangents, one for each
 * output, and the loss is the sum of their products. FORWARD: its rows are those of all outputs. */
typedef enum tl_jacobian_mode { TL_EACH_JACOBIAN(TL_CONSTANT) } tl_jacobian_mode;

typedef struct tl_tbptt {
    int32_t k1, k2, batch;
    int32_t shards; /* divides batch; 0 is 1 */
    tl_counted counted;
    tl_reduce reduce;
    tl_overlap overlap;
    int32_t carry; /* state lives on from one epoch to the next */
    tl_learn learn;
} tl_tbptt;

static inline int32_t tl_shards(const tl_tbptt *b) { return b->shards > 1 ? b->shards : 1; }

/* Lanes of a shard: those of a window. */
static inline int32_t tl_lanes(const tl_tbptt *b) { return b->shards > 1 ? b->batch / b->shards : b->batch; }

typedef enum tl_optimizer_kind { TL_EACH_OPTIMIZER(TL_CONSTANT) } tl_optimizer_kind;
typedef enum tl_schedule_kind { TL_EACH_SCHEDULE(TL_CONSTANT) } tl_schedule_kind;

/* Names and defaults of the first four are torch.optim's. A field that a kind does not have is 0.
 *   l2                       of lm, lbfgs, ridge: l2/2 |theta|^2, times each parameter's factor, is added to the cost
 *   lambda, geodesic         of lm: the damping that it begins with; the second-order correction of its steps
 *   keep_scale               of lm: D only grows
 *   history                  of lbfgs: pairs of steps and differences of gradients that it keeps
 *   tol_gradient, tol_step, tol_cost, patience    of lm, lbfgs: when they end (whole_record.h)
 *   p, q, r, forgetting      of ekf: the variance that parameters begin with, what each update adds to it, the
 *                            variance of a residual, the factor by which the past is forgotten
 *   decoupled                of ekf: a covariance for each node, and none between them */
typedef struct tl_optimizer_spec {
    tl_optimizer_kind kind;
#define TL_FIELD(name) double name;
    TL_EACH_OPTIMIZER_NUMBER(TL_FIELD)
#undef TL_FIELD
#define TL_FIELD(name) int64_t name;
    TL_EACH_OPTIMIZER_WHOLE(TL_FIELD)
#undef TL_FIELD
#define TL_FIELD(name) int32_t name;
    TL_EACH_OPTIMIZER_FLAG(TL_FIELD)
#undef TL_FIELD
} tl_optimizer_spec;

/* One that takes steps along the gradient of a window, of a length lr. */
static inline int tl_has_lr(tl_optimizer_kind kind) { return kind < TL_LM; }

/* One whose update is of the whole record, the weights the same in all of its windows. */
static inline int tl_is_whole_record(tl_optimizer_kind kind)
{
    return kind == TL_LM || kind == TL_LBFGS || kind == TL_RIDGE;
}

/* One that solves equations, of all residuals and their Jacobian (lm.h). */
static inline int tl_has_equations(tl_optimizer_kind kind) { return kind == TL_LM || kind == TL_RIDGE; }

/* One that learns from rows of a Jacobian, which a model leaves if it was made for it. */
static inline int tl_takes_rows(tl_optimizer_kind kind) { return tl_has_equations(kind) || kind == TL_EKF; }

/* Learning rate of update u = 0, 1, ..., as a multiple of lr: linear from 1/warmup to 1 over the
 * first `warmup` updates; then STEP: gamma ^ (u / every); COSINE: from 1 to floor over `total`
 * updates (0: the length of the run). ONE_CYCLE, without a warmup: over `total` updates from `start` up to 1,
 * which it reaches `peak` of the way, and down to `final`. PLATEAU: times `factor`, not below `floor`, where more than
 * `patience` validations in a row were not better by more than `min_delta` (schedule.h). A field that a kind does not
 * have is not read. */
typedef struct tl_schedule_spec {
    tl_schedule_kind kind;
#define TL_FIELD(name) int64_t name;
    TL_EACH_SCHEDULE_WHOLE(TL_FIELD)
#undef TL_FIELD
#define TL_FIELD(name) double name;
    TL_EACH_SCHEDULE_NUMBER(TL_FIELD)
#undef TL_FIELD
} tl_schedule_spec;

typedef struct tl_train_spec {
    tl_optimizer_spec optimizer;
    tl_schedule_spec schedule;
    double clip_norm, clip_value; /* 0: off */
    int64_t accumulate;           /* windows whose gradients make an update (accumulate.h); 0 is 1 */
    double average;               /* of the parameters, which is used in place of them (average.h); 0: off */
} tl_train_spec;

/* Forward and backward over one window, of one shard. */
typedef struct tl_window {
    int32_t first;              /* slot of the oldest step, 0 .. k2 - 1 */
    int32_t from;               /* where steps are kept (tl_keeps_steps): forward code runs from this
                                   slot on, first .. k2 - 1; what the slots before it computed
                                   stands in frames and states as it was left. Else not read */
    int32_t lane;               /* number of the shard's first lane in the batch */
    const void *const *input;   /* [ninputs] */
    const void *const *target;  /* [ntargets] */
    const void *weight;         /* real [k2][lanes]: what each step's loss counts, see window.h. It is read of
                                   steps alone that may count: the newest k1 (TL_COUNT_NEW), one
                                   (TL_COUNT_LAST, a head), or all */
    const void *reset;          /* real [k2][lanes], 0 or 1; NULL unless model->has_reset */
    const void *mask;           /* real [k2][lanes], 0: a padded step, which leaves the state as it
                                   entered; NULL unless model->has_mask */
    const void *params;
    const void *const *versions; /* overlap "versions": the parameters of each slot, [k2] blocks like
                                   params; slots from .. have today's. Else not read */
    void *grads;                /* out: every element of every parameter is stored, 0 for what is
                                   not trained. NULL: forward
                                   only, and weight and probe_grads are not touched. With a head
                                   not NULL only if first is 0 */
    void *states;               /* in: index first; out: indices first + 1 .. k2 */
    void *state_grads;          /* out, laid out like states: d(reduced loss)/d(state) as it passes
                                   from one step to the next, indices first .. k2; NULL unless
                                   model->has_state_grads */
    void *losses;               /* out: real [k2][lanes], unweighted, slots >= first that may count;
                                   with a head slot k2 - 1 alone, and only if first is 0 */
    void *named;                /* out: real [nnamed][k2][lanes], of what losses is the sum of, likewise; NULL
                                   unless model->nnamed */
    void *probes, *probe_grads; /* out; NULL unless model->nprobes */
    void *frames;               /* real [k2][frame_size]: what backward code needs of each slot's
                                   forward code; NULL unless model->frame_size */
    void *work;
    void *packs;                /* weights as products read them, which model->pack has made of params; so windows of
                                   several shards share them. NULL: the window makes its own, in the last pack_size
                                   bytes of work, which otherwise need not be there */
    uint64_t seed;              /* of dropout */
    uint64_t tick;              /* number of the step in slot k2 - 1, counted since training began:
                                   slot t draws dropout as step tick - (k2 - 1 - t), and a lane by
                                   its number in the batch */
} tl_window;

/* One step forward, without dropout, as in evaluation. Arrays are [lanes][shape...]. State tensors
 * stand one after the other in the table's order: tensor i starts at lanes * (the sum of the sizes
 * of the tensors before it). Where there is a head, what it will see of the last k2 - 1 steps
 * follows: for each row of `past`, k2 - 1 such tensors, the oldest step's first. What a head puts out
 * before k2 steps have been run means nothing. */
typedef struct tl_step {
    int32_t lanes;             /* 1, or those of a shard */
    const void *const *input;
    const void *const *target; /* may be NULL: then losses is not written */
    const void *params;
    const void *state;         /* real, lanes * step_state_size elements */
    void *next_state;          /* may be the same memory as state */
    void *const *output;       /* [noutputs] real */
    void *losses;              /* real [lanes] */
    void *named;               /* real [nnamed][lanes], where losses is written; NULL unless model->nnamed */
    void *work;                /* step_work_size bytes */
} tl_step;

typedef struct tl_model {
    uint32_t abi;              /* TL_ABI */
    const char *name;          /* a C identifier */
    const char *spec;          /* as named on the command line */
    const char *hash;          /* 16 hex digits over the spec's text, its options and the version */
    const char *version;
    const char *options;       /* "hidden=128 layers=2", in order of name */
    tl_type real;
    tl_tbptt tbptt;
    tl_train_spec train;
    const char *loss;          /* "mse", "mae", "huber", "bce", "cross_entropy", "quantile" or "custom" */
    int32_t has_reset;         /* window code reads tl_window.reset */
    int32_t has_mask;          /* window code reads tl_window.mask */
    int32_t has_state_grads;   /* window code stores tl_window.state_grads */
    int32_t has_head;          /* loss and outputs are of a head over the window */
    int32_t nparams, ninputs, ntargets, nstates, noutputs, nprobes, nnamed, npast;
    const tl_tensor *params, *inputs, *targets, *states, *outputs, *probes;
    const tl_tensor *named;    /* losses {} whose sum is the loss, where they have names */
    const tl_tensor *past;     /* what the head sees of every step */
    int32_t nextra;            /* the last so many states are what learning carries beside the model's own, sensitivities
                                  and rows; a step of evaluation has none of them */
    int32_t nrows;             /* of these the last so many: residuals {n}, then for each trained parameter their
                                  Jacobian {its elements, n}, which a step leaves and none reads. The caller makes the
                                  update of them: window stores gradients of 0 */
    tl_jacobian_mode jacobian;
    tl_optimizer_kind rows_of; /* TL_LM or TL_RIDGE, of residuals as the loss weighs their squares, or TL_EKF, without; where
                                  nrows */
    size_t param_size, state_size, probe_size; /* elements, of one shard */
    size_t step_state_size;    /* elements of one lane: the sum of the states' sizes, and with a
                                  head k2 - 1 times that of the past values' */
    size_t frame_size;         /* elements a slot; 0 unless steps are kept from window to window */
    size_t work_size, step_work_size; /* bytes; step_work_size serves both lane counts */
    size_t pack_size;          /* bytes, of work_size; 0: products read the parameters as they stand */
    uint64_t window_flops;     /* multiplications and additions of the products in a full window of one shard */
    int32_t calls_blas;        /* window or step code calls BLAS: a program that runs it loads it before (blas.h) */
    void (*pack)(const tl_window *); /* writes packs; of the rest params alone is read. NULL where pack_size is 0 */
    void (*window)(const tl_window *);
    void (*step)(const tl_step *);
} tl_model;

/* A model and what runs it: generated code (self unused) or the interpreter. */
typedef struct tl_engine {
    const tl_model *model;
    void *self;
    void (*window)(void *self, const tl_window *);
    void (*step)(void *self, const tl_step *);
    int32_t serial;            /* 1: calls share memory, so there is one at a time */
} tl_engine;

/* Steps are run forward once and kept while windows overlap, not run again. Where k1 >= k2 only the
 * tail of a stream overlaps the window before it. */
static inline int32_t tl_keeps_steps(const tl_tbptt *b)
{
    return b->overlap != TL_RECOMPUTE && b->k2 > 1;
}

/* Losses of steps that are kept count in later windows. */
static inline int32_t tl_keeps_losses(const tl_tbptt *b)
{
    return tl_keeps_steps(b) && b->counted == TL_COUNT_ALL;
}

static inline int32_t tl_own_states(const tl_model *m) { return m->nstates - m->nextra; }

/* Tensors in an evaluation step's state, and the i-th of them. */
static inline int32_t tl_step_tensors(const tl_model *m)
{
    return tl_own_states(m) + m->npast * (m->tbptt.k2 - 1);
}

static inline const tl_tensor *tl_step_tensor(const tl_model *m, int32_t i)
{
    return i < tl_own_states(m) ? &m->states[i] : &m->past[(i - tl_own_states(m)) / (m->tbptt.k2 - 1)];
}

static inline int tl_is_trained(const tl_tensor *param)
{
    return !param->rule || param->rule->trained == TL_TRAINED;
}

/* What element i of a state, or of a parameter that is not drawn, starts at. */
static inline double tl_first_value(const tl_tensor *t, size_t i)
{
    return t->init.kind == TL_INIT_VALUES ? t->values[i] : t->init.a;
}

static inline size_t tl_size(const tl_tensor *t) /* elements of one example */
{
    size_t n = 1;
    for (int32_t i = 0; i < t->rank; i++)
        n *= (size_t)t->dim[i];
    return n;
}

/* Where element i of a parameter, counted row-major, stands in its block. */
static inline size_t tl_param_at(const tl_tensor *t, size_t i)
{
    if (!t->column)
        return t->offset + i;
    size_t cols = (size_t)t->dim[1];
    return t->offset + i / cols + i % cols * (size_t)t->column;
}

/* How many elements of the block, from its offset on, are this parameter's. Of several that share columns the first
 * has all, and the others none. */
static inline size_t tl_param_extent(const tl_tensor *t)
{
    if (!t->column)
        return tl_size(t);
    return t->first_row ? 0 : (size_t)t->column * (size_t)t->dim[1];
}

TL_C_END

#endif
