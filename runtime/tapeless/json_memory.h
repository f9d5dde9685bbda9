/* json_memory.h - whether jansson found the memory for what was built with it.
 *
 * Its constructors return NULL and its containers refuse NULL, so that an object one of whose members
 * could not be had is built, and written, without it. Instead of a check at each of its calls its
 * allocations are watched, in each thread for itself. */
#ifndef TAPELESS_JSON_MEMORY_H
#define TAPELESS_JSON_MEMORY_H

#include "linkage.h"

TL_C_BEGIN

void tl_json_watch(void); /* from now on, in this thread */
int tl_json_lost(void);   /* an allocation has failed since */

TL_C_END

#endif
