#include "memory_stream.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef struct Text {
    char **text;
    size_t *size, room; /* room for a 0 byte among it */
} Text;

static int grow(Text *t, size_t more)
{
    size_t need = *t->size + more + 1, room = t->room;
    if (more > SIZE_MAX / 4 || need > SIZE_MAX / 4)
        return -1;
    while (room < need)
        room *= 2;
    char *p = room == t->room ? *t->text : realloc(*t->text, room);
    if (!p)
        return -1;
    *t->text = p;
    t->room = room;
    return 0;
}

/* That it failed stays in the stream's error. */
static ssize_t add(void *cookie, const char *bytes, size_t n)
{
    Text *t = cookie;
    if (grow(t, n)) {
        errno = ENOMEM;
        return 0;
    }
    memcpy(*t->text + *t->size, bytes, n);
    *t->size += n;
    (*t->text)[*t->size] = 0;
    return (ssize_t)n;
}

static int end(void *cookie)
{
    free(cookie);
    return 0;
}

FILE *tl_memory_open(char **text, size_t *size)
{
    enum { FIRST = 512 };
    Text *t = malloc(sizeof *t);
    *text = calloc(FIRST, 1);
    *size = 0;
    FILE *f = NULL;
    if (t && *text) {
        *t = (Text){ text, size, FIRST };
        f = fopencookie(t, "w", (cookie_io_functions_t){ .write = add, .close = end });
    }
    if (f)
        return f;
    free(t);
    free(*text);
    *text = NULL;
    return NULL;
}

int tl_memory_close(FILE *f)
{
    int lost = fflush(f) || ferror(f);
    return fclose(f) || lost ? -1 : 0;
}
