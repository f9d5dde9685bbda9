/* layout_time.h - where time-copies stand. */
#ifndef LAYOUT_TIME_H
#define LAYOUT_TIME_H

#include "schedule/layout.h"

/* Moves what is kept for later windows from the workspace to frames; sets s->frame_size. */
void use_frames(Layouts *s, const Window *);
/* Gives the members of a family one owner, and sets s->span. */
void use_strides(Layouts *s, const Window *, const Segments *);

#endif
