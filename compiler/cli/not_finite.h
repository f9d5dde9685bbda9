/* not_finite.h - which operation of a model makes the first value, or gradient, that is not finite.
 *
 * The interpreter runs a window and is watched. Forward the first NaN is looked for that is made of numbers
 * that are none, and the first infinity made of finite ones; backward the first operation that a finite
 * gradient reaches and that hands on one that is not. */
#ifndef NOT_FINITE_H
#define NOT_FINITE_H

#include "cli/engine.h"

typedef struct NotFinite NotFinite;

/* Watches the windows that the engine, an interpreter of the model, runs from now on. */
NotFinite *not_finite_watch(const Model *, Engine *);
/* Forgets what was seen. */
void not_finite_forget(NotFinite *);
void not_finite_free(NotFinite *);

/* The sentence, malloc'ed, without a place in front: "sqrt at a.lua:6 is NaN, of (... + ...) = -0.3, in ...".
 * NULL if all was finite. `values`: a value of the window is not finite; else gradients alone are not, and what made
 * the first of them is named, whatever values may be infinite without being used. */
char *not_finite_sentence(const NotFinite *, bool values);

/* What to give so that the operation sees other values: "--state v=LOW..HIGH, --params F, ..."; malloc'ed. */
char *not_finite_advice(const NotFinite *, bool values);

#endif
