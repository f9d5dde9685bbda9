/* text.h - the text form of a graph: what `-d PASS` prints, what the evaluating child sends.
 *
 * A line a node, operands first:
 *
 *     %7 matmul *{1, 32} %3 %4 a=0,1 @0:14 ^5 s3
 *
 * reference, operation, `*` where there is a value for each lane and `#` where it is a token, the
 * shape, operands, attributes (a= integers, n= numbers, trailing zeros left out), file:line, origin
 * in the step graph, section. Everything after the operands is left out where it is zero. */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

#include "graph/graph.h"

void text_write_node(FILE *, const Graph *, Ref);
void text_write_graph(FILE *, const Graph *); /* `graph K LANES NODES`, files, nodes, `end` */

/* A cursor over text that is read line by line. `error` is set once, with the line number. */
typedef struct TextReader {
    const char *at, *end;
    int line;
    Arena *arena;
    char *error;
} TextReader;

/* Words of the current line. All return false (and set error) when the text does not fit. */
bool text_next_line(TextReader *);  /* false at the end, without error */
bool text_word(TextReader *, const char **word); /* "" at the end of the line; in the arena */
bool text_int(TextReader *, int64_t lo, int64_t hi, int64_t *);
bool text_number(TextReader *, double *);
bool text_rest(TextReader *, const char **rest);
bool text_shape(TextReader *, Shape *);
__attribute__((format(printf, 2, 3))) bool text_fail(TextReader *, const char *format, ...);

/* Reads what text_write_graph wrote, rebuilding each node through the constructors, which check it. */
Graph *text_read_graph(TextReader *);

#endif
