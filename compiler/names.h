/* names.h - what messages call a node, in the words of the spec. */
#ifndef NAMES_H
#define NAMES_H

#include "model.h"

/* A NodeNamer over a Model: "W", "x", "x.price", "s.rnn.h", "target", "0.5", "tanh(...)". The text
 * lives in the graph's arena. */
const char *model_node_name(const void *model, const Graph *, Ref);

#endif
