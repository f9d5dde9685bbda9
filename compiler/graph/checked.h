/* checked.h - memory, or the end: where the compiler finds none it says so and ends with status 2.
 *
 * It owns nothing that another process needs: files are written aside and renamed. So it need not carry
 * the failure of each small allocation through every pass. */
#ifndef CHECKED_H
#define CHECKED_H

#include <stdio.h>

_Noreturn void out_of_memory(void);

/* In a child process whose parent does the talking: out_of_memory() ends it with `status`, silently. */
void out_of_memory_is(int status);

void *checked(void *p); /* p, or the end if it is NULL */

/* The length that asprintf or vasprintf returned, or the end if there was no memory. */
int checked_print(int length);

/* A stream into *text (malloc'ed, followed by a NUL) that is there, whole, after text_close. */
FILE *text_open(char **text, size_t *size);
void text_close(FILE *);

#endif
