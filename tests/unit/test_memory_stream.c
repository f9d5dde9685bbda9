/* test_memory_stream.c - what is written is there; where memory is short that is said, by whichever call it was written. */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include <tapeless/memory_stream.h>

static long left = -1; /* allocations until all fail; -1: none fails */

static int fails(void)
{
    if (left > 0)
        left--;
    return left == 0;
}

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t n) { return fails() ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t n, size_t m) { return fails() ? NULL : __real_calloc(n, m); }
void *__wrap_realloc(void *p, size_t n) { return fails() ? NULL : __real_realloc(p, n); }

static char bytes[30000];

static void by_fwrite(FILE *f) { (void)!fwrite(bytes, 1, sizeof bytes, f); }

static void by_fputs(FILE *f)
{
    for (size_t i = 0; i < sizeof bytes; i += 10)
        fputs("0123456789", f);
}

static void by_fprintf(FILE *f)
{
    for (size_t i = 0; i < sizeof bytes; i += 10)
        fprintf(f, "%s", "0123456789");
}

static void by_fputc(FILE *f)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        fputc("0123456789"[i % 10], f);
}

static void (*const writers[])(FILE *) = { by_fwrite, by_fputs, by_fprintf, by_fputc };

/* 0 written, -1 refused. */
static int write_by(void (*writer)(FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = tl_memory_open(&text, &size);
    if (!f)
        return -1;
    writer(f);
    int bad = tl_memory_close(f);
    left = -1;
    if (!bad) {
        assert_int_equal(size, sizeof bytes);
        assert_memory_equal(text, bytes, size);
        assert_int_equal(text[size], 0);
    }
    free(text);
    return bad;
}

static void all_is_there_or_it_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = "0123456789"[i % 10];
    for (size_t w = 0; w < sizeof writers / sizeof *writers; w++) {
        int refused = 0;
        left = -1;
        assert_int_equal(write_by(writers[w]), 0);
        for (long n = 1; n < 40; n++) {
            left = n;
            refused += write_by(writers[w]) != 0;
        }
        assert_in_range(refused, 3, 38); /* at the beginning, and at a growth */
    }
}

static void nothing_is_an_empty_text(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 1;
    FILE *f = tl_memory_open(&text, &size);
    assert_non_null(f);
    assert_int_equal(tl_memory_close(f), 0);
    assert_int_equal(size, 0);
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_there_or_it_is_said),
        cmocka_unit_test(nothing_is_an_empty_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
