/* What a cell is: a number, missing, or what else. */
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

#include <tapeless/csv_cell.h>

static tl_cell read(char decimal, char thousands, const char *text, double *x)
{
    tl_number_style s = { .decimal = decimal, .thousands = thousands, .c = newlocale(LC_ALL_MASK, "C", (locale_t)0) };
    tl_cell kind = tl_cell_read(&s, text, strlen(text), x);
    freelocale(s.c);
    return kind;
}

static void check(tl_cell want, const char *const *text, size_t n)
{
    double x;
    for (size_t i = 0; i < n; i++)
        if (read('.', 0, text[i], &x) != want || !isnan(x))
            fail_msg("'%s' is %d, not %d", text[i], (int)read('.', 0, text[i], &x), (int)want);
}

#define ALL(...) (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double x;
    } number[] = {
        { "0", 0 }, { "-0.5", -0.5 }, { "+3", 3 }, { ".5", 0.5 }, { "5.", 5 }, { "1e3", 1000 }, { "1E-2", 0.01 },
        { " 7\t", 7 }, { "00012", 12 }, { "1e-999", 0 }, { "1.7976931348623157e308", 1.7976931348623157e308 },
        { "0.1", 0.1 },
    };
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        double x = 99;
        assert_int_equal(read('.', 0, number[i].text, &x), TL_CELL_NUMBER);
        if (x != number[i].x)
            fail_msg("'%s' is %.17g", number[i].text, x);
    }
}

static void missing_cells(void **state)
{
    (void)state;
    check(TL_CELL_MISSING, ALL("", " ", "NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "+NAN", "NULL", "null",
                               "None", "nil", "?", "-", "--", ".", "\\N", "1.#QNAN", "-1.#IND", " NA "));
}

static void other_cells(void **state)
{
    (void)state;
    check(TL_CELL_WORDS, ALL("x", "2020-01-01", "12:30", "1.2.3", "e5", "+", "1 2 x", "nan1", "nan(2)", "a1", "Q1 2020", "2020Q1", "3 items too many",
                             "0b1", "--5", "+-5", "1..2", "na n", "1,2,3", "12,34,567", "1_0", "infinit", "10.0.0.1", "5-7"));
    check(TL_CELL_UNIT, ALL("5%", "$5", "-5 km", "<0.1", "1,5\xe2\x82\xac", "\xe2\x82\xac 1,234.50", "1.5f", "12\xc2\xb0" "C", "1a", "~7", "(3)", "1e", "0xg"));
    check(TL_CELL_INFINITE, ALL("inf", "-Inf", "+INFINITY", "1e309", "-1e999"));
    check(TL_CELL_HEX, ALL("0x1f", "-0XA", "0x1p3", "0x.8p1"));
    check(TL_CELL_DECIMAL, ALL("1,5", "-0,125", "1234,5", "1.234,5", "1,5e3", ",5", "1,2345"));
    check(TL_CELL_EITHER, ALL("1,234", "-12,345", "123,456"));
    check(TL_CELL_GROUPED, ALL("1,234.5", "1,234,567", "1 234", "1'234.5", "12 345 678", "1_000"));
}

static void groups_are_of_three(void **state)
{
    (void)state;
    double x;
    assert_int_equal(read('.', ',', "1,234,567.5", &x), TL_CELL_NUMBER);
    assert_true(x == 1234567.5);
    assert_int_equal(read('.', ',', "1234567.5", &x), TL_CELL_NUMBER);
    assert_int_equal(read(',', '.', "-1.234,25", &x), TL_CELL_NUMBER);
    assert_true(x == -1234.25);
    static const char *const wrong[] = { "12,34", "1,2345", "1,23", ",123", "1234,567", "1,,234", "1,234,", "0.1,234" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (read('.', ',', wrong[i], &x) == TL_CELL_NUMBER)
            fail_msg("'%s' is %g", wrong[i], x);
}

/* A program that has set its locale reads the same numbers. */
static void the_locale_has_no_say(void **state)
{
    (void)state;
    double x;
    static const char *const other[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "C" };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (setlocale(LC_NUMERIC, other[i])) {
            assert_int_equal(read('.', 0, "1.5", &x), TL_CELL_NUMBER);
            assert_true(x == 1.5);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(missing_cells),
        cmocka_unit_test(other_cells),
        cmocka_unit_test(groups_are_of_three),
        cmocka_unit_test(the_locale_has_no_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
