#include "parquet.h"

#include <stdio.h>
#include <string.h>

/* It begins and ends so. */
static const char magic[] = "PAR1";

int tl_parquet_refuse(const char *path, tl_error *e)
{
    char head[sizeof magic - 1];
    FILE *f = fopen(path, "rb");
    const size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    if (n < sizeof head || memcmp(head, magic, sizeof head))
        return 0;
    const char *name = strpbrk(path, "'\"\\\\$`\n") ? "FILE.parquet" : path; /* what a shell and Python take as it is */
    const size_t size = strlen(name), end = strlen(".parquet");
    const int stem = (int)(size > end && !strcmp(name + size - end, ".parquet") ? size - end : size);
    return tl_fail(e, "%s: it is Parquet, which is not read; this writes a CSV file of it: python3 -c \"import pandas; pandas.read_parquet('%s').to_csv('%.*s.csv', index=False)\"",
                   path, name, stem, name);
}
