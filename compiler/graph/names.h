/* names.h - what messages call a node, in the words of the spec. */
#ifndef NAMES_H
#define NAMES_H

#include "graph/model.h"

/* What a message calls a node of a model: "W", "x", "x.price", "s.rnn.h", "target", "0.5", "tanh(...)". The text
 * lives in the graph's arena. */
const char *model_node_name(const Model *, const Graph *, Ref);

#endif
