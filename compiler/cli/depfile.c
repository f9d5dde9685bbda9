#include "cli/depfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tapeless/file.h>

#include "graph/checked.h"
#include "graph/user_error.h"

/* As gcc -M writes it, which both understand: what else is special to make cannot be quoted. */
static void print_path(FILE *f, const char *path)
{
    for (; *path; path++) {
        if (*path == '$')
            fputc('$', f);
        else if (*path == ' ' || *path == '#')
            fputc('\\', f);
        fputc(*path, f);
    }
}

/* A rule of its own for each required file, so that make goes on when it is gone and nobody requires it any more. */
static void print_rule(const Model *m, const char *const *outputs, FILE *f)
{
    for (; *outputs; outputs++) {
        print_path(f, *outputs);
        fputs(outputs[1] ? " \\\n" : ":", f);
    }
    for (int i = 0; i < m->nfiles; i++) {
        fputs(" \\\n ", f);
        print_path(f, m->files[i]);
    }
    fputc('\n', f);
    for (int i = 1; i < m->nfiles; i++) {
        print_path(f, m->files[i]);
        fputs(":\n", f);
    }
}

static bool is_among(const char *path, const char *const *files, int n)
{
    struct stat s, other;
    if (stat(path, &s))
        return false;
    for (int i = 0; i < n; i++)
        if (!stat(files[i], &other) && s.st_dev == other.st_dev && s.st_ino == other.st_ino)
            return true;
    return false;
}

bool write_depfile(const Model *m, const char *const *outputs, const char *path, char **error)
{
    int n = 0;
    while (outputs[n])
        n++;
    if (is_among(path, m->files, m->nfiles) || is_among(path, outputs, n)) {
        *error = user_sentence("--depfile %s: this is a file of the model; write --depfile NAME.d", path);
        return false;
    }
    char *text = NULL;
    size_t size = 0;
    tl_error e;
    FILE *f = text_open(&text, &size);
    print_rule(m, outputs, f);
    text_close(f);
    bool fine = !tl_file_replace(path, &(tl_chunk){ text, size }, 1, &e);
    if (!fine)
        *error = user_sentence("--depfile %s", e.text);
    free(text);
    return fine;
}
