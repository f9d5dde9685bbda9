/* report.h - results, as a table for people or as JSON for programs. */
#ifndef TAPELESS_REPORT_H
#define TAPELESS_REPORT_H

#include <jansson.h>
#include <stdint.h>

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* Fields in the order in which they should be read. A NaN or an infinity becomes null. */
json_t *tl_report_new(const tl_model *);
void tl_report_number(json_t *, const char *name, double value);
void tl_report_count(json_t *, const char *name, uint64_t value);
void tl_report_text(json_t *, const char *name, const char *value);

/* A mean loss, and what it is called where the loss is cross-entropy: bits for each `unit`. */
void tl_report_loss(json_t *, const tl_model *, const char *name, double loss, const char *unit);

/* Each of the model's named losses, as NAME.ITS_NAME; of NULL nothing. */
void tl_report_named(json_t *, const tl_model *, const char *name, const double *losses);

/* Prints JSON to stdout; `flags` are jansson's. Where memory was short since tl_json_watch, what is printed is not
 * all, and tl_output_end says so. */
void tl_report_json(const json_t *, size_t flags);

/* Prints either to stdout, the same being said, and frees. */
void tl_report_print(json_t *, int as_json);

TL_C_END

#endif
