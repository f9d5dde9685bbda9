/* compare EXPECTED GOT TOLERANCE [PREFIX...] - are the tensors of two safetensors files the same?
 *
 * Every tensor of EXPECTED whose name begins with one of the prefixes (without any: every tensor)
 * must be in GOT with the same shape, and |got - expected| / |expected| <= TOLERANCE in the 2-norm
 * over all of its elements; where the expected tensor is 0 the other must be 0. Prints a line a
 * tensor. Exit status 0: all agree; 1: one does not, or there is none; 2: wrong usage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/safetensors.h"

static int selected(const char *name, int n, char **prefix)
{
    for (int i = 0; i < n; i++)
        if (strncmp(name, prefix[i], strlen(prefix[i])) == 0)
            return 1;
    return n == 0;
}

/* NaN anywhere makes the ratio NaN, which no tolerance admits. */
static double ratio(const tl_st_tensor *want, const tl_st_tensor *got)
{
    double difference = 0, norm = 0;
    for (size_t i = 0; i < want->count; i++) {
        double w = tl_st_double(want, i), d = tl_st_double(got, i) - w;
        difference += d * d;
        norm += w * w;
    }
    return difference == 0 ? 0 : sqrt(difference / norm);
}

static int compare(const tl_st_tensor *want, const tl_st *file, double tolerance)
{
    tl_error e;
    const tl_st_tensor *got = tl_st_need(file, want->name, want->dim, want->rank, &e);
    if (!got) {
        printf("  FAILED %s\n", e.text);
        return 1;
    }
    double r = ratio(want, got);
    int bad = !(r <= tolerance);
    printf("  %-6s %-28s %.2e\n", bad ? "FAILED" : "ok", want->name, r);
    return bad;
}

static int compare_all(const tl_st *expected, const tl_st *got, double tolerance, int n,
                       char **prefix)
{
    int compared = 0, failed = 0;
    for (size_t i = 0; i < tl_st_count(expected); i++) {
        const tl_st_tensor *want = tl_st_at(expected, i);
        if (!selected(want->name, n, prefix))
            continue;
        compared++;
        failed += compare(want, got, tolerance);
    }
    if (!compared)
        printf("  FAILED %s: no tensor to compare\n", tl_st_label(expected));
    return failed || !compared;
}

int main(int argc, char **argv)
{
    char *end = "x";
    double tolerance = argc > 3 ? strtod(argv[3], &end) : -1;
    if (*end || !(tolerance >= 0)) {
        fprintf(stderr, "usage: compare EXPECTED GOT TOLERANCE [PREFIX...]\n");
        return 2;
    }
    tl_error e;
    tl_st *expected = tl_st_open(argv[1], &e);
    tl_st *got = expected ? tl_st_open(argv[2], &e) : NULL;
    int status = 2;
    if (got)
        status = compare_all(expected, got, tolerance, argc - 4, argv + 4);
    else
        fprintf(stderr, "compare: %s\n", e.text);
    tl_st_free(got);
    tl_st_free(expected);
    return status;
}
