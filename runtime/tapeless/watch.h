/* watch.h - the curve of a training on a terminal, in braille, of which a character has two by four dots; in plain characters where
 * LC_ALL, LC_CTYPE or LANG says no UTF-8. */
#ifndef TAPELESS_WATCH_H
#define TAPELESS_WATCH_H

#include <stdio.h>

#include "curve.h"
#include "linkage.h"

TL_C_BEGIN

enum { TL_WATCH_TEXT = 1 << 15 }; /* bytes of a picture, at most */

typedef struct tl_watch {
    const tl_curve *train, *valid; /* of losses; NULL: nothing is to be drawn */
    int utf8, colours;
    char text[TL_WATCH_TEXT];
    double x[TL_CURVE_POINTS], y[TL_CURVE_POINTS]; /* room for a curve as it is drawn */
} tl_watch;

/* By what the environment says of the terminal: NO_COLOR, too. */
void tl_watch_begin(tl_watch *, const tl_curve *train, const tl_curve *valid);

/* The picture for a terminal of that size, to `text`, each line ended by "\033[K\n"; returns the number of lines: 0 where
 * there are no two updates yet, or no room. */
int tl_watch_draw(tl_watch *, int columns, int rows);

/* The size of the terminal that `out` is; 80 by 24 where it does not say. */
void tl_watch_size(FILE *out, int *columns, int *rows);

TL_C_END

#endif
