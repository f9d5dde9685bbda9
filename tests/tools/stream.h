/* stream.h - the same numbers for the program that stands alone and the one that stands on the runtime: N steps, some without a
 * target, a sequence that starts in between. */
#ifndef STREAM_H
#define STREAM_H

#include <stdint.h>

enum { STREAM_STEPS = 120 };

static uint32_t stream_state = 12345;

/* -1 .. 1 */
static double stream_number(void)
{
    stream_state = stream_state * 1664525u + 1013904223u;
    return (double)(stream_state >> 8) / (1 << 23) - 1;
}

#ifdef TOKENS
static int32_t stream_token(int32_t vocab)
{
    return (int32_t)((stream_number() + 1) / 2 * 0.999 * vocab);
}
#endif

static int stream_starts(int t) { return t == 0 || t == 47 || t == 53; }
static int stream_counts(int t) { return t % 11 != 5; }

#endif
