/* log_file.h - the log of a training that is resumed: a CSV row an update. */
#ifndef TAPELESS_LOG_FILE_H
#define TAPELESS_LOG_FILE_H

#include <stdint.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Takes the rows of updates later than `update` out of the log, so that a training which goes on
 * from there logs each update once; likewise a row at the end that was not written to its end. The
 * file is replaced atomically, and only if there is something to take out. What does not begin as a
 * log does is refused and left alone; what is not there or no regular file is nothing to cut. */
int tl_log_cut(const char *path, uint64_t update, tl_error *e);

TL_C_END

#endif
