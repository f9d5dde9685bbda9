/* steps.h - the steps of a window on their way from one window to the next.
 *
 * A window stands at the right of the k2 slots. The next one keeps the newest `kept` steps of it
 * and has `fresh` new ones: those kept move to the left by `fresh` slots, the new ones take the
 * last.
 *
 *     slot        0     1     2     3     4
 *     window      a     b     c     d     e       k2 = 5
 *     the next    c     d     e     f     g       kept = 3, fresh = 2
 *
 * With overlap "recompute" their data move, and the state that enters the oldest. With "retain" and
 * "versions" what they computed moves too, and with "versions" which parameters they saw. It costs
 * the copies, of at most k2 - fresh slots; nothing is allocated.
 *
 * Until a window begins, all stands where the last one left it. So what enters the next is at index
 * k2 - kept of the states block: where nothing is kept, behind the newest step.
 *
 * Of an update's new steps, if they are more than k2, the oldest are run forward only, up to k2 at a
 * time, each run at the right of the slots; the last k2 then are the window. */
#ifndef TAPELESS_STEPS_H
#define TAPELESS_STEPS_H

#include "buffers.h"
#include "linkage.h"

TL_C_BEGIN

/* New steps that are run next, where `left` of an update's are still to be run: all of them, if they fit. */
static inline int32_t tl_steps_run(const tl_tbptt *k, int32_t left)
{
    int32_t pass = left - k->k2;
    return pass <= 0 ? left : pass < k->k2 ? pass : k->k2;
}

/* Older steps that an update's windows reach back to: it has `fresh` new ones, and begins `since` steps after all lanes
 * last started. 0 where the new ones alone fill the slots, and where what they came from is carried. */
static inline int32_t tl_steps_kept(const tl_tbptt *k, uint64_t since, int32_t fresh)
{
    int32_t most = k->learn == TL_LEARN_TBPTT ? k->k2 - fresh : 0;
    return most <= 0 ? 0 : since < (uint64_t)most ? (int32_t)since : most;
}

/* Brings everything that the next window shares with the last to its place there. */
void tl_steps_shift(const tl_model *, const tl_buffers *, int32_t kept, int32_t fresh);

/* Of an array of `size` bytes a slot, slots from .. from + count - 1 move to slot `to`. NULL and
 * counts below 1 are nothing to move. */
void tl_steps_move(void *array, size_t size, int32_t from, int32_t count, int32_t to);

/* Inputs, targets, mask, weights of the loss and reset flags of the steps that are kept; here as below in all shards. */
void tl_steps_move_data(const tl_model *, const tl_buffers *, int32_t kept, int32_t fresh);

/* What they computed: frames, losses that will count, probes, which parameters they saw, and the states, of which
 * there is one more than steps. For models that keep steps (tl_keeps_steps). */
void tl_steps_move_results(const tl_model *, const tl_buffers *, int32_t kept, int32_t fresh);

/* Parameter blocks that overlap "versions" needs: a window of k2 steps reaches over at most the
 * parameters of ceil(k2 / k1) windows, and one more is today's. 0 with another overlap. */
int32_t tl_steps_versions(const tl_model *);

/* The `fresh` new steps of a window from slot `first` on see today's parameters, which are kept for
 * when these steps are old. `window` counts the windows that were trained on, or are about to be:
 * equal numbers for equal parameters. Does nothing with another overlap. */
void tl_steps_note_versions(const tl_model *, const tl_buffers *, uint64_t window, int32_t first,
                            int32_t fresh);

TL_C_END

#endif
