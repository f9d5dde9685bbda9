/* compare [--row N | --whole] EXPECTED GOT TOLERANCE [PREFIX...] - are tensors of two files the same?
 *
 * Both are safetensors. Every tensor of EXPECTED whose name begins with one of the prefixes
 * (without any: every tensor) must be in GOT with the same shape, and |got - expected| / |expected|
 * <= TOLERANCE in the 2-norm over all of its elements; where the expected tensor is 0 the other
 * must be 0. With --row, the tensors of EXPECTED have one dimension more, and what is expected is
 * their N-th row, from 1 on. With --whole, <= TOLERANCE of what all compared tensors come to, for what is 0 but for rounding. Prints a line a tensor. Exit status 0: all agree; 1: one does not, or
 * there is none; 2: wrong usage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/safetensors.h>

static int selected(const char *name, int n, char **prefix)
{
    for (int i = 0; i < n; i++)
        if (strncmp(name, prefix[i], strlen(prefix[i])) == 0)
            return 1;
    return n == 0;
}

static double squares(const tl_st_tensor *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->count; i++)
        sum += tl_st_double(t, i) * tl_st_double(t, i);
    return sum;
}

/* NaN anywhere makes the ratio NaN, which no tolerance admits. `least`: of the square that differences are compared with. */
static double ratio(const tl_st_tensor *want, const tl_st_tensor *got, double least)
{
    double difference = 0, norm = 0;
    for (size_t i = 0; i < want->count; i++) {
        double w = tl_st_double(want, i), d = tl_st_double(got, i) - w;
        difference += d * d;
        norm += w * w;
    }
    return difference == 0 ? 0 : sqrt(difference / (norm > least ? norm : least));
}

/* NULL if the tensor has no such row. */
static const tl_st_tensor *row_of(const tl_st_tensor *t, int64_t row, tl_st_tensor *place)
{
    if (t->rank < 1 || row > t->dim[0])
        return NULL;
    *place = *t;
    place->rank--;
    memmove(place->dim, t->dim + 1, (size_t)place->rank * sizeof *place->dim);
    place->count /= (size_t)t->dim[0];
    size_t bytes = place->count * tl_dtype_size(t->dtype);
    place->data = (const char *)t->data + (size_t)(row - 1) * bytes;
    return place;
}

static int compare(const tl_st_tensor *want, const tl_st *file, double tolerance, double least)
{
    tl_error e;
    const tl_st_tensor *got = tl_st_need(file, want->name, want->dim, want->rank, &e);
    if (!got) {
        printf("  FAILED %s\n", e.text);
        return 1;
    }
    double r = ratio(want, got, least);
    int bad = !(r <= tolerance);
    printf("  %-6s %-28s %.2e\n", bad ? "FAILED" : "ok", want->name, r);
    return bad;
}

/* row: 0 for whole tensors. */
static int compare_all(const tl_st *expected, const tl_st *got, int64_t row, int together, double tolerance,
                       int n, char **prefix)
{
    int compared = 0, failed = 0;
    double least = 0;
    for (size_t i = 0; together && i < tl_st_count(expected); i++)
        if (selected(tl_st_at(expected, i)->name, n, prefix))
            least += squares(tl_st_at(expected, i));
    for (size_t i = 0; i < tl_st_count(expected); i++) {
        const tl_st_tensor *whole = tl_st_at(expected, i), *want = whole;
        tl_st_tensor place;
        if (!selected(whole->name, n, prefix))
            continue;
        compared++;
        if (row && !(want = row_of(whole, row, &place))) {
            printf("  FAILED %s: %s has no such row\n", tl_st_label(expected), whole->name);
            failed++;
            continue;
        }
        failed += compare(want, got, tolerance, least);
    }
    if (!compared)
        printf("  FAILED %s: no tensor to compare\n", tl_st_label(expected));
    return failed || !compared;
}

/* A whole number from 1 on; 0 if the text is no such. */
static int64_t read_row(const char *text)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    return *text && !*end && n > 0 ? n : 0;
}

int main(int argc, char **argv)
{
    char *end = "x";
    int with_row = argc > 2 && strcmp(argv[1], "--row") == 0;
    int together = argc > 1 && strcmp(argv[1], "--whole") == 0;
    int64_t row = with_row ? read_row(argv[2]) : 0;
    argc -= 2 * with_row + together;
    argv += 2 * with_row + together;
    double tolerance = argc > 3 ? strtod(argv[3], &end) : -1;
    if (*end || !(tolerance >= 0) || (with_row && !row)) {
        fprintf(stderr, "usage: compare [--row N | --whole] EXPECTED GOT TOLERANCE [PREFIX...]\n");
        return 2;
    }
    tl_error e;
    tl_st *expected = tl_st_open(argv[1], &e);
    tl_st *got = expected ? tl_st_open(argv[2], &e) : NULL;
    int status = 2;
    if (got)
        status = compare_all(expected, got, row, together, tolerance, argc - 4, argv + 4);
    else
        fprintf(stderr, "compare: %s\n", e.text);
    tl_st_free(got);
    tl_st_free(expected);
    return status;
}
