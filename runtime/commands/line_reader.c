#include "line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, WAIT = 100 /* milliseconds between two looks at stop() */ };
static const size_t longest = (size_t)1 << 28; /* bytes of a line */

int tl_line_reader_open(tl_line_reader *r, const char *path, tl_error *e)
{
    const int standard = strcmp(path, "-") == 0;
    *r = (tl_line_reader){ .fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), .label = standard ? "standard input" : path };
    return r->fd < 0 ? tl_fail(e, "%s: %s", path, strerror(errno)) : 0;
}

void tl_line_reader_close(tl_line_reader *r)
{
    if (r->fd > STDIN_FILENO)
        close(r->fd);
    free(r->text);
    *r = (tl_line_reader){ .fd = -1 };
}

/* What was given goes; room for a block, and a 0 behind it, is made. */
static int make_room(tl_line_reader *r, tl_error *e)
{
    if (r->at)
        memmove(r->text, r->text + r->at, r->size - r->at);
    r->size -= r->at;
    r->at = 0;
    if (r->room - r->size > BLOCK)
        return 0;
    if (r->size > longest)
        return tl_fail(e, "%s:%zu: the line is longer than %zu bytes", r->label, r->lines + 1, longest);
    char *more = realloc(r->text, 2 * r->room + 2 * BLOCK);
    if (!more)
        return tl_fail(e, "%s: out of memory", r->label);
    r->text = more;
    r->room = 2 * r->room + 2 * BLOCK;
    return 0;
}

/* 1: there is more, or the end; 0: stop. */
static int wait_for_more(const tl_line_reader *r, int (*stop)(void))
{
    struct pollfd p = { .fd = r->fd, .events = POLLIN };
    while (!stop())
        if (poll(&p, 1, WAIT) > 0)
            return 1;
    return 0;
}

static int read_more(tl_line_reader *r, tl_error *e)
{
    if (!r->text || r->room - r->size <= BLOCK || r->at)
        if (make_room(r, e))
            return -1;
    const ssize_t n = read(r->fd, r->text + r->size, BLOCK);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return tl_fail(e, "%s: %s", r->label, strerror(errno));
    r->ended = n == 0;
    r->size += n > 0 ? (size_t)n : 0;
    return 0;
}

int tl_line_reader_next(tl_line_reader *r, char **line, size_t *size, int (*stop)(void), tl_error *e)
{
    size_t looked = 0; /* bytes of the line without an end */
    char *end;
    while (!(end = r->text ? memchr(r->text + r->at + looked, '\n', r->size - r->at - looked) : NULL) && !r->ended) {
        looked = r->size - r->at;
        if (!wait_for_more(r, stop))
            return 0;
        if (read_more(r, e))
            return -1;
    }
    if (!end && r->at == r->size)
        return 0;
    *line = r->text + r->at;
    *size = (size_t)((end ? end : r->text + r->size) - *line);
    r->at += *size + (end != NULL);
    r->lines++;
    *size -= *size && (*line)[*size - 1] == '\r';
    (*line)[*size] = '\0';
    return 1;
}
