#include "log_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"

static const char first_column[] = "update,";

static size_t cells_of(const char *line, size_t size)
{
    size_t n = 1;
    for (size_t i = 0; i < size; i++)
        n += line[i] == ',';
    return n;
}

/* Of a file that has nothing but the beginning of a header, nothing stays. */
static int is_log(const char *text, size_t size)
{
    size_t n = sizeof first_column - 1;
    return strncmp(text, first_column, size < n ? size : n) == 0;
}

/* A row of no number is none of ours. */
static int is_later(const char *line, uint64_t update)
{
    char *end;
    errno = 0;
    uint64_t u = strtoull(line, &end, 10);
    return end > line && *end == ',' && (errno == ERANGE || u > update);
}

/* Moves the lines that stay to the front; returns their bytes. There is room for one more. */
static size_t keep_lines(char *text, size_t size, uint64_t update)
{
    size_t cells = 0, kept = 0;
    for (size_t at = 0, n; at < size; at += n) {
        char *newline = memchr(text + at, '\n', size - at);
        n = newline ? (size_t)(newline - text) + 1 - at : size - at;
        size_t have = cells_of(text + at, n);
        if (!newline && (!at || have != cells))
            break;
        if (at && is_later(text + at, update))
            continue;
        cells = at ? cells : have;
        memmove(text + kept, text + at, n);
        kept += n;
        if (!newline)
            text[kept++] = '\n';
    }
    return kept;
}

int tl_log_cut(const char *path, uint64_t update, tl_error *e)
{
    struct stat s;
    size_t size;
    if (stat(path, &s) || !S_ISREG(s.st_mode))
        return 0;
    char *text = tl_file_read(path, SIZE_MAX / 8, &size, e);
    if (!text)
        return -1;
    int bad = 0;
    if (!is_log(text, size)) {
        bad = tl_fail(e, "%s: it is not the log of a training, which begins with '%s'; --log takes "
                      "another name", path, first_column);
    } else {
        size_t kept = keep_lines(text, size, update);
        bad = kept != size ? tl_file_replace(path, &(tl_chunk){ text, kept }, 1, e) : 0;
    }
    free(text);
    return bad;
}
