#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/safetensors.h>
#include "scratch.h"

static int enter(void **state)
{
    (void)state;
    files_enter();
    return 0;
}

static int leave(void **state)
{
    (void)state;
    files_leave();
    return 0;
}

static const float floats[6] = { 1, 2, 3, 4, 5, 6.5f };
static const double doubles[2] = { 0.1, -1e300 };
static const int32_t ints[3] = { 0, 7, -2 };

static void write_sample(const char *path)
{
    tl_error e;
    const int64_t two_three[] = { 2, 3 }, two = 2, three = 3, empty[] = { 0, 4 };
    tl_st_writer *w = tl_st_writer_new();
    tl_st_add(w, "z.floats", TL_DT_F32, two_three, 2, floats);
    tl_st_add(w, "doubles", TL_DT_F64, &two, 1, doubles);
    tl_st_add(w, "ints", TL_DT_I32, &three, 1, ints);
    tl_st_add(w, "scalar", TL_DT_F32, NULL, 0, floats + 5);
    tl_st_add(w, "empty", TL_DT_U8, empty, 2, NULL);
    tl_st_add_meta(w, "note", "h\xc3\xa9 \"quoted\"");
    assert_int_equal(tl_st_write(w, path, &e), 0);
    tl_st_writer_free(w);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    tl_error e;
    float f[6];
    double d[6];
    write_sample("f");
    tl_st *st = tl_st_open("f", &e);
    assert_non_null(st);
    assert_int_equal(tl_st_count(st), 5);
    assert_string_equal(tl_st_at(st, 0)->name, "doubles"); /* by name */
    assert_string_equal(tl_st_at(st, 4)->name, "z.floats");
    assert_string_equal(tl_st_meta(st, "note"), "h\xc3\xa9 \"quoted\"");
    assert_null(tl_st_meta(st, "other"));
    const tl_st_tensor *t = tl_st_find(st, "z.floats");
    assert_true(t->rank == 2 && t->dim[0] == 2 && t->dim[1] == 3 && t->count == 6);
    tl_st_copy_real(t, TL_F32, f);
    tl_st_copy_real(t, TL_F64, d);
    for (int i = 0; i < 6; i++)
        assert_true(f[i] == floats[i] && d[i] == (double)floats[i]);
    tl_st_copy_real(tl_st_find(st, "doubles"), TL_F64, d);
    assert_memory_equal(d, doubles, sizeof doubles);
    assert_true(tl_st_double(tl_st_find(st, "ints"), 2) == -2);
    assert_int_equal(tl_st_find(st, "scalar")->rank, 0);
    assert_int_equal(tl_st_find(st, "empty")->count, 0);
    assert_null(tl_st_find(st, "missing"));
    tl_st_free(st);
}

static void data_begin_at_a_multiple_of_eight(void **state)
{
    (void)state;
    size_t size;
    uint64_t header;
    write_sample("f");
    char *p = file_bytes("f", &size);
    memcpy(&header, p, 8);
    assert_int_equal(header % 8, 0);
    assert_int_equal(size, 8 + header + 16 + 24 + 12 + 4);
    assert_true(p[8] == '{');
    free(p);
}

static void two_of_one_name_are_refused(void **state)
{
    (void)state;
    tl_error e;
    int64_t one = 1;
    tl_st_writer *w = tl_st_writer_new();
    tl_st_add(w, "a", TL_DT_F32, &one, 1, floats);
    tl_st_add(w, "a", TL_DT_F64, &one, 1, doubles);
    assert_int_equal(tl_st_write(w, "f", &e), -1);
    assert_contains(e.text, "two tensors would be named 'a'");
    tl_st_writer_free(w);
    assert_int_equal(files_count(), 0);
}

static tl_st *parse(const char *bytes, size_t size, tl_error *e)
{
    char *copy = malloc(size ? size : 1); /* exactly as long, so that a sanitiser sees overreads */
    memcpy(copy, bytes, size);
    return tl_st_parse(copy, size, "f", e);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    size_t size;
    write_sample("f");
    char *p = file_bytes("f", &size);
    for (size_t n = 0; n < size; n++) {
        tl_error e = { "" };
        assert_null(parse(p, n, &e));
        assert_contains(e.text, "f: ");
    }
    tl_error e;
    char *longer = calloc(1, size + 1);
    memcpy(longer, p, size);
    assert_null(parse(longer, size + 1, &e));
    assert_contains(e.text, "1 bytes of data follow the last tensor");
    free(longer);
    free(p);
}

/* Whatever a flipped bit makes of the header: either it is refused, with a sentence, or every
 * tensor lies within the file, which reading all elements under a sanitiser shows. */
static void no_flipped_bit_leads_astray(void **state)
{
    (void)state;
    size_t size, refused = 0, accepted = 0, finite = 0;
    uint64_t header;
    write_sample("f");
    char *p = file_bytes("f", &size);
    memcpy(&header, p, 8);
    for (size_t bit = 0; bit < 8 * (8 + header); bit++) {
        tl_error e = { "" };
        p[bit / 8] ^= (char)(1 << bit % 8);
        tl_st *st = parse(p, size, &e);
        p[bit / 8] ^= (char)(1 << bit % 8);
        size_t total = 0;
        for (size_t i = 0; st && i < tl_st_count(st); i++) {
            const tl_st_tensor *t = tl_st_at(st, i);
            total += t->count * tl_dtype_size(t->dtype);
            for (size_t j = 0; j < t->count; j++)
                finite += isfinite(tl_st_double(t, j)) != 0;
        }
        if (st)
            assert_int_equal(total, size - 8 - header);
        else
            assert_true(e.text[0] != 0);
        refused += st == NULL;
        accepted += st != NULL;
        tl_st_free(st);
    }
    assert_true(finite > 0);
    assert_true(refused > 4 * accepted); /* what is accepted is another name, or another note */
    free(p);
}

static void check_refused(const char *json, size_t data, const char *why)
{
    tl_error e;
    uint64_t n = strlen(json);
    char *bytes = calloc(1, 8 + n + data);
    memcpy(bytes, &n, 8);
    memcpy(bytes + 8, json, n);
    assert_null(tl_st_parse(bytes, 8 + n + data, "f", &e));
    assert_contains(e.text, why);
}

#define T(name, dtype, shape, begin, end)                                                         \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" begin "," end  \
    "]}"

static void inconsistent_headers_are_refused(void **state)
{
    (void)state;
    check_refused("[]", 0, "not a JSON object");
    check_refused("{", 0, "not JSON");
    check_refused("{\"a\":3}", 0, "not an object");
    check_refused("{" T("a", "F32", "[1]", "0", "4") "," T("a", "F32", "[1]", "4", "8") "}", 8,
                  "duplicate");
    check_refused("{" T("a", "BF16", "[2]", "0", "4") "}", 4, "BF16; F32, F64");
    check_refused("{" T("a", "F32", "[-1]", "0", "4") "}", 4, "impossible shape");
    check_refused("{" T("a", "F32", "[1.0]", "0", "4") "}", 4, "impossible shape");
    check_refused("{" T("a", "F32", "[4294967296,4294967296]", "0", "0") "}", 0, "impossible");
    check_refused("{" T("a", "F64", "[4611686018427387904]", "0", "0") "}", 0, "not the size of");
    check_refused("{" T("a", "F32", "[2]", "0", "4") "}", 4, "not the size of F32 {2}");
    check_refused("{" T("a", "F32", "[1]", "4", "0") "}", 4, "outside");
    check_refused("{" T("a", "F32", "[2]", "0", "8") "}", 4, "cut short");
    check_refused("{" T("a", "F32", "[1]", "-4", "0") "}", 4, "outside");
    check_refused("{" T("a", "F32", "[2]", "0", "8") "," T("b", "F32", "[1]", "4", "8") "}", 8,
                  "overlap");
    check_refused("{" T("a", "F32", "[1]", "0", "4") "," T("b", "F32", "[1]", "8", "12") "}", 12,
                  "holes");
    check_refused("{\"__metadata__\":{\"a\":1}}", 0, "not a string");
    check_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "no data_offsets");
    check_refused("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "no shape");
}

static void what_is_needed_is_named(void **state)
{
    (void)state;
    tl_error e;
    int64_t dim[] = { 3, 2 };
    write_sample("f");
    tl_st *st = tl_st_open("f", &e);
    assert_null(tl_st_need(st, "z.floats", dim, 2, &e));
    assert_contains(e.text, "f: z.floats is {2, 3} but the model takes {3, 2}");
    assert_null(tl_st_need(st, "none", dim, 2, &e));
    assert_contains(e.text, "there is no tensor 'none' of shape {3, 2}");
    tl_st_free(st);
}

static void tokens_are_integers_in_range(void **state)
{
    (void)state;
    tl_error e;
    int32_t to[6];
    write_sample("f");
    tl_st *st = tl_st_open("f", &e);
    assert_int_equal(tl_st_copy_tokens(st, tl_st_find(st, "ints"), 0, to, &e), 0);
    assert_int_equal(to[2], -2);
    assert_int_equal(tl_st_copy_tokens(st, tl_st_find(st, "ints"), 8, to, &e), -1);
    assert_contains(e.text, "ints has -2 at element 2; tokens are integers from 0 to 7");
    assert_int_equal(tl_st_copy_tokens(st, tl_st_find(st, "z.floats"), 8, to, &e), -1);
    assert_contains(e.text, "6.5");
    tl_st_free(st);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(what_is_written_is_read),
        ON_DISK(data_begin_at_a_multiple_of_eight),
        ON_DISK(two_of_one_name_are_refused),
        ON_DISK(every_truncation_is_refused),
        ON_DISK(no_flipped_bit_leads_astray),
        cmocka_unit_test(inconsistent_headers_are_refused),
        ON_DISK(what_is_needed_is_named),
        ON_DISK(tokens_are_integers_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
