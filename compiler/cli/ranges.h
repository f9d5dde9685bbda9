/* ranges.h - where the random numbers of a trial are to lie: --state v=0..1, --range input.x=0.1..2.
 *
 * A tensor is named as in the files of `tapeless grad`: input, input.NAME, target, target.NAME, state.NAME, or a
 * parameter by its name. Its numbers are then even between the two bounds. */
#ifndef RANGES_H
#define RANGES_H

#include <tapeless/cli.h>

#include "cli/trial.h"

/* The options, for a command's table; `o` has lists `states` and `ranges`. */
#define RANGE_OPTIONS(o)                                                                                    \
    TL_LIST("state", 0, &(o).states, "NAME=LOW..HIGH", "where the state that enters the window lies"),      \
    TL_LIST("range", 0, &(o).ranges, "TENSOR=LOW..HIGH",                                                    \
            "likewise, of input[.NAME], target[.NAME], state.NAME or a parameter")

/* Fills what is named anew. Fails where there is no such tensor, it is of tokens, or a range is not one. */
int ranges_fill(Trial *, const tl_list *states, const tl_list *ranges, uint64_t seed, tl_error *e);

#endif
