/* tables.h - the tables of numbers that a spec holds, each once: const(table), and first values.
 *
 * The graphs of one model (its step, its windows) share one set, so that OP_TABLE's attr[0] means the
 * same in all of them. Equal tables are one. */
#ifndef TABLES_H
#define TABLES_H

#include <tapeless/program.h>
#include "graph/arena.h"

/* They are printed in C, and sent as text. */
enum { MOST_NUMBERS = 1 << 20, MOST_TABLES = 4096 }; /* of a model */

typedef struct Tables {
    Arena *arena; /* of the model, or of a graph alone */
    tl_table *table;
    int32_t n;
    size_t numbers; /* in all */
} Tables;

Tables *tables_new(Arena *);
/* Copies `count` numbers, unless a table has these already, bit for bit. Returns its number, or -1 if there
 * would be too many. */
int32_t tables_add(Tables *, const double *values, size_t count);
/* NULL, or a malloc'ed sentence: a number is larger than the model's type can hold. */
char *tables_misfit(const Tables *, tl_type real, const char *spec);

#endif
