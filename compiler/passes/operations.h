/* operations.h - what a step costs, by counting. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "graph/model.h"

/* Additions and multiplications, a function of an element counted as one, in one lane: of what outputs and next states need. */
double step_operations(const Model *);

#endif
