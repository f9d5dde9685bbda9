/* An array goes through the text of a table, with 17 digits, which are every number exactly: so all that is said of columns, sequences, times and
 * words holds for it, by the same code. It is twice the time that a CSV file of it would take. */
#include "npy_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "file.h"
#include "memory_stream.h"
#include "npy.h"

static int is_stacked(const tl_npy *a) { return a->rank == 3; }

static int check(const tl_npy *a, const char *path, tl_error *e)
{
    char shape[128];
    if (a->rank >= 1 && a->rank <= 3 && a->count)
        return 0;
    return tl_fail(e, "%s: its shape is %s; a table is [rows, columns], [rows], or [sequences, rows, columns]", path,
                   tl_shape_text(shape, sizeof shape, a->dim, a->rank));
}

static void write_names(FILE *f, const tl_npy *a, size_t columns)
{
    if (is_stacked(a))
        fputs(TL_NPY_SEQUENCE ",", f);
    for (size_t i = 1; i <= columns; i++)
        fprintf(f, "%zu%c", i, i < columns ? ',' : '\n');
}

static void write_cells(FILE *f, const tl_npy *a, const tl_st_tensor *t, size_t columns)
{
    const size_t rows = is_stacked(a) ? (size_t)a->dim[1] : t->count;
    for (size_t i = 0; i < t->count; i++) {
        const double x = tl_st_double(t, i);
        if (is_stacked(a) && i % columns == 0)
            fprintf(f, "%zu,", i / columns / rows + 1);
        fprintf(f, isnan(x) ? "nan" : "%.17g", x);
        putc((i + 1) % columns ? ',' : '\n', f);
    }
}

static char *write_table(const tl_npy *a, const void *data, const char *path, size_t *size, tl_error *e)
{
    const size_t columns = a->rank > 1 ? (size_t)a->dim[a->rank - 1] : 1;
    const tl_st_tensor t = { .dtype = a->dtype, .count = a->count, .data = data };
    char *text = NULL;
    FILE *f = tl_memory_open(&text, size);
    if (f) {
        write_names(f, a, columns);
        write_cells(f, a, &t, columns);
    }
    if (f && !tl_memory_close(f))
        return text;
    tl_fail(e, "%s: no memory for a table of %zu cells", path, a->count);
    free(text);
    return NULL;
}

char *tl_npy_text(const char *path, int *stacked, size_t *size, tl_error *e)
{
    tl_npy a;
    size_t all = 0;
    char *bytes = tl_file_read(path, SIZE_MAX / 4, &all, e), *text = NULL;
    if (bytes && !tl_npy_header(&a, bytes, all < TL_NPY_HEADER ? all : TL_NPY_HEADER, all, path, e) && !check(&a, path, e)) {
        *stacked = is_stacked(&a);
        text = write_table(&a, bytes + a.header, path, size, e);
    }
    free(bytes);
    return text;
}

int tl_npy_stacked(const char *path)
{
    tl_error ignored;
    tl_npy a = { 0 };
    char head[TL_NPY_HEADER];
    FILE *f = fopen(path, "rb");
    const size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    const long all = f && !fseek(f, 0, SEEK_END) ? ftell(f) : 0;
    if (f)
        fclose(f);
    return all >= (long)n && !tl_npy_header(&a, head, n, (size_t)all, path, &ignored) && is_stacked(&a);
}
