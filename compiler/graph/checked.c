#include "graph/checked.h"

#include <stdlib.h>
#include <unistd.h>

#include <tapeless/memory_stream.h>
#include "graph/user_error.h"

static int silent_status;

void out_of_memory_is(int status) { silent_status = status; }

void out_of_memory(void)
{
    if (silent_status)
        _exit(silent_status);
    fputs("tapeless: not enough memory\n", stderr);
    exit(EXIT_WRONG);
}

void *checked(void *p)
{
    if (!p)
        out_of_memory();
    return p;
}

int checked_print(int length)
{
    if (length < 0)
        out_of_memory();
    return length;
}

FILE *text_open(char **text, size_t *size) { return checked(tl_memory_open(text, size)); }

void text_close(FILE *f)
{
    if (tl_memory_close(f))
        out_of_memory();
}
