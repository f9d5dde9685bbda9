/* Files that a pattern names. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

static int is_pattern(const char *text)
{
    struct stat s;
    return strpbrk(text, "*?[") && lstat(text, &s);
}

static int add(tl_list *list, const char *path, tl_error *e)
{
    const char **more = realloc(list->item, (list->count + 1) * sizeof *more);
    if (more)
        list->item = more;
    char *copy = more ? strdup(path) : NULL;
    if (!copy)
        return tl_fail(e, "out of memory");
    list->item[list->count++] = copy;
    return 0;
}

static int by_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int tl_files_add(tl_list *list, const char *text, const char *option, tl_error *e)
{
    glob_t found = { 0 };
    if (!is_pattern(text))
        return add(list, text, e);
    const int status = glob(text, GLOB_NOSORT, NULL, &found); /* whose order is the locale's */
    int bad = status == GLOB_NOMATCH ? tl_fail(e, "%s%s: no file has a name that the pattern matches", option, text)
              : status               ? tl_fail(e, "%s%s: not enough memory to look for files", option, text)
                                     : 0;
    if (!bad)
        qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, by_bytes);
    for (size_t i = 0; i < found.gl_pathc && !bad; i++)
        bad = add(list, found.gl_pathv[i], e);
    globfree(&found);
    return bad;
}

void tl_files_free(tl_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((char *)list->item[i]);
    free(list->item);
    *list = (tl_list){ 0 };
}
