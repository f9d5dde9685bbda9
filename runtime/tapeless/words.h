/* words.h - what may be chosen: each set once, as the constants of C and as the words of specs, files and messages.
 *
 * TL_EACH_NAME(DO) does DO(constant, word) for each of a set, in order: an enumeration's constants, a list of its words,
 * and a list of how its constants are spelled are made with the three below. */
#ifndef TAPELESS_WORDS_H
#define TAPELESS_WORDS_H

#define TL_CONSTANT(constant, word) constant,
#define TL_WORD(constant, word) word,
#define TL_SPELLING(constant, word) #constant,

#define TL_EACH_INIT(DO)                                                                          \
    DO(TL_INIT_CONSTANT, "constant") DO(TL_INIT_UNIFORM, "uniform") DO(TL_INIT_NORMAL, "normal")  \
    DO(TL_INIT_GLOROT, "glorot") DO(TL_INIT_ORTHOGONAL, "orthogonal") DO(TL_INIT_SPECTRAL, "spectral") \
    DO(TL_INIT_VALUES, "values")
#define TL_EACH_TRAINED(DO)                                                                       \
    DO(TL_TRAINED, "trained") DO(TL_FROZEN, "frozen") DO(TL_UNREACHED, "unreached")
#define TL_EACH_SCALE(DO)                                                                         \
    DO(TL_SCALE_FREE, "free") DO(TL_SCALE_RAW, "raw") DO(TL_SCALE_LOGIT, "logit")                 \
    DO(TL_SCALE_PROBABILITY, "probability") DO(TL_SCALE_QUANTILE, "quantile")
#define TL_EACH_COUNTED(DO) DO(TL_COUNT_NEW, "new") DO(TL_COUNT_LAST, "last") DO(TL_COUNT_ALL, "all")
#define TL_EACH_REDUCE(DO) DO(TL_REDUCE_MEAN, "mean") DO(TL_REDUCE_SUM, "sum")
#define TL_EACH_OVERLAP(DO)                                                                       \
    DO(TL_RECOMPUTE, "recompute") DO(TL_RETAIN, "retain") DO(TL_VERSIONS, "versions")
#define TL_EACH_JACOBIAN(DO)                                                                      \
    DO(TL_JACOBIAN_NONE, "none") DO(TL_JACOBIAN_REVERSE, "reverse") DO(TL_JACOBIAN_FORWARD, "forward")    \
    DO(TL_JACOBIAN_BLOCKS, "blocks")
#define TL_EACH_LEARN(DO)                                                                         \
    DO(TL_LEARN_TBPTT, "tbptt") DO(TL_LEARN_RTRL, "rtrl") DO(TL_LEARN_SNAP1, "snap1")             \
    DO(TL_LEARN_DIAGONAL, "diagonal") DO(TL_LEARN_IMMEDIATE, "immediate")
#define TL_EACH_OPTIMIZER(DO)                                                                     \
    DO(TL_SGD, "sgd") DO(TL_ADAM, "adam") DO(TL_ADAMW, "adamw") DO(TL_RMSPROP, "rmsprop")         \
    DO(TL_LM, "lm") DO(TL_LBFGS, "lbfgs") DO(TL_EKF, "ekf") DO(TL_RIDGE, "ridge")
/* Why a training of the whole record has come to its end. */
#define TL_EACH_STOP(DO)                                                                          \
    DO(TL_STOP_NOT, "not") DO(TL_STOP_GRADIENT, "gradient") DO(TL_STOP_STEP, "step")              \
    DO(TL_STOP_COST, "cost") DO(TL_STOP_NO_DECREASE, "no_decrease") DO(TL_STOP_PATIENCE, "patience")  \
    DO(TL_STOP_SOLVED, "solved")
#define TL_EACH_SCHEDULE(DO)                                                                      \
    DO(TL_SCHEDULE_CONSTANT, "constant") DO(TL_SCHEDULE_STEP, "step") DO(TL_SCHEDULE_COSINE, "cosine")    \
    DO(TL_SCHEDULE_ONE_CYCLE, "one_cycle") DO(TL_SCHEDULE_PLATEAU, "reduce_on_plateau")

/* Fields of tl_optimizer_spec behind its kind, by what they hold: DO(name). */
#define TL_EACH_OPTIMIZER_NUMBER(DO)                                                              \
    DO(lr) DO(momentum) DO(dampening) DO(weight_decay) DO(beta1) DO(beta2) DO(eps) DO(alpha)      \
    DO(l2) DO(lambda) DO(tol_gradient) DO(tol_step) DO(tol_cost)                                  \
    DO(p) DO(q) DO(r) DO(forgetting)
#define TL_EACH_OPTIMIZER_WHOLE(DO) DO(history) DO(patience)
#define TL_EACH_OPTIMIZER_FLAG(DO) DO(nesterov) DO(centered) DO(geodesic) DO(decoupled) \
    DO(keep_scale)

/* Fields of tl_schedule_spec behind its kind, likewise. */
#define TL_EACH_SCHEDULE_WHOLE(DO) DO(warmup) DO(every) DO(total) DO(patience)
#define TL_EACH_SCHEDULE_NUMBER(DO)                                                               \
    DO(gamma) DO(floor) DO(peak) DO(start) DO(final) DO(factor) DO(min_delta)

#endif
