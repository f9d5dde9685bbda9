/* alike.h - what the processes of one training must have alike. All call these together, and all fail alike. */
#ifndef TAPELESS_ALIKE_H
#define TAPELESS_ALIKE_H

#include "error.h"
#include "exchange.h"
#include "linkage.h"
#include "train_options.h"
#include "training.h"

TL_C_BEGIN

/* Each process runs as many shards as another. */
int tl_alike_shards(const tl_model *, const tl_exchange *, tl_error *e);

/* Before the first update: one trainer, the same options and data, one checkpoint, the same parameters. */
int tl_alike_begin(const tl_training *, const tl_train_options *, tl_error *e);

/* The parameters, which each process computes for itself. */
int tl_alike_params(const tl_training *, tl_error *e);

TL_C_END

#endif
