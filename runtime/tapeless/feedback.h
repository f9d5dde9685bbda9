/* feedback.h - a model that reads what it has predicted: columns that are inputs and targets. */
#ifndef TAPELESS_FEEDBACK_H
#define TAPELESS_FEEDBACK_H

#include "coding.h"
#include "error.h"
#include "linkage.h"
#include "stepper.h"

TL_C_BEGIN

typedef struct tl_feedback {
    size_t *source;     /* [ncolumns] of an input the target column of its name, or SIZE_MAX */
    unsigned char *fed; /* [ncolumns] 1: it has one */
    size_t columns;     /* that are fed, indicators aside */
} tl_feedback;

/* Fails, in the name of `option`, where a target that is an input is not predicted, or not one row ahead. */
int tl_feedback_new(tl_feedback *, const tl_model *, const tl_coding *, const char *option, tl_error *e);
/* None of the columns. */
int tl_feedback_none(tl_feedback *, const tl_coding *, tl_error *e);
void tl_feedback_free(tl_feedback *);

/* The stepper's fed inputs of lane 0 become `value` [ncolumns] of their targets' columns, in the table's units. */
void tl_feedback_put(const tl_feedback *, const tl_coding *, const double *value, tl_stepper *);

/* "'price', 'plan'": inputs that are not fed and, where `timed`, are not of the calendar. "" if there are none; the result is `text`. */
const char *tl_feedback_known(const tl_feedback *, const tl_coding *, int timed, char *text, size_t size);

TL_C_END

#endif
