/* Times in tables: how they are read and written, what puts rows in order, gaps, the calendar. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tapeless/csv_file.h>
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

static void check_time(const char *text, const char *format, double seconds, const char *again)
{
    double s, unit;
    tl_time_style style;
    char written[TL_TIME_SIZE];
    if (tl_time_read(text, format, &s, &style, &unit))
        fail_msg("'%s' is not read", text);
    assert_near(s, seconds, 1e-6);
    assert_string_equal(tl_time_write(s, style, unit, written), again);
}

static void times_are_read_and_written(void **state)
{
    (void)state;
    check_time("1970", NULL, 0, "1970");
    check_time("2020-02", NULL, 1580515200, "2020-02");
    check_time(" 2020/02/29 ", NULL, 1582934400, "2020-02-29");
    check_time("2020-02-01 13:30", NULL, 1580563800, "2020-02-01T13:30");
    check_time("2020-02-01T13:30:05.25+02:00", NULL, 1580556605.25, "2020-02-01T11:30:05.25");
    check_time("2020-02-01T13:30-0130", NULL, 1580569200, "2020-02-01T15:00");
    check_time("2020-02-01t13:30:00z", NULL, 1580563800, "2020-02-01T13:30:00");
    check_time("2020-01-01T24:00", NULL, 1577923200, "2020-01-02T00:00");
    check_time("1580563805", NULL, 1580563805, "1580563805");
    check_time("1580563805123", NULL, 1580563805.123, "1580563805123");
    check_time("-20.5", NULL, -20.5, "-20.5");
    check_time("01.02.2020 10:00", "%d.%m.%Y %H:%M", 1580551200, "2020-02-01T10:00");
    check_time("12/31/99", "%m/%d/%y", 946598400, "1999-12-31");
    double s, unit;
    tl_time_style style;
    static const char *const none[] = { "", "x", "2019-02-29", "2020-13-01", "2020-00-01", "2020-1-1", "2020-01-01T25:00", "2020-01-01T12", "12:30",
                                        "2020-01-01T12:30:", "2020-01-01T12:30:05.", "2020-01-01T12:30+2", "20200101T", "0x10", "1e9", "2020-01/01",
                                        "2020-01-01T12:30+02:000", "mon" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (!tl_time_read(none[i], NULL, &s, &style, &unit))
            fail_msg("'%s' is read as %g", none[i], s);
    assert_int_equal(tl_time_read("2020-02-01", "%d.%m.%Y", &s, &style, &unit), -1);
}

/* Against the C library, all days of some centuries and moments of them. */
static void dates_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (long day = -300000; day < 300000; day += 7) {
        const time_t t = (time_t)day * 86400 + labs(day) % 86400;
        struct tm g;
        gmtime_r(&t, &g);
        const tl_date d = tl_date_of((double)t);
        if (d.year != g.tm_year + 1900 || d.month != g.tm_mon + 1 || d.day != g.tm_mday || d.weekday != (g.tm_wday + 6) % 7 ||
            d.yearday != g.tm_yday || d.second != 3600 * g.tm_hour + 60 * g.tm_min + g.tm_sec)
            fail_msg("%ld is %ld-%d-%d", (long)t, d.year, d.month, d.day);
    }
}

static void months_are_steps(void **state)
{
    (void)state;
    const tl_time_step month = { 0, 1 }, hour = { 3600, 0 };
    double jan, unit;
    tl_time_style style;
    char text[TL_TIME_SIZE];
    assert_int_equal(tl_time_read("2020-01-31", NULL, &jan, &style, &unit), 0);
    assert_string_equal(tl_time_write(tl_time_add(jan, month, 1), style, unit, text), "2020-02-29");
    assert_string_equal(tl_time_write(tl_time_add(jan, month, 14), style, unit, text), "2021-03-31");
    assert_near(tl_time_between(jan, tl_time_add(jan, month, 25), month), 25, 1e-12);
    assert_near(tl_time_between(jan, tl_time_add(jan, hour, 25), hour), 25, 1e-12);
    assert_string_equal(tl_time_step_text(month, text), "1 month");
    assert_string_equal(tl_time_step_text((tl_time_step){ 0, 24 }, text), "2 years");
    assert_string_equal(tl_time_step_text((tl_time_step){ 900, 0 }, text), "15 min");
    assert_string_equal(tl_time_step_text((tl_time_step){ 86400, 0 }, text), "1 day");
    assert_string_equal(tl_time_step_text((tl_time_step){ 0.5, 0 }, text), "0.5 s");
}

/* The column x in order, sequence after sequence; "a 1 2 | b 3" with labels. */
static void check_order(const char *table, tl_csv_options o, const char *expected, const char *remark)
{
    tl_error e;
    tl_csv c;
    char text[400] = "";
    file_write("f", table);
    o.time = "t";
    if (tl_csv_read(&c, "f", &o, &e))
        fail_msg("%s", e.text);
    const size_t x = tl_name_list_find(&c.name, "x", 1);
    for (size_t k = 0; k < tl_csv_sequences(&c); k++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", k ? " | " : "", tl_csv_label(&c, k));
        for (size_t i = tl_csv_start(&c, k); i < tl_csv_start(&c, k + 1); i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g", *text ? " " : "", c.value[tl_csv_row(&c, i) * c.columns + x]);
    }
    assert_string_equal(text, expected);
    assert_contains(c.times.remark, remark);
    tl_csv_free(&c);
}

static void check_refused(const char *table, tl_csv_options o, const char *why)
{
    tl_error e;
    tl_csv c;
    file_write("f", table);
    o.time = "t";
    assert_int_equal(tl_csv_read(&c, "f", &o, &e), -1);
    assert_contains(e.text, why);
}

static const char hours[] = "t,x\n2020-01-01T02:00,3\n2020-01-01T00:00,1\n2020-01-01T01:00,2\n2020-01-01T05:00,6\n2020-01-01T06:00,7\n";

static void rows_are_put_in_order(void **state)
{
    (void)state;
    check_order(hours, (tl_csv_options){ 0 }, "1 2 3 6 7",
                "t 2020-01-01T00:00 to 2020-01-01T06:00, every 1 h; put in order; 1 gap of 2 rows in all, the longest of 2 after 2020-01-01T02:00 "
                "(line 5), passed over");
    check_order("s,t,x\nb,2020-01-02,4\na,2020-01-03,3\na,2020-01-01,1\nb,2020-01-01,3.5\na,2020-01-02,2\n", (tl_csv_options){ .sequence = "s" },
                "b 3.5 4 | a 1 2 3", "every 1 day; put in order");
    check_order("t,x\n2020-01-31,1\n2020-02-29,2\n2020-03-31,3\n2020-04-30,4\n", (tl_csv_options){ 0 }, "1 2 3 4", "every 1 month");
    check_order("t,x\n1999,1\n2000,2\n2001,3\n", (tl_csv_options){ 0 }, "1 2 3", "t 1999 to 2001, every 1 year");
    check_order("t,x\n0.0,1\n0.1,2\n0.2,3\n0.3,4\n0.55,5\n", (tl_csv_options){ 0 }, "1 2 3 4 5", "every 0.1 s; 1 row off that");
    check_order("t,x\n5,1\n", (tl_csv_options){ 0 }, "1", "t 5 to 5");
    check_refused("t,x\n2020-01-01,1\n2020-01-01,2\n", (tl_csv_options){ 0 },
                  "f:3: the row has the time 2020-01-01, and so has line 2; --sequence COLUMN tells sequences apart, and where "
                  "a clock was put back, times with a UTC offset do");
    check_refused("t,x\n2020-01-01,1\nsoon,2\n", (tl_csv_options){ 0 }, "f:3: column 't' has 'soon' where a time is needed");
    check_refused("t,x\n2020-01-01,1\n,2\n", (tl_csv_options){ 0 }, "f:3: column 't' has '' where a time is needed");
    check_refused("t,x\n999,1\n1000,2\n", (tl_csv_options){ 0 }, "f:3: column 't' has '1000', and above it what is a number of seconds");
    check_refused("t,x\n2020-01-01,1\n", (tl_csv_options){ .time_format = "%d.%m.%Y" }, "which is not what --time-format says");
    check_refused("u,x\n2020-01-01,1\n", (tl_csv_options){ 0 }, "there is no column 't'; there are u, x");
}

static void gaps_are_filled_or_split(void **state)
{
    (void)state;
    check_order(hours, (tl_csv_options){ .gaps = "fill" }, "1 2 3 nan nan 6 7", "(line 5), filled");
    check_order(hours, (tl_csv_options){ .gaps = "split" }, "1 2 3 |  6 7", "(line 5), split");
    check_order("s,t,x\nb,1,4\na,0,1\nb,4,5\na,1,2\na,3,3\nb,0,3\n", (tl_csv_options){ .sequence = "s", .gaps = "split" },
                "b 3 4 | b 5 | a 1 2 | a 3", "2 gaps of 3 rows");
    check_order("s,t,x\nb,1,4\na,0,1\nb,4,5\na,1,2\na,3,3\nb,0,3\n", (tl_csv_options){ .sequence = "s", .gaps = "fill" },
                "b 3 4 nan nan 5 | a 1 2 nan 3", "2 gaps of 3 rows");
    check_refused(hours, (tl_csv_options){ .gaps = "error" }, "f:5: 2 rows of 1 h are missing after 2020-01-01T02:00");
    check_refused("t,x\n0,1\n1,2\n2,3\n3.5,4\n", (tl_csv_options){ .gaps = "fill" }, "f:5: --gaps fill: from 2 to 3.5 is no whole number of the interval, 1 s");
    check_refused("t,x\n0,1\n1,2\n2,3\n99999999,4\n", (tl_csv_options){ .gaps = "fill" }, "f:5: --gaps fill would put 99999996 rows of 1 s in here");
    check_refused(hours, (tl_csv_options){ .gaps = "some" }, "--gaps some: it takes keep, fill, split or error");
}

static void filled_rows_are_of_no_file(void **state)
{
    (void)state;
    tl_error e;
    tl_csv c;
    file_write("f", hours);
    assert_int_equal(tl_csv_read(&c, "f", &(tl_csv_options){ .time = "t", .gaps = "fill" }, &e), 0);
    assert_int_equal(c.given, 5);
    assert_int_equal(c.rows, 7);
    assert_int_equal(c.column[1].missing, 2);
    assert_int_equal(c.column[1].missing_line, 5);
    assert_int_equal(c.column[0].missing, 0);
    for (size_t i = 0; i < 9; i++)
        assert_near(tl_csv_time_at(&c, 7, i), 1577836800 + 3600.0 * (double)i, 1e-6);
    tl_csv_free(&c);
}

static void the_calendar_has_columns(void **state)
{
    (void)state;
    tl_error e;
    tl_csv c;
    file_write("f", "a,t,x\n1,2024-01-01T06:00,5\n2,2024-07-01T18:00,7\n"); /* Mondays */
    assert_int_equal(tl_csv_read(&c, "f", &(tl_csv_options){ .time = "t", .calendar = "year,day,weekday,hour,month" }, &e), 0);
    static const char *const names[] = { "a", "t", "day.sin", "day.cos", "year.sin", "year.cos", "hour", "weekday", "month", "x" };
    assert_int_equal(c.columns, 10);
    for (size_t i = 0; i < 10; i++)
        assert_string_equal(c.name.item[i], names[i]);
    const double turn = 2 * acos(-1) * 182.75 / 366;
    const double expected[] = { 2, 1719856800, -1, 0, sin(turn), cos(turn), 18, 0, 6, 7 };
    for (size_t i = 0; i < 10; i++) {
        assert_near(c.value[10 + i], expected[i], 1e-9);
        if (i > 1 && i < 9)
            assert_near(tl_calendar_value(names[i], 1719856800), expected[i], 1e-9);
    }
    assert_true(isnan(tl_calendar_value("x", 0)));
    tl_csv_free(&c);
    check_refused("t,month,x\n2020-01-01,1,2\n", (tl_csv_options){ .calendar = "month" }, "--calendar makes a column 'month', and the table has one");
    check_refused("t,x\n2020-01-01,1\n", (tl_csv_options){ .calendar = "day,moon" }, "--calendar day,moon: it takes day, week, year");
    tl_csv_options o = { .calendar = "day" };
    assert_int_equal(tl_csv_read(&c, "f", &o, &e), -1);
    assert_contains(e.text, "--calendar day: it needs --time COLUMN, which says where the times stand");
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_and_written),
        cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(months_are_steps),
        ON_DISK(rows_are_put_in_order),
        ON_DISK(gaps_are_filled_or_split),
        ON_DISK(filled_rows_are_of_no_file),
        ON_DISK(the_calendar_has_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
