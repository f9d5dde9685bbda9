#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include <tapeless/text.h>
#include <tapeless/utf8.h>
#include "fake_model.h"
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

static void every_character_goes_there_and_back(void **state)
{
    (void)state;
    for (int32_t c = 0; c < 0x110000; c++) {
        char text[5];
        int32_t back = -1;
        size_t n = tl_utf8_put(text, c);
        if (c >= 0xd800 && c < 0xe000) {
            assert_int_equal(tl_utf8_get(text, n, &back), 0);
            continue;
        }
        assert_int_equal(tl_utf8_get(text, n, &back), n);
        assert_int_equal(back, c);
        assert_int_equal(n > 1 ? tl_utf8_get(text, n - 1, &back) : 0, 0);
    }
}

static void wrong_bytes_are_found_where_they_are(void **state)
{
    (void)state;
    const char *wrong[] = { "ab\x80", "ab\xc0\x80", "ab\xc3", "ab\xe0\x80\x80", "ab\xed\xa0\x80",
                            "ab\xf4\x90\x80\x80", "ab\xf0\x80\x80\x80", "ab\xff", "ab\xc3(" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        size_t at;
        assert_null(tl_utf8_decode(wrong[i], strlen(wrong[i]), &at));
        assert_int_equal(at, 2);
    }
}

static void the_next_character_is_the_target(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_bigram();
    tl_examples x;
    tl_coding c = { 0 };
    file_write("t", "b\xc3\xa9"
                    "ab");
    assert_int_equal(tl_text_load(&x, &c, &m, &(tl_list)ONE_FILE("t"), &e), 0);
    const int32_t vocab[] = { 'a', 'b', 0xe9 }, in[] = { 1, 2, 0 }, out[] = { 2, 0, 1 };
    assert_int_equal(c.nvocab, 3);
    assert_memory_equal(c.vocab, vocab, sizeof vocab);
    assert_int_equal(x.rows, 3);
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_memory_equal(x.target[0], out, sizeof out);
    tl_examples_free(&x);
    tl_coding_free(&c);
}

static void check_refused(const char *text, tl_coding *c, const char *why)
{
    tl_error e;
    tl_model m = fake_bigram();
    tl_examples x;
    file_write("t", text);
    assert_int_equal(tl_text_load(&x, c, &m, &(tl_list)ONE_FILE("t"), &e), -1);
    assert_contains(e.text, why);
}

static void what_cannot_be_read_gets_a_sentence(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    check_refused("abc\xff", &c, "t: the byte at offset 3 is not UTF-8");
    check_refused("a", &c, "1 characters has nothing to predict");
    check_refused("", &c, "nothing to predict");
    check_refused("abcdefghijk", &c, "11 different characters and bigram takes 8");
    assert_int_equal(c.nvocab, 11);
    tl_coding_free(&c);
    tl_model linear = fake_linear(TL_F32);
    assert_int_equal(tl_text_load(&x, &c, &linear, &(tl_list)ONE_FILE("t"), &e), -1);
    assert_contains(e.text, "linear takes a .csv or .safetensors file");
}

static void check_hint(const char *options, const char *hint)
{
    tl_error e;
    tl_model m = fake_bigram();
    tl_examples x;
    tl_coding c = { 0 };
    m.options = options;
    assert_int_equal(tl_text_load(&x, &c, &m, &(tl_list)ONE_FILE("t"), &e), -1);
    tl_coding_free(&c);
    assert_string_equal(e.text + strlen("t: the text has 11 different characters and bigram takes 8: "), hint);
}

/* The model takes 8 values. */
static void the_hint_is_the_option_that_has_the_number(void **state)
{
    (void)state;
    file_write("t", "abcdefghijk");
    check_hint("V=8 hidden=16", "-D V=11");
    check_hint("hidden=16 vocab=8", "-D vocab=11");
    check_hint("V=8 hidden=8", "-D V=11 or -D hidden=11");
    check_hint("hidden=16 tbptt.k2=8 V=80 W=8x", "write token(11) in the spec");
    check_hint("", "write token(11) in the spec");
}

static void a_given_vocabulary_is_kept(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_bigram();
    tl_examples x;
    tl_coding c = { 0 };
    file_write("t", "abcd");
    assert_int_equal(tl_text_load(&x, &c, &m, &(tl_list)ONE_FILE("t"), &e), 0);
    tl_examples_free(&x);
    file_write("t", "ddb");
    assert_int_equal(tl_text_load(&x, &c, &m, &(tl_list)ONE_FILE("t"), &e), 0);
    assert_int_equal(((int32_t *)x.input[0])[0], 3);
    assert_int_equal(c.nvocab, 4);
    tl_examples_free(&x);
    check_refused("ab\xc3\xa9", &c, "character 3 is '\xc3\xa9' (U+00E9)");
    tl_coding_free(&c);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_goes_there_and_back),
        cmocka_unit_test(wrong_bytes_are_found_where_they_are),
        ON_DISK(the_next_character_is_the_target),
        ON_DISK(what_cannot_be_read_gets_a_sentence),
        ON_DISK(the_hint_is_the_option_that_has_the_number),
        ON_DISK(a_given_vocabulary_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
