/* by_sequence.h - scores of each sequence apart, so that one that is forecast badly does not hide among the others. */
#ifndef TAPELESS_BY_SEQUENCE_H
#define TAPELESS_BY_SEQUENCE_H

#include <jansson.h>

#include "baseline.h"
#include "coding.h"
#include "error.h"
#include "linkage.h"
#include "recorded.h"
#include "table.h"

TL_C_BEGIN

/* Of examples in one lane. All is borrowed but `begin`. */
typedef struct tl_by_sequence {
    const tl_recorded *r;
    const tl_coding *c;
    const tl_origin *origin;       /* [n] or NULL: then they are called by their number */
    const tl_baselines *baselines; /* or NULL */
    int files;                     /* there are several: their names belong to those of the sequences */
    size_t n, *begin;              /* [n + 1] example at which each begins */
} tl_by_sequence;

/* Finds where they begin: `first` [sequences + 1], or where that is NULL by the flags of the examples. */
int tl_by_sequence_new(tl_by_sequence *, const tl_recorded *, const size_t *first, size_t sequences, tl_error *);
void tl_by_sequence_free(tl_by_sequence *);

/* For people a table for each target, the worst first, of so many as one reads; the list `sequences` for programs. Those
 * of which no step is scored are left out. */
void tl_by_sequence_print(const tl_by_sequence *);
void tl_by_sequence_json(json_t *, const tl_by_sequence *);

/* A CSV file, a row for each sequence and target. */
int tl_by_sequence_write(const tl_by_sequence *, const char *path, tl_error *);

TL_C_END

#endif
