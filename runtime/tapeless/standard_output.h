/* standard_output.h - what was printed has arrived, or the command says that it has not.
 *
 * A full disk, or a standard output that was closed, shows in the stream at the latest when it is
 * flushed; every program here looks once, at its end. */
#ifndef TAPELESS_STANDARD_OUTPUT_H
#define TAPELESS_STANDARD_OUTPUT_H

#include "linkage.h"

TL_C_BEGIN

/* Before anything is opened: takes the places of standard streams that were closed, so that no file
 * is opened as one of them and then printed into. What is written to such a standard output is lost,
 * and tl_output_end says so. */
void tl_output_begin(void);

/* What was printed is not all, since memory was short: tl_output_end will say so. */
void tl_output_unmade(void);

/* The exit status: `status`, or 2 with a sentence to stderr if that was 0 and output was lost. `who`
 * begins the sentence. */
int tl_output_end(const char *who, int status);

TL_C_END

#endif
