#include "memory_stream.h"

int tl_memory_close(FILE *f, char *const *text)
{
    int lost = fflush(f) || ferror(f);
    return fclose(f) || lost || !*text ? -1 : 0;
}
