#include "scratch.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[512];

void files_enter(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/tapeless.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(directory) || chdir(directory))
        abort();
}

static size_t each_file(int remove_them)
{
    DIR *d = opendir(".");
    size_t n = 0;
    for (struct dirent *f; d && (f = readdir(d));)
        if (strcmp(f->d_name, ".") && strcmp(f->d_name, "..")) {
            n++;
            if (remove_them)
                unlink(f->d_name);
        }
    closedir(d);
    return n;
}

void files_leave(void)
{
    each_file(1);
    if (chdir("/") || rmdir(directory))
        abort();
}

size_t files_count(void)
{
    return each_file(0);
}

void file_write(const char *name, const char *text)
{
    FILE *f = fopen(name, "wb");
    if (!f || fwrite(text, 1, strlen(text), f) != strlen(text) || fclose(f))
        abort();
}

char *file_bytes(const char *name, size_t *size)
{
    FILE *f = fopen(name, "rb");
    if (!f)
        return NULL;
    char *p = calloc(1, 1 << 20);
    *size = fread(p, 1, (1 << 20) - 1, f);
    fclose(f);
    return p;
}
