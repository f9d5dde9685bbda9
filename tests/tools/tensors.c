/* tensors.c - small safetensors files by hand, for the tests of commands that read and write them.
 *
 *     tensors write FILE NAME SHAPE VALUE... [-- NAME SHAPE VALUE...]...   SHAPE is 3x1, f64; 3x1i is i32
 *     tensors print FILE NAME                                              a value a line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/safetensors.h>

static int complain(const char *what, const char *detail)
{
    fprintf(stderr, "tensors: %s%s\n", what, detail);
    return 2;
}

static int64_t read_shape(const char *text, int64_t *dim, int32_t *rank, int *whole)
{
    int64_t size = 1;
    for (*rank = 0; *rank < TL_ST_MAX_RANK; text++) {
        char *end;
        dim[*rank] = strtoll(text, &end, 10);
        *whole = *end == 'i';
        if (end == text || dim[*rank] < 1 || (*end && *end != 'x' && !*whole))
            return -1;
        size *= dim[(*rank)++];
        text = end + *whole;
        if (!*text)
            return size;
    }
    return -1;
}

/* NAME SHAPE VALUE... up to `--` or the end. Returns how many words it took, 0 if it is wrong. */
static int add(tl_st_writer *w, int argc, char **argv)
{
    int64_t dim[TL_ST_MAX_RANK];
    int32_t rank;
    int whole = 0;
    int64_t size = argc > 1 ? read_shape(argv[1], dim, &rank, &whole) : -1;
    if (size < 0 || size > argc - 2)
        return 0;
    double *values = malloc((size_t)size * sizeof *values); /* the writer borrows them to the end */
    int32_t *tokens = malloc((size_t)size * sizeof *tokens);
    if (!values || !tokens)
        abort();
    for (int64_t i = 0; i < size; i++) {
        char *end;
        values[i] = strtod(argv[2 + i], &end);
        if (*end)
            return 0;
        tokens[i] = (int32_t)values[i];
    }
    if (whole)
        tl_st_add(w, argv[0], TL_DT_I32, dim, rank, tokens);
    else
        tl_st_add(w, argv[0], TL_DT_F64, dim, rank, values);
    return 2 + (int)size;
}

static int write_file(int argc, char **argv)
{
    tl_error e;
    tl_st_writer *w = tl_st_writer_new();
    for (int i = 1; i < argc;) {
        int used = add(w, argc - i, argv + i);
        if (!used)
            return complain("not NAME SHAPE VALUE...: ", argv[i]);
        i += used;
        if (i < argc && strcmp(argv[i++], "--"))
            return complain("-- is expected before ", argv[i - 1]);
    }
    if (tl_st_write(w, argv[0], &e))
        return complain(e.text, "");
    tl_st_writer_free(w);
    return 0;
}

static int print_tensor(const char *path, const char *name)
{
    tl_error e;
    tl_st *file = tl_st_open(path, &e);
    if (!file)
        return complain(e.text, "");
    const tl_st_tensor *t = tl_st_find(file, name);
    if (!t)
        return complain("no such tensor: ", name);
    for (size_t i = 0; i < t->count; i++)
        printf("%.17g\n", tl_st_double(t, i));
    tl_st_free(file);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 3 && !strcmp(argv[1], "write"))
        return write_file(argc - 2, argv + 2);
    if (argc == 4 && !strcmp(argv[1], "print"))
        return print_tensor(argv[2], argv[3]);
    return complain("usage: tensors write FILE NAME SHAPE VALUE... | tensors print FILE NAME", "");
}
