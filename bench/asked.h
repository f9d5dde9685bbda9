/* asked.h - what the programs that bench/run talks to share: a library's model, the clock, how they end. */
#ifndef TAPELESS_BENCH_ASKED_H
#define TAPELESS_BENCH_ASKED_H

#include <tapeless/tapeless.h>

/* Answers `failed` and why, and ends. */
_Noreturn void end(const char *why);

/* The model SYMBOL of a shared library. */
const tl_model *load_model(const char *path, const char *symbol);

/* Seconds, without what other processes did on this core meanwhile (TAPELESS_BENCH_CLOCK=cpu in the environment), or
 * with it. */
double now(void);

#endif
