/* $CC taken apart as a shell would. */
#include "unit.h"

#include <stdio.h>

#include "cli/words.h"

static void gives(const char *text, const char *joined)
{
    char got[1024] = "";
    Words w = { .arena = arena_new() };
    assert_true(words_split(&w, text));
    for (int i = 0; i < w.count; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s[%s]", i ? " " : "", w.word[i]);
    assert_string_equal(got, joined);
    assert_true(!w.count || !w.word[w.count]);
    arena_free(w.arena);
}

static void blanks_end_words(void **state)
{
    (void)state;
    gives("gcc", "[gcc]");
    gives("  ccache \t gcc  -m64\n", "[ccache] [gcc] [-m64]");
    gives("", "");
    gives(" \t ", "");
}

static void quotes_keep_them_together(void **state)
{
    (void)state;
    gives("'/opt/my tools/gcc' -m64", "[/opt/my tools/gcc] [-m64]");
    gives("\"/opt/my tools/gcc\"", "[/opt/my tools/gcc]");
    gives("/opt/my\\ tools/gcc", "[/opt/my tools/gcc]");
    gives("gcc -DX='a b'\"c\" ''", "[gcc] [-DX=a bc] []");
    gives("'a\\b' \"a\\\"b\"", "[a\\b] [a\"b]");
    gives("a\\", "[a\\]");
}

static void there_may_be_many(void **state)
{
    (void)state;
    char text[4096] = "cc", want[8192] = "[cc]";
    for (int i = 0; i < 300; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), " -D%d", i);
        snprintf(want + strlen(want), sizeof want - strlen(want), " [-D%d]", i);
    }
    Words w = { .arena = arena_new() };
    assert_true(words_split(&w, text));
    assert_int_equal(w.count, 301);
    assert_string_equal(w.word[0], "cc");
    assert_string_equal(w.word[300], "-D299");
    arena_free(w.arena);
}

static void a_quote_is_closed(void **state)
{
    (void)state;
    const char *const open[] = { "'gcc", "gcc \"-m64", "a'b\"c", "\"a\\\"" };
    for (int i = 0; i < 4; i++) {
        Words w = { .arena = arena_new() };
        assert_false(words_split(&w, open[i]));
        arena_free(w.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_end_words),
        cmocka_unit_test(quotes_keep_them_together),
        cmocka_unit_test(there_may_be_many),
        cmocka_unit_test(a_quote_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
