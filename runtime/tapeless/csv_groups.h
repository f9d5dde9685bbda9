/* csv_groups.h - rows of a table by sequence: those with the same label, in the order of the file,
 * sequences in the order in which they first appear. They may be interleaved.
 *
 *     row    0 1 2 3 4 5        label  a b
 *     cell   a b a a b a   ->   start  0 4 6
 *                               row    0 2 3 5 | 1 4
 */
#ifndef TAPELESS_CSV_GROUPS_H
#define TAPELESS_CSV_GROUPS_H

#include <stddef.h>

#include "linkage.h"
#include "name_list.h"

TL_C_BEGIN

/* Zero is none yet. */
typedef struct tl_csv_groups {
    tl_name_list label; /* the different ones */
    size_t count;       /* sequences */
    size_t *named;      /* [count] the label of each, by its index; NULL: the same */
    size_t *start;      /* [count + 1] positions at which they begin; NULL: there is one */
    size_t *row;        /* by position: the row of the file; NULL if rows stand as they stood */
    size_t *of;         /* [rows] number of the sequence; freed by finish */
    size_t rows, room;
} tl_csv_groups;

/* The next row's label. -1 if memory is short. */
int tl_csv_groups_add(tl_csv_groups *, const char *label, size_t size);

/* After the last: makes `start` and `row`, in time linear in the rows. -1 if memory is short. */
int tl_csv_groups_finish(tl_csv_groups *);

void tl_csv_groups_free(tl_csv_groups *);

TL_C_END

#endif
