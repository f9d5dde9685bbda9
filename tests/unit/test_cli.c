#include "unit.h"

#include <stdlib.h>

#include <tapeless/cli.h>

typedef struct Values {
    const char *name;
    int64_t count;
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
    assert_int_equal(parse(0, &n, &e, ARGS("-n", "x", "-c4", "-lc=5")), TL_CLI_OK);
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
    check_wrong(ARGS("-x"), "there is no option -x");
    check_wrong(ARGS("--count"), "--count needs a value: --count N");
    check_wrong(ARGS("-c"), "-c needs a value");
    check_wrong(ARGS("--loud=yes"), "--loud takes no value");
    check_wrong(ARGS("--count=11"), "whole number from 1 to 10");
    check_wrong(ARGS("--count", "-2"), "--count -2: it takes");
    check_wrong(ARGS("--count=2x"), "whole number");
    check_wrong(ARGS("--count="), "whole number");
    check_wrong(ARGS("--count=99999999999999999999"), "whole number");
    check_wrong(ARGS("--rate=nan"), "number from 0 to 1");
    check_wrong(ARGS("--rate=1.5"), "number from 0 to 1");
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
        cmocka_unit_test(help_is_asked_for),
        cmocka_unit_test(help_lists_options_and_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
