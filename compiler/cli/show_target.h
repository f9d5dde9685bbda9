/* show_target.h - `show --target`: what a model that stands alone takes of a processor. */
#ifndef SHOW_TARGET_H
#define SHOW_TARGET_H

#include "cli/single.h"

/* board: its name; NULL is wrong usage. Returns the exit status. */
int show_target(const char *board, const SingleArguments *, Common *);

#endif
