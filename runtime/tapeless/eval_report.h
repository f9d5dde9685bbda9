/* eval_report.h - what eval says. */
#ifndef TAPELESS_EVAL_REPORT_H
#define TAPELESS_EVAL_REPORT_H

#include "baseline.h"
#include "by_sequence.h"
#include "classes.h"
#include "eval.h"
#include "held_out.h"
#include "linkage.h"
#include "members.h"
#include "prediction.h"
#include "recorded.h"
#include "residuals.h"

TL_C_BEGIN

/* How another engine does on the same data. */
typedef struct tl_scored_beside {
    const tl_beside *of;
    tl_deviations d;
    double loss;
} tl_scored_beside;

typedef struct tl_eval_result {
    const tl_model *m;
    const tl_coding *c;
    const tl_series *s;
    const tl_deviations *d;
    const tl_recorded *recorded;
    size_t sequences; /* of the data; 0: a single one */
    double loss, weight;
    double *named;    /* [m->nnamed] losses that have names */
    int fit, json, confusion;
    tl_held_out held_out;
    int held_out_alone;              /* the score is of nothing else */
    const tl_scored_beside *beside;  /* or NULL, as the next */
    const tl_baselines *baselines;
    const tl_class_list *classes;    /* NULL of another engine */
    const tl_by_sequence *by_sequence;
    const tl_residuals *residuals;
    const tl_members *members;       /* of an ensemble, whose figures are these; the loss is the mean of the members' */
} tl_eval_result;

/* Adds what of the data the model was trained on, where that is known; `alone`: none of it is scored, else `advice` says
 * how that is done. */
void tl_eval_report_trained(const tl_eval_result *, int alone, const char *advice, json_t *);

/* For people, with tables below, or as JSON. */
void tl_eval_report(const tl_eval_result *);

TL_C_END

#endif
