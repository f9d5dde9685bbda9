/* time_ticks.h - where an axis of times has its ticks, and what stands at them.
 *
 * Ticks are a whole unit apart: 1, 2, 5, 10, 15, 30 seconds or minutes; 1, 2, 3, 6, 12 hours; 1, 2, 5, 7, 14 days, of weeks the
 * Mondays; 1, 2, 3, 6 months; 1, 2, 5, 10, 20, ... years: the shortest at which labels do not touch. No two labels are alike: hours stand over
 * their date where that is a new one, days over their year. */
#ifndef TAPELESS_TIME_TICKS_H
#define TAPELESS_TIME_TICKS_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

enum { TL_TIME_TICKS = 64 };

typedef struct tl_time_tick {
    double at; /* seconds since 1970 */
    char label[24]; /* of one line or two */
} tl_time_tick;

/* Those from `first` to `last`, along an axis of so many pixels. Returns how many. */
size_t tl_time_ticks(double first, double last, double pixels, tl_time_tick tick[TL_TIME_TICKS]);

TL_C_END

#endif
