/* stream.h - a model that learns from a stream of random inputs, of which the target is a function (endless.c). */
#ifndef TAPELESS_BENCH_STREAM_H
#define TAPELESS_BENCH_STREAM_H

#include <tapeless/online.h>
#include <tapeless/random.h>

typedef struct Stream {
    tl_online o;
    tl_random random;
    void *memory;
    size_t size;    /* of it, in bytes */
    double past[3]; /* the inputs before */
    double squares; /* of errors since it was last 0 */
} Stream;

/* Of one input and one output; ends the program with a sentence if it cannot be. */
void stream_begin(Stream *, const tl_engine *);
void stream_push(Stream *);
void stream_end(Stream *);

/* Runs `updates` of them, with ten lines about what is held, the error, the parameters and P. 1 if all is well. */
int stream_run(Stream *, size_t updates);

#endif
