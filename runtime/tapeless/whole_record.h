/* whole_record.h - optimizers whose update is of the whole record: an iteration on the cost of all windows
 * (objective.h).
 *
 * A method is a row of a table in whole_record.c, which says what it keeps and what an iteration is. All of them
 *
 *   - make an update by an iteration, which goes over the data as often as it must, and counts as an epoch;
 *   - end, and say why (tl_stop), where no element of the gradient is larger than tol_gradient, where a step is
 *     shorter than tol_step (|theta| + tol_step), where it lowers the cost by no more than tol_cost times the cost,
 *     or where no step lowers it; and who validates ends them where held-out loss has not been the lowest for
 *     `patience` iterations;
 *     ridge ends with its first;
 *   - never go to a higher cost, so that the parameters there are are the best, but for the held-out loss: where that
 *     was lowest (tl_whole_record_keep) they are kept beside, and come back (tl_whole_record_best) if patience is at
 *     its end;
 *   - leave what is not trained as it is, and put `constrain` in force after each step.
 *
 * What a method remembers is f64 whatever the parameters are: vectors laid out as these, and numbers. With the
 * parameters they are all that the next iteration depends on, and stand in the checkpoint. */
#ifndef TAPELESS_WHOLE_RECORD_H
#define TAPELESS_WHOLE_RECORD_H

#include "error.h"
#include "lbfgs.h"
#include "linkage.h"
#include "lm.h"
#include "objective.h"
#include "tapeless.h"

TL_C_BEGIN

typedef enum tl_stop { TL_EACH_STOP(TL_CONSTANT) } tl_stop;

enum { TL_WHOLE_NUMBERS = 4 };

typedef struct tl_whole_record {
    tl_stop stop;
    int known;            /* `at` is of the parameters that there are */
    tl_objective at;
    double step;          /* |theta' - theta| of the last iteration */
    uint64_t evaluations; /* of cost and gradient, since the training was begun or resumed */
    double number[TL_WHOLE_NUMBERS]; /* that the method remembers; 0 when it begins and when it forgets */
    double *block;        /* all vectors: the gradient, and the method's */
    void *best;           /* real [param_size]: where the held-out loss was lowest; NULL: patience is 0 */
    union {
        tl_lbfgs lbfgs;
        tl_lm lm;
    };
} tl_whole_record;

struct tl_training;

/* Nothing for other optimizers. Fails where memory is short, or where the model asks for what a record as a whole
 * cannot have: a state that is carried from one epoch to the next, a learning rate of a parameter's own. */
int tl_whole_record_new(struct tl_training *, tl_error *);
void tl_whole_record_free(tl_whole_record *);

/* One iteration. Sets `updated` of the training to 1, or to 0 where it has ended before, without one; `stop` if this
 * was the last. Fails if cost or gradient are not finite where it begins. */
int tl_whole_record_update(struct tl_training *, tl_error *);

/* The parameters are others than those of the last iteration: what was remembered of these is forgotten. */
void tl_whole_record_forget(struct tl_training *);

void tl_whole_record_keep(struct tl_training *); /* these are the best */
void tl_whole_record_best(struct tl_training *); /* back to them */

/* The i-th vector of what is remembered now, [param_size]; 0: there is none. Of a training that is resumed: by the
 * numbers in `number`, so these are read first. */
int tl_whole_record_remembered(const struct tl_training *, int32_t i, double **vector);

/* Whether `number`, read from a checkpoint, is what the method could have left there. Of a training that goes on with
 * another history than it had nothing is remembered. */
int tl_whole_record_fits(struct tl_training *);

tl_stop tl_stop_of_word(const char *); /* TL_STOP_NOT of what is no such word, or NULL */
const char *tl_stop_word(tl_stop);     /* "gradient" */
const char *tl_stop_sentence(tl_stop); /* "no element of the gradient is larger than tol_gradient" */

/* ---- for methods ---- */

/* Fills whole.at at the training's parameters, whose anomalies are not looked for: a trial may go too far. */
int tl_whole_record_try(struct tl_training *, tl_error *);

/* The parameters become from + by * direction, [param_size] each, where they are trained, and are constrained. 0:
 * they are not all finite. */
int tl_whole_record_move(struct tl_training *, const double *from, const double *direction, double by);
void tl_whole_record_get(const struct tl_training *, double *to); /* the parameters, 0 where nothing is trained */

/* Whether a trained parameter's element stands at its bound, and lower costs are beyond. */
int tl_whole_record_held(tl_type real, const tl_rule *, double x, double gradient);

double tl_dot(const double *a, const double *b, size_t n);

TL_C_END

#endif
