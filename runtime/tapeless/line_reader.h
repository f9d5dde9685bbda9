/* line_reader.h - lines of a file, a pipe or a terminal as they come, while signals are listened to. */
#ifndef TAPELESS_LINE_READER_H
#define TAPELESS_LINE_READER_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_line_reader {
    int fd;
    const char *label; /* in sentences */
    char *text;        /* what was read and not yet given */
    size_t size, room, at;
    size_t lines;      /* given so far */
    int ended;
} tl_line_reader;

/* "-" is standard input. */
int tl_line_reader_open(tl_line_reader *, const char *path, tl_error *e);
void tl_line_reader_close(tl_line_reader *);

/* The next line, without its end, which may be LF or CR LF; it stands until the next call. 1; 0 at the end, or where stop() is not 0
 * while nothing comes; -1 with a sentence. */
int tl_line_reader_next(tl_line_reader *, char **line, size_t *size, int (*stop)(void), tl_error *e);

TL_C_END

#endif
