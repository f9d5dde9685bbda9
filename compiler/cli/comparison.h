/* comparison.h - windows run by two engines on the same numbers, and what of their results differs.
 *
 * The measure is ||one - other|| / ||other||, one row a parameter, over windows of full length, half of it and one
 * step, and where steps are kept over the window that comes after it; with a head, whose windows
 * have full length, the shorter ones run forward only. A parameter whose gradient is a thousandth of the whole
 * gradient or less is measured against that thousandth: what is left of it then is rounding. So it is
 * with the adjoints of probes and states. What is allowed grows with the longest sum (terms.h).
 *
 * The engines round apart: they add in other orders, and have functions of their own. Where that comes to more than is
 * allowed, it is found out how far rounding alone moves the result: the interpreter in single precision from itself in
 * double, on the same numbers and on some that are a little moved; in double precision, 2^-29 of that. Ten times the
 * farthest is allowed. A mistake of another kind stands out of that, or the model has no result in this precision.
 *
 * A NaN or infinity that both engines find in the same place is the model's own, and left out of the measure. What
 * one alone finds is a difference. */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "cli/engine.h"
#include "cli/terms.h"
#include "cli/tried.h"

typedef struct Pair {
    Trial a, b; /* one, and the other that it is measured against */
} Pair;

/* The window of `steps` steps that `tried` and `more` say, and where steps are kept the one after it. */
int pair_run(Pair *, const Engine *a, const Engine *b, const Tried *, int32_t steps, uint64_t more, tl_error *e);
void pair_free(Pair *);

typedef struct Row {
    const char *name;
    Compared c;
    double allowed, rounding; /* rounding: how far that alone moves it; 0: was not asked */
    bool gradient; /* or an adjoint: made going back */
} Row;

typedef struct Comparison {
    Row *row;
    int32_t n;
    Terms terms;
    double least; /* what is allowed of sums that are not long */
    bool exact;   /* of all: the user said so */
    double total; /* square of the norm of the whole gradient */
} Comparison;

/* Runs all windows, b an interpreter; rows are named in the arena. `tolerance` -1: 2e-6 in f32, 1e-12 in f64, more for long
 * sums and for what rounding moves.
 * NULL, or a malloc'ed sentence. */
char *comparison_run(Comparison *, Arena *, const Model *, const Engine *a, const Engine *b, const Tried *,
                     double tolerance);
void comparison_free(Comparison *);

/* ||one - other|| / ||other||; infinite where one alone is not finite. */
double row_ratio(const Row *);
/* Numbers of it are the same NaN or infinity in both engines. */
bool row_not_finite(const Row *);

/* One result of a slot, or any n numbers, of blocks of the two trials. */
void row_compare(Row *, const Pair *, const void *a, const void *b, size_t at, size_t n);

typedef struct Verdict {
    double worst;   /* ratio, in terms of what is allowed */
    double allowed; /* of that row */
    bool agree;     /* wherever both are finite, and nowhere is one alone not */
    bool finite;
} Verdict;

Verdict comparison_judge(const Comparison *);

#endif
