/* error.h - how the runtime reports what the user can mend.
 *
 * A function that can fail takes a tl_error * last and returns 0 on success, -1 with a sentence in
 * the error: what, where, and what would be right. What the user cannot mend (our own mistakes) is
 * an assertion instead. */
#ifndef TAPELESS_ERROR_H
#define TAPELESS_ERROR_H

#include "linkage.h"

TL_C_BEGIN

enum { TL_EXIT_DONE = 0, TL_EXIT_FAILED = 1, TL_EXIT_WRONG = 2 }; /* of a program (commands.h) */

typedef struct tl_error {
    char text[1024];
} tl_error;

/* Writes the sentence and returns -1, so that `return tl_fail(e, ...)` reads well. */
__attribute__((format(printf, 2, 3))) int tl_fail(tl_error *e, const char *format, ...);

TL_C_END

#endif
