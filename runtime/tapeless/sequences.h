/* sequences.h - several sequences of unequal length as the lanes of one stream.
 *
 * A reader that finds more than one sequence leaves them one after the other in a single lane, with
 * `first` in tl_examples saying where each begins. Training needs them in lanes: each lane is a
 * stream of whole sequences, with a reset at the start of each and padding (mask 0) at its end.
 *
 *     lane 0  | A A A A A A A | C C . |     .  padding
 *     lane 1  | B B B B | D D D | E . |     |  reset
 */
#ifndef TAPELESS_SEQUENCES_H
#define TAPELESS_SEQUENCES_H

#include "linkage.h"
#include "series.h"

TL_C_BEGIN

/* How many of n sequences are for training: the fewest at the end that hold at least the fraction
 * `valid` of all rows are kept apart, but the first is always for training. Sequence i is rows
 * first[i] .. first[i + 1] - 1. */
size_t tl_sequences_training(const size_t *first, size_t n, double valid);

/* The same rows as pieces of at most `most` each, a sequence's as equal as can be: where each begins, [*pieces + 1], which the caller frees.
 * NULL if memory is short. */
size_t *tl_sequences_cut(const size_t *first, size_t n, size_t most, size_t *pieces);

/* Sequences from .. to - 1 of `flat` (one lane) in `lanes` lanes. The longest that is left goes to
 * the lane that is shortest so far, ties to the lower number; in a lane they stand in the order of
 * the data. `to_examples` gets reset flags, a mask if the lanes are not equally long, and `flat`'s
 * weights. `label` is what messages call the data. */
int tl_sequences_pack(tl_examples *to_examples, const tl_model *, const tl_examples *flat,
                      size_t from, size_t to, size_t lanes, const char *label, tl_error *e);

TL_C_END

#endif
