/* memory_use.h - how much memory this process has had at most. */
#ifndef TAPELESS_MEMORY_USE_H
#define TAPELESS_MEMORY_USE_H

#include <stdint.h>

#include "linkage.h"

TL_C_BEGIN

/* The highest resident size since the program began, in KiB; 0 where the system does not say. Of
 * this program alone: getrusage() also counts what the process was before it became this one. */
uint64_t tl_peak_memory(void);

TL_C_END

#endif
