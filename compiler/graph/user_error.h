/* user_error.h - sentences for what the user can mend. Our own mistakes go through assume(). */
#ifndef USER_ERROR_H
#define USER_ERROR_H

#include <stdio.h>
#include <stdlib.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WRONG = 2 }; /* of the program (cli/commands.h) */

/* A malloc'ed sentence: where, what, and what would be right. */
__attribute__((format(printf, 1, 2))) char *user_sentence(const char *format, ...);

/* What must hold if the compiler is right; says what was assumed and aborts. */
#define assume(condition, ...)                                                                    \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "tapeless: internal error at %s:%d: assumed %s\n", __FILE__, __LINE__,  \
                    #condition);                                                                  \
            fprintf(stderr, "tapeless: " __VA_ARGS__);                                            \
            fputc('\n', stderr);                                                                  \
            abort();                                                                              \
        }                                                                                         \
    } while (0)

#endif
