/* eval.h - the command eval, of an engine beside another that computes the same with more digits. */
#ifndef TAPELESS_EVAL_H
#define TAPELESS_EVAL_H

#include <jansson.h>

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_beside {
    const tl_engine *engine; /* runs through the same data before, in the same order */
    const char *name;        /* what reports call it */
    void (*report)(void *context, json_t *, int json); /* adds what the engines know */
    void *context;
} tl_beside;

/* As tl_command_eval. */
int tl_eval_beside(const tl_engine *, const tl_beside *, int argc, char **argv);

TL_C_END

#endif
