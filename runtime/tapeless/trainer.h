/* trainer.h - the program around a model: train, eval, sample, predict, lags, bench, info, export,
 * import. A generated trainer's main() is a call of tl_trainer_main. */
#ifndef TAPELESS_TRAINER_H
#define TAPELESS_TRAINER_H

#include "generated.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* argv as main() gets it. Returns the exit status: 0 done, 1 a check failed, 2 wrong usage. */
int tl_trainer_main(const tl_model *model, int argc, char **argv);

/* The same for any engine. */
int tl_run(const tl_engine *engine, int argc, char **argv);

/* What a model must be compiled for, as far as the command line of its training tells: the words
 * that follow `train`, and a look at the files that they name; `model` is its name, by which a checkpoint
 * is called if they do not name it. All zero where the command line is
 * wrong: the trainer will say so. */
typedef struct tl_train_look {
    int resets, masks; /* windows read reset flags, the mask */
    int anomaly;       /* --anomaly */
    int lags;          /* windows store the adjoint of the state */
    int32_t k2;        /* windows reach so far; 0: as the spec says */
} tl_train_look;

tl_train_look tl_look_at_training(const char *model, int argc, char **argv, int carry);
/* The same for how it is trained: what the line, and the checkpoint that it goes on from, make of the spec's. */
void tl_look_at_optimizer(const char *model, int argc, char **argv, tl_train_spec *);
tl_train_look tl_look_at_lags(const char *model, int argc, char **argv, int carry); /* the words that follow `lags` */

TL_C_END

#endif
