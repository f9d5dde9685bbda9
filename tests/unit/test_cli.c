#include "unit.h"

#include <stdlib.h>

#include <tapeless/cli.h>
#include <tapeless/number.h>

typedef struct Values {
    const char *name, *prime;
    int64_t count, large;
    double rate;
    int loud, quiet;
    tl_list list;
} Values;

static Values v;

static const tl_option table[] = {
    TL_STRING("name", 'n', &v.name, "TEXT", "a name"),
    TL_INT("count", 'c', &v.count, "N", 1, 10, "a count"),
    TL_DOUBLE("rate", 0, &v.rate, "X", 0, 1, "a rate"),
    TL_FLAG("loud", 'l', &v.loud, "be loud"),
    TL_FLAG("quiet", 'q', &v.quiet, "be quiet"),
    TL_LIST("define", 'D', &v.list, "K=V", "define"),
    TL_INT("large", 0, &v.large, "N", 0, TL_INT_MAX, "a large number"),
    TL_TEXT("prime", 0, &v.prime, "TEXT", "may be empty"),
    TL_ALIAS("called", "name"),
    TL_END,
};

static tl_cli_result parse(int most, int *nargs, tl_error *e, char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    tl_cli_free(table);
    v = (Values){ .count = 3, .rate = 0.5 };
    return tl_cli_parse(table, argc, argv, most, nargs, e);
}

#define ARGS(...) ((char *[]){ __VA_ARGS__, NULL })

static void every_way_to_give_a_value(void **state)
{
    (void)state;
    tl_error e;
    int n;
    assert_int_equal(parse(0, &n, &e, ARGS("--name=a=b", "--count", "7", "--rate=1e-3", "-lq")),
                     TL_CLI_OK);
    assert_string_equal(v.name, "a=b");
    assert_int_equal(v.count, 7);
    assert_near(v.rate, 1e-3, 0);
    assert_true(v.loud && v.quiet);
    assert_int_equal(parse(0, &n, &e, ARGS("-n", "x", "-lc=5")), TL_CLI_OK);
    assert_string_equal(v.name, "x");
    assert_int_equal(v.count, 5);
    assert_int_equal(parse(0, &n, &e, ARGS("-D", "a=1", "--define=b=2", "-Dc=3")), TL_CLI_OK);
    assert_int_equal(v.list.count, 3);
    assert_string_equal(v.list.item[2], "c=3");
    tl_cli_free(table);
}

static void arguments_stand_anywhere(void **state)
{
    (void)state;
    tl_error e;
    int n;
    char **argv = ARGS("one", "-l", "two", "--", "--count", "-");
    assert_int_equal(parse(4, &n, &e, argv), TL_CLI_OK);
    assert_int_equal(n, 4);
    assert_string_equal(argv[0], "one");
    assert_string_equal(argv[1], "two");
    assert_string_equal(argv[2], "--count");
    assert_true(v.loud && v.count == 3);
    assert_int_equal(parse(1, &n, &e, ARGS("one", "two")), TL_CLI_WRONG);
    assert_contains(e.text, "'two' is one argument too many");
}

static void check_wrong(char **argv, const char *why)
{
    tl_error e;
    int n;
    assert_int_equal(parse(0, &n, &e, argv), TL_CLI_WRONG);
    assert_contains(e.text, why);
}

static void mistakes_get_a_sentence(void **state)
{
    (void)state;
    check_wrong(ARGS("--cuont", "3"), "there is no option --cuont; did you mean --count?");
    check_wrong(ARGS("--quite"), "did you mean --quiet?");
    check_wrong(ARGS("--zebra=3"), "there is no option --zebra; --help lists them");
    check_wrong(ARGS("-x"), "there is no option -x; --help lists them");
    check_wrong(ARGS("-r", "1"), "there is no option -r; did you mean --rate?");
    check_wrong(ARGS("--count"), "--count needs a value: --count N");
    check_wrong(ARGS("-c"), "-c needs a value");
    check_wrong(ARGS("--loud=yes"), "--loud takes no value");
    check_wrong(ARGS("--count=11"), "whole number from 1 to 10");
    check_wrong(ARGS("--count", "-2"), "--count -2: it takes");
    check_wrong(ARGS("--count=2x"), "whole number");
    check_wrong(ARGS("--count=99999999999999999999"), "whole number");
    check_wrong(ARGS("--rate=1.5"), "--rate 1.5: it takes a number from 0 to 1");
    check_wrong(ARGS("--cou", "3"), "did you mean --count?"); /* no abbreviations */
    check_wrong(ARGS("--large=99999999999999999999"), "whole number from 0 to 2^53");
}

static void a_number_is_decimal_and_all_of_it(void **state)
{
    (void)state;
    static const char *const not_numbers[] = { "nan", "inf", "-inf", "infinity", "0x1p-3", "0x10", " 0.5", "0.5 ",
                                               "0.5f", "0,5", "1e", ".", "+", "--1", "1e-999", "1e999", "5e-400" };
    static const char *const not_whole[] = { "0x3", " 3", "3 ", "3.0", "+", "-", "3e0", "٣" };
    for (size_t i = 0; i < sizeof not_numbers / sizeof *not_numbers; i++)
        check_wrong(ARGS("--rate", (char *)(uintptr_t)not_numbers[i]), "it takes a number from 0 to 1");
    for (size_t i = 0; i < sizeof not_whole / sizeof *not_whole; i++)
        check_wrong(ARGS("--count", (char *)(uintptr_t)not_whole[i]), "it takes a whole number from 1 to 10");
    check_wrong(ARGS("--count", "3e0"), "it takes a whole number from 1 to 10: write 3");
    tl_error e;
    int n;
    static const struct { char *text; double x; } good[] = { { "0.5", 0.5 }, { ".5", 0.5 }, { "1.", 1 }, { "5E-1", 0.5 },
                                                             { "+1e-2", 0.01 }, { "0e5", 0 }, { "-0", 0 } };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(parse(0, &n, &e, ARGS("--rate", good[i].text)), TL_CLI_OK);
        assert_near(v.rate, good[i].x, 0);
    }
}

static void a_value_is_given_once_and_is_not_empty(void **state)
{
    (void)state;
    tl_error e;
    int n;
    check_wrong(ARGS("--count", "3", "-c", "3"), "--count is given twice, the second time as 3; give it once");
    check_wrong(ARGS("--name=a", "--called=b"), "--name is given twice, the second time as b");
    check_wrong(ARGS("--name="), "--name: its value is empty; write --name TEXT");
    check_wrong(ARGS("--define", ""), "--define: its value is empty");
    assert_int_equal(parse(0, &n, &e, ARGS("--called", "x", "-l", "-l", "--prime=")), TL_CLI_OK);
    assert_string_equal(v.name, "x");
    assert_string_equal(v.prime, "");
}

/* What was forgotten is not made up of what comes next. */
static void an_option_is_no_value(void **state)
{
    (void)state;
    tl_error e;
    int n;
    check_wrong(ARGS("--name", "--loud"), "--name needs a value, --name TEXT, and --loud is an option; "
                                          "if it is meant, write --name=--loud");
    check_wrong(ARGS("-n", "-l"), "-n needs a value, -n TEXT, and -l is an option");
    check_wrong(ARGS("--name", "--help"), "--help is an option");
    assert_int_equal(parse(0, &n, &e, ARGS("--name=--loud", "-D", "-5")), TL_CLI_OK);
    assert_string_equal(v.name, "--loud");
    assert_string_equal(v.list.item[0], "-5");
    assert_false(v.loud);
    assert_int_equal(parse(0, &n, &e, ARGS("--name", "-")), TL_CLI_OK);
    assert_int_equal(parse(0, &n, &e, ARGS("--name", "--unknown")), TL_CLI_OK);
}

/* A table may stand in a table; what is given of it is passed on, in one form. */
static void what_belongs_to_another_program_is_passed_on(void **state)
{
    (void)state;
    tl_error e;
    int nargs, own = 0;
    tl_words words = { 0 };
    const tl_option outer[] = { TL_FLAG("own", 'o', &own, "mine"), TL_FLAG("quiet", 0, &own, "mine, too"),
                                TL_TABLE("theirs:", table, &words), TL_END };
    char *argv[] = { "-lo", "spec", "-c4", "--name", "a b", "--quiet", "-Dx=1" };
    v = (Values){ .count = 3 };
    tl_cli_free(table);
    assert_int_equal(tl_cli_parse(outer, 7, argv, 1, &nargs, &e), TL_CLI_OK);
    assert_int_equal(words.count, 4);
    assert_string_equal(words.word[0], "--loud");
    assert_string_equal(words.word[1], "--count=4");
    assert_string_equal(words.word[2], "--name=a b");
    assert_string_equal(words.word[3], "--define=x=1");
    assert_null(words.word[4]);
    assert_true(own && !v.quiet); /* the outer table's goes before */
    assert_int_equal(v.count, 4);
    assert_string_equal(argv[0], "spec");
    tl_words_free(&words);
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    tl_cli_help(outer, "prog", "", f);
    fclose(f);
    assert_contains(text, "mine, too\n\ntheirs:\n");
    assert_null(strstr(text, "be quiet"));
    assert_contains(text, "be loud");
    free(text);
    assert_int_equal(tl_cli_takes_next(outer, "--name"), 1);
    assert_int_equal(tl_cli_takes_next(outer, "--called"), 1);
    assert_int_equal(tl_cli_takes_next(outer, "--name=x"), 0);
    assert_int_equal(tl_cli_takes_next(outer, "-lc"), 1);
    assert_int_equal(tl_cli_takes_next(outer, "-lc4"), 0);
    assert_int_equal(tl_cli_takes_next(outer, "-ol"), 0);
    assert_int_equal(tl_cli_takes_next(outer, "--nothing"), -1);
}

static void ranges_are_two_numbers(void **state)
{
    (void)state;
    double a, b;
    assert_true(tl_parse_range("-1..2.5", &a, &b) && a == -1 && b == 2.5);
    assert_true(tl_parse_range("1e-3...5", &a, &b) && a == 1e-3 && b == 0.5);
    assert_false(tl_parse_range("2..1", &a, &b));
    assert_false(tl_parse_range("1..", &a, &b));
    assert_false(tl_parse_range("1", &a, &b));
    assert_false(tl_parse_range("1..inf", &a, &b));
}

static void help_is_asked_for(void **state)
{
    (void)state;
    tl_error e;
    int n;
    assert_int_equal(parse(0, &n, &e, ARGS("--help")), TL_CLI_HELP);
    assert_int_equal(parse(0, &n, &e, ARGS("-lh")), TL_CLI_HELP);
}

static void help_lists_options_and_defaults(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    v = (Values){ .name = "x", .count = 3, .rate = 0.5 };
    tl_cli_help(table, "prog [options]", "Does it.", f);
    fclose(f);
    assert_contains(text, "usage: prog [options]\nDoes it.\n");
    assert_contains(text, "  -c, --count N                a count [3]\n");
    assert_contains(text, "      --rate X                 a rate [0.5]\n");
    assert_contains(text, "  -l, --loud                   be loud\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_give_a_value),
        cmocka_unit_test(arguments_stand_anywhere),
        cmocka_unit_test(mistakes_get_a_sentence),
        cmocka_unit_test(a_number_is_decimal_and_all_of_it),
        cmocka_unit_test(a_value_is_given_once_and_is_not_empty),
        cmocka_unit_test(an_option_is_no_value),
        cmocka_unit_test(what_belongs_to_another_program_is_passed_on),
        cmocka_unit_test(ranges_are_two_numbers),
        cmocka_unit_test(help_is_asked_for),
        cmocka_unit_test(help_lists_options_and_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
