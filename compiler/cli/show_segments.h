/* show_segments.h - the order of a window's work, for people. */
#ifndef SHOW_SEGMENTS_H
#define SHOW_SEGMENTS_H

#include "schedule/schedule.h"

/* A line a segment, to stdout. */
void show_segments(const Compiled *);

#endif
