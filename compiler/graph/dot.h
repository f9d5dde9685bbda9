/* dot.h - a step graph for Graphviz. */
#ifndef DOT_H
#define DOT_H

#include "graph/model.h"

void dot_write(const Model *, FILE *);

#endif
