/* board.h - what code that stands alone takes of a processor: its compiler makes it, and the object is looked at. */
#ifndef BOARD_H
#define BOARD_H

#include "emit/emit.h"

typedef struct Board {
    const char *name, *compiler, *package; /* package: of Debian's, that has the compiler */
    const char *flag[6];                   /* beside those that all have */
} Board;

extern const char board_names[]; /* "cortex-m0plus, ..." */
const Board *board_named(const char *);

/* Bytes. Of the stack the most that a call takes, with all that it calls but the C library; -1: not known. */
typedef struct Footprint {
    int64_t code, constants;
    int64_t predictor, learner; /* learner 0: there is none */
    int64_t predict, push;
} Footprint;

/* Of a single program, or false with a malloc'ed sentence. */
bool measure_footprint(const Board *, const Program *, Footprint *, char **error);

#endif
