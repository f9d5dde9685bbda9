/* segments.h - time as a table: what runs once, slot after slot, and for all slots together.
 *
 * What a recurrence does not need is not done step by step. A value is recurrent exactly if its family lies on a
 * cycle through the state (or, backward, through the state's adjoint); each strongly connected component of such
 * families is a segment that runs slot by slot, up or down. What lies on no cycle runs for all slots together, before,
 * between or after these: input projections, heads, losses, the gradients of parameters. So layers run one after the
 * other over the whole window. Element-by-element operations that one recurrence alone reads run inside it: they then
 * need not go through memory.
 *
 * A window that starts late runs the same segments for fewer slots: those of its slots are a contiguous suffix. */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include "schedule/family.h"

typedef enum SegmentKind {
    SEGMENT_ONCE,
    SEGMENT_UP,      /* forward code, oldest slot first */
    SEGMENT_DOWN,    /* backward code, newest slot first */
    SEGMENT_TOGETHER /* each operation for all slots, before the next operation */
} SegmentKind;

/* The parts of a window, in order. An evaluation step has the first four: what no step changes, the step, what only
 * the loss needs, the stores that follow every read. */
typedef enum Phase {
    PHASE_PROLOGUE, PHASE_FORWARD, PHASE_HEAD, PHASE_HEAD_BACKWARD, PHASE_BACKWARD, PHASE_EPILOGUE
} Phase;

typedef struct Segment {
    SegmentKind kind;
    Phase phase;
} Segment;

typedef struct Segments {
    Arena *arena;
    const Families *families;
    Segment *segment; /* in order of execution */
    int32_t count;
    int32_t *of;      /* [graph->count] */
    int32_t *rank;    /* [graph->count] the order of families and of what has none: operands first */
} Segments;

/* `batch`: false runs all forward code slot by slot, and all backward code: to compare with. */
Segments *segments_new(const Window *, const Families *, bool batch);
void segments_free(Segments *);
void segments_write(const Segments *, const Window *, FILE *);
/* Why nothing of this window runs for all slots together; NULL: nothing prevents it. */
const char *segments_refusal(const Window *);

#endif
