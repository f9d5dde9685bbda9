/* remembered.h - what optimizers of the whole record hand on in a checkpoint.
 *
 *     stop            (metadata) why the training has ended, or "not"
 *     remembered      (metadata) the method's numbers
 *     optim.N.NAME    the method's vectors, N from 1, a tensor a parameter, f64 whatever the parameters are
 *     optim.best.NAME where the held-out loss was lowest, with `patience` */
#ifndef TAPELESS_REMEMBERED_H
#define TAPELESS_REMEMBERED_H

#include "linkage.h"
#include "safetensors.h"
#include "training.h"

TL_C_BEGIN

void tl_remembered_save(tl_st_writer *, const tl_training *);
int tl_remembered_take(const tl_st *, tl_training *, tl_error *);

/* 1: there are the best parameters, or none are asked for; 0: the file has none, so those there are become the best. */
int tl_remembered_take_best(const tl_st *, tl_training *, tl_error *);

TL_C_END

#endif
