/* checkpoint.h - one safetensors file with all that a training needs to go on, bit for bit.
 *
 *   NAME            the parameters, under their (PyTorch's) names; where they are averaged the average (average.h)
 *   optim.params.NAME, optim.average.NAME   then: those that are trained, and the average in f64
 *   optim.X.NAME    the optimizer's moment X of each parameter
 *   state.NAME      [batch, shape...] the state that enters the next window, lanes in order whatever their shards
 *   kept.*          what kept steps computed, shard by shard, as it stands in memory
 *   data.*          the vocabulary, or the columns and their standardisation (coding.h)
 *   __metadata__    model, hash, options, real type, optimizer, update, epoch, position, tick, seed
 *                   (with the tick the whole state of the generator), length of the data and of the
 *                   run, learning rate, clipping, best validation, what reduce_on_plateau knows of all
 *
 * It is replaced atomically: a process killed at any moment leaves the old one or the new one. Parameters,
 * moments or states that are not finite are not written: then what was there stays, and the sentence names
 * the element.
 *
 * Of several processes (tl_training_new_own) all save together, and rank 0 writes; all read. */
#ifndef TAPELESS_CHECKPOINT_H
#define TAPELESS_CHECKPOINT_H

#include "coding.h"
#include "error.h"
#include "linkage.h"
#include "safetensors.h"
#include "settings.h"
#include "training.h"

TL_C_BEGIN

/* What is kept beside the training itself. */
typedef struct tl_record {
    double best;          /* lowest validation loss, INFINITY before the first */
    uint64_t best_update; /* after which it was seen */
    double held;          /* the loss that --patience waits to be bettered, likewise */
    uint64_t waited;      /* validations since */
    double seconds;       /* spent training, for people */
    uint64_t epoch, losses; /* the epoch of the last update; updates of it, and the sum of their losses */
    double loss_sum;
    tl_settings settings; /* what the runs were told of the spec's train */
} tl_record;

int tl_checkpoint_save(const char *path, const tl_training *, const tl_coding *,
                       const tl_record *, tl_error *e);

/* The parameters alone, converted to the model's real type. Fails naming the first difference if
 * the names or shapes are not the model's. Serves any file of weights. */
int tl_checkpoint_params(const tl_st *, const tl_model *, void *params, tl_error *e);

/* Everything: parameters, moments, state, cursor, seed, run. `t` is new, by tl_checkpoint_spec's spec or one
 * that differs from it on purpose, and its data are in place. */
int tl_checkpoint_resume(const tl_st *, tl_training *t, tl_record *, tl_error *e);

/* The shards that the training ran in. It goes on in any number of them, with another rounding; where steps are kept
 * (tl_keeps_steps) only in the same. */
int32_t tl_checkpoint_shards(const tl_st *);

/* What a checkpoint says that its runs were told (record.settings), and the learning rate and clipping that
 * they had: `spec` becomes that of the training that goes on. */
int tl_checkpoint_spec(const tl_st *, tl_settings *, tl_train_spec *spec, tl_error *e);

/* A remark if the checkpoint was written by another version of the spec (or its options), else
 * NULL. The result is `text`. */
const char *tl_checkpoint_remark(const tl_st *, const tl_model *, char *text, size_t size);

/* A file with the parameters and the coding alone, which eval, sample and predict take. */
int tl_weights_save(const char *path, const tl_model *, const void *params, const tl_coding *,
                    tl_error *e);
/* The same, and which data they were trained on, so that `eval --held-out` knows what they have not seen. */
int tl_weights_save_of(const char *path, const tl_training *, const void *params, const tl_coding *, tl_error *e);
/* The same for others: the only tensors are the parameters, the coding stands in the metadata. */
int tl_weights_export(const char *path, const tl_model *, const void *params, const tl_coding *,
                      tl_error *e);

TL_C_END

#endif
