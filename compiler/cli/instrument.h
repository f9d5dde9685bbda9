/* instrument.h - a copy of a model with a probe on every operation of the step, to find out where
 * two engines part. */
#ifndef INSTRUMENT_H
#define INSTRUMENT_H

#include "graph/model.h"

/* Probes are named "file:line op %node", in order of execution. Values that all lanes share carry
 * none. The copy borrows the original's strings: free it first, with instrument_free. */
Model *instrument(const Model *);
void instrument_free(Model *);

#endif
