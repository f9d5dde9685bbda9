/* generated.h - generated code as an engine. A file of its own, so that a user's program that
 * links it gets nothing of the trainer. */
#ifndef TAPELESS_GENERATED_H
#define TAPELESS_GENERATED_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* An engine that runs the model's own, generated functions. */
tl_engine tl_generated_engine(const tl_model *model);

TL_C_END

#endif
