/* held_out.h - what of some data a checkpoint was trained on.
 *
 * A checkpoint keeps a hash of the steps that it was trained on, and how many they were. Where data begin with just these,
 * read as they were, what follows is held out: no update has seen it (a --best checkpoint was chosen by it). */
#ifndef TAPELESS_HELD_OUT_H
#define TAPELESS_HELD_OUT_H

#include "error.h"
#include "linkage.h"
#include "series.h"

TL_C_BEGIN

typedef struct tl_held_out {
    int known;
    size_t rows, sequences; /* that it was trained on, of a single sequence and of several */
} tl_held_out;

/* Of examples in one lane, several sequences one behind the other. Fails where the file cannot be read or memory is
 * short; that the data are others is no failure. */
int tl_held_out_of(tl_held_out *, const tl_model *, const tl_examples *, const char *checkpoint, tl_error *);

TL_C_END

#endif
