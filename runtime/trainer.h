/* trainer.h - the program around a model: train, eval, sample, predict, bench, info, export,
 * import. A generated trainer's main() is a call of tl_trainer_main. */
#ifndef TAPELESS_TRAINER_H
#define TAPELESS_TRAINER_H

#include "tapeless.h"

/* argv as main() gets it. Returns the exit status: 0 done, 1 a check failed, 2 wrong usage. */
int tl_trainer_main(const tl_model *model, int argc, char **argv);

/* The same for any engine. */
int tl_run(const tl_engine *engine, int argc, char **argv);

/* An engine that runs the model's own, generated functions. */
tl_engine tl_generated_engine(const tl_model *model);

#endif
