/* Pictures: what is asked for is in them, and names cannot do harm. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tapeless/curve.h>
#include <tapeless/plot.h>
#include <tapeless/time_ticks.h>
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

/* A zigzag: no two neighbouring points are on a line that could be drawn as one. */
static tl_plot_curve zigzag(const char *title, size_t n)
{
    static double x[100], y[100];
    for (size_t i = 0; i < 100; i++) {
        x[i] = (double)i;
        y[i] = (double)(i * (i % 2));
    }
    return (tl_plot_curve){ title, "#112233", TL_PLOT_LINE, x, y, .n = n };
}

static void write_zigzag(const char *path, const char *title, size_t n)
{
    tl_error e;
    tl_plot_curve c = zigzag(title, n);
    tl_plot_panel p = { title, title, title, &c, .ncurves = 1 };
    if (tl_plot_write(path, &p, 1, &e))
        fail_msg("%s", e.text);
}

/* Points of the paths in the curve's colour, legend included. */
static size_t drawn_points(const char *path)
{
    size_t n = 0, size;
    char *svg = file_bytes(path, &size), *at = svg;
    assert_non_null(svg);
    while ((at = strstr(at, "<path stroke='rgb( 17,  34,  51)'"))) {
        char *end = strstr(at, "/>");
        for (; at < end; at++)
            n += (at[0] == 'M' || at[0] == 'L') && at[1] >= '0' && at[1] <= '9';
    }
    free(svg);
    return n;
}

static void a_picture_has_a_point_for_each_value(void **state)
{
    (void)state;
    write_zigzag("two.svg", "t", 2);
    write_zigzag("many.svg", "t", 100);
    assert_int_equal(drawn_points("many.svg") - drawn_points("two.svg"), 98);
}

static void what_is_not_a_number_leaves_a_gap(void **state)
{
    (void)state;
    tl_error e;
    double x[] = { 0, 1, 2, 3, 4 }, y[] = { 0, 1, NAN, 1, INFINITY };
    tl_plot_curve c = { "t", "#112233", TL_PLOT_LINE, x, y, .n = 5 };
    tl_plot_panel p = { "t", "x", "y", &c, .ncurves = 1 };
    write_zigzag("two.svg", "t", 2);
    assert_int_equal(tl_plot_write("gap.svg", &p, 1, &e), 0);
    assert_int_equal(drawn_points("gap.svg") - drawn_points("two.svg"), 1);
}

static size_t lines_of(const char *path)
{
    size_t n = 0, size;
    char *svg = file_bytes(path, &size), *at = svg;
    while ((at = strstr(at, "<path stroke='rgb( 17,  34,  51)'"))) {
        char *end = strstr(at, "/>");
        for (; at < end; at++)
            n += at[0] == 'M' && at[1] >= '0' && at[1] <= '9';
    }
    free(svg);
    return n;
}

static size_t count_of(const char *path, const char *word)
{
    size_t size, n = 0;
    char *svg = file_bytes(path, &size);
    for (const char *at = svg; (at = strstr(at, word)); at++)
        n++;
    free(svg);
    return n;
}

static void no_line_runs_across_a_gap(void **state)
{
    (void)state;
    tl_error e;
    const double x[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    const double whole[] = { 0, 1, 2, 1, 0, 1, 0, 1 }, gaps[] = { 0, 1, NAN, NAN, 0, NAN, 0, 1 };
    for (int style = TL_PLOT_THIN; style <= TL_PLOT_POINTS; style++) {
        tl_plot_curve c = { "t", "#112233", (tl_plot_style)style, x, whole, .n = 8 };
        tl_plot_panel p = { "t", "x", "y", &c, .ncurves = 1 };
        assert_int_equal(tl_plot_write("whole.svg", &p, 1, &e), 0);
        c.y = gaps;
        assert_int_equal(tl_plot_write("gaps.svg", &p, 1, &e), 0);
        assert_int_equal(lines_of("gaps.svg") - lines_of("whole.svg"), 2);
        const char *const dot = "<use xlink:href='#gpPt"; /* the point that is alone gets one */
        assert_int_equal(count_of("gaps.svg", dot), count_of("whole.svg", dot) + (style == TL_PLOT_POINTS ? (size_t)-3 : 1));
        const double far[] = { 0, 1, 2, 3, 40, 41, 80, 81 };
        c.y = whole;
        c.x = far;
        p.gap = 1.5;
        assert_int_equal(tl_plot_write("gaps.svg", &p, 1, &e), 0);
        assert_int_equal(lines_of("gaps.svg") - lines_of("whole.svg"), 2);
    }
}

/* "label label ...", a line's end as |. */
static const char *ticks(double first, double last, double pixels)
{
    static char text[2048];
    tl_time_tick tick[TL_TIME_TICKS];
    const size_t n = tl_time_ticks(first, last, pixels, tick);
    text[0] = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(tick[i].at >= first && tick[i].at <= last && (!i || tick[i].at > tick[i - 1].at));
        char *line = strchr(tick[i].label, '\n');
        if (line)
            *line = '|';
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", tick[i].label);
    }
    return text;
}

static void ticks_of_times_are_whole_units_that_are_told_apart(void **state)
{
    (void)state;
    const double day = 86400, start = 19723 * day; /* Monday, 1st of January 2024 */
    assert_string_equal(ticks(start, start + 30, 320), "00:00:00|2024-01-01 00:00:10 00:00:20 00:00:30");
    assert_string_equal(ticks(start + 60, start + 3600, 320), "00:15|2024-01-01 00:30 00:45 01:00");
    assert_string_equal(ticks(start, start + 1.5 * day, 320), "00:00|2024-01-01 12:00 00:00|01-02 12:00");
    assert_string_equal(ticks(start - day, start + 3 * day, 320), "12-31|2023 01-01|2024 01-02 01-03 01-04");
    assert_string_equal(ticks(start + 1, start + 30 * day, 320), "01-08|2024 01-15 01-22 01-29");
    assert_string_equal(ticks(start - 31 * day, start + 60 * day, 320), "2023-12 2024-01 2024-02 2024-03");
    assert_string_equal(ticks(start, start + 700 * day, 320), "2024-01 2024-07 2025-01 2025-07");
    assert_string_equal(ticks(start - 20000 * day, start, 320), "1970 1980 1990 2000 2010 2020");
    assert_string_equal(ticks(start, start, 320), "00:00:00|2024-01-01");
    assert_string_equal(ticks(NAN, NAN, 320), "");
    for (double span = 10; span < 1e11; span *= 1.3)
        for (double pixels = 200; pixels < 2000; pixels *= 2) {
            tl_time_tick tick[TL_TIME_TICKS];
            const size_t n = tl_time_ticks(start, start + span, pixels, tick);
            assert_in_range(n, 1, (size_t)(pixels / 40));
            for (size_t i = 1; i < n; i++)
                assert_true((strchr(tick[i].label, '\n') && strlen(tick[i].label) > 9) || strcmp(tick[i].label, tick[i - 1].label));
        }
}

static void times_stand_along_the_axis(void **state)
{
    (void)state;
    tl_error e;
    const double x[] = { 19723 * 86400., 19724 * 86400., 19725 * 86400. }, y[] = { 1, 2, 3 };
    tl_plot_curve c = { "t", "#112233", TL_PLOT_LINE, x, y, .n = 3 };
    tl_plot_panel p = { "t", "when", "y", &c, .ncurves = 1, .time_x = 1 };
    assert_int_equal(tl_plot_write("when.svg", &p, 1, &e), 0);
    assert_int_equal(count_of("when.svg", ">2024-01-01<"), 1);
    assert_int_equal(count_of("when.svg", ">01-02<"), 1);
}

static double height_of(const char *path, const char *word) /* where a text stands: translate(x,y) before it */
{
    size_t size;
    char *svg = file_bytes(path, &size), *at = strstr(svg, word);
    double x = 0, y = 0;
    assert_non_null(at);
    while (at > svg && strncmp(at, "translate(", 10) != 0)
        at--;
    assert_int_equal(sscanf(at, "translate(%lf,%lf)", &x, &y), 2);
    free(svg);
    return y;
}

/* The key stands below the label of the axis, and the one that small panels share above the title of the first. */
static void keys_stand_apart_from_labels(void **state)
{
    (void)state;
    tl_error e;
    const double x[] = { 19723 * 86400., 19724 * 86400., 19725 * 86400. }, y[] = { 1, 2, 3 };
    tl_plot_curve c = { "curve", "#112233", TL_PLOT_LINE, x, y, .n = 3 };
    tl_plot_panel p[24];
    for (size_t i = 0; i < 24; i++)
        p[i] = (tl_plot_panel){ i ? "other" : "title", "when", "y", &c, .ncurves = 1, .time_x = 1 };
    assert_int_equal(tl_plot_write("one.svg", p, 1, &e), 0);
    assert_true(height_of("one.svg", ">curve<") - height_of("one.svg", ">when<") > 15);
    assert_int_equal(tl_plot_write_columns("many.svg", p, 24, 3, &e), 0);
    assert_true(height_of("many.svg", ">title<") - height_of("many.svg", ">curve<") > 15);
}

static void draw_matrix(const char *path, const double *value, size_t n)
{
    static const char *const name[] = { "a", "b", "c" };
    tl_error e;
    const tl_plot_matrix m = { n, value, name };
    const tl_plot_panel p = { "t", "said", "true", NULL, .matrix = &m };
    assert_int_equal(tl_plot_write(path, &p, 1, &e), 0);
}

static void a_matrix_is_a_box_for_each_cell_with_its_number(void **state)
{
    (void)state;
    draw_matrix("some.svg", (const double[]){ 71, 0, 2, 0, 83, 0, 0, 5, 97 }, 3);
    draw_matrix("all.svg", (const double[]){ 71, 1, 2, 1, 83, 1, 1, 5, 97 }, 3);
    assert_int_equal(count_of("all.svg", "<polygon") - count_of("some.svg", "<polygon"), 4);
    assert_int_equal(count_of("some.svg", "<image"), 0);
    assert_int_equal(count_of("some.svg", "<text>71<") + count_of("some.svg", "<text>83<") + count_of("some.svg", "<text>97<"), 3);
}

static void a_png_is_a_png(void **state)
{
    (void)state;
    size_t size;
    write_zigzag("p.png", "t", 10);
    char *bytes = file_bytes("p.png", &size);
    assert_memory_equal(bytes, "\x89PNG\r\n", 6);
    free(bytes);
}

static void names_and_titles_with_quotes_are_harmless(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "it's \"quoted\"`touch x`$(touch y).svg", "'; system 'touch x' #.svg", "a\\nb\nEND\nc.svg",
        "-d.svg", "|touch x.svg", "@touch\"x.svg",
    };
    size_t before = files_count(), n = sizeof hostile / sizeof *hostile;
    for (size_t i = 0; i < n; i++) {
        write_zigzag(hostile[i], hostile[i], 10);
        assert_true(drawn_points(hostile[i]) >= 10);
    }
    assert_int_equal(files_count(), before + n);
}

/* gnuplot takes what stands at a tic for a format. */
static void names_of_classes_and_tics_stand_as_they_are(void **state)
{
    (void)state;
    static const char *const name[] = { "%", "50%d", "\\n\"'`x`", "a\nb" };
    static const double value[16] = { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
    tl_error e;
    const tl_plot_matrix m = { 4, value, name };
    const tl_plot_panel matrix = { "100%", "said", "true", NULL, .matrix = &m };
    tl_plot_curve c = zigzag("5% more", 4);
    const tl_plot_panel tics = { "t", "x%", "y%s", &c, .ncurves = 1, .x_names = name, .nx_names = 4 };
    if (tl_plot_write("m.svg", &matrix, 1, &e) || tl_plot_write("t.svg", &tics, 1, &e))
        fail_msg("%s", e.text);
    assert_int_equal(count_of("m.svg", ">%<"), 2);
    assert_int_equal(count_of("m.svg", ">50%d<"), 2);
    assert_int_equal(count_of("m.svg", ">\\n&quot;&apos;`x`<") + count_of("m.svg", ">\\n\"'`x`<"), 2);
    assert_int_equal(count_of("m.svg", ">100%<"), 1);
    assert_int_equal(count_of("t.svg", ">%<") + count_of("t.svg", ">50%d<"), 2);
    assert_int_equal(count_of("t.svg", ">5% more<") + count_of("t.svg", ">y%s<"), 2);
}

static void only_svg_and_png_are_drawn(void **state)
{
    (void)state;
    tl_error e;
    assert_int_equal(tl_plot_check_name("--plot", "a.svg", &e), 0);
    assert_int_equal(tl_plot_check_name("--plot", "a.png", &e), 0);
    assert_int_equal(tl_plot_check_name("--plot", "a.pdf", &e), -1);
    assert_contains(e.text, "--plot a.pdf: a picture's name ends in .svg or .png");
    assert_int_equal(tl_plot_check_name("--plot", ".svg", &e), -1);
}

static void without_gnuplot_there_is_a_sentence_and_the_old_picture(void **state)
{
    (void)state;
    tl_error e;
    char *path = strdup(getenv("PATH"));
    tl_plot_curve c = zigzag("t", 10);
    tl_plot_panel p = { "t", "x", "y", &c, .ncurves = 1 };
    file_write("old.svg", "precious");
    setenv("PATH", "/nowhere", 1);
    assert_int_equal(tl_plot_check_gnuplot(&e), -1);
    assert_contains(e.text, "Debian has it as gnuplot-nox");
    assert_int_equal(tl_plot_write("old.svg", &p, 1, &e), -1);
    mkdir("bin", 0777);
    file_write("bin/gnuplot", "#!/bin/sh\nprintf half; echo 'out of ink' >&2; exit 1\n");
    chmod("bin/gnuplot", 0755);
    setenv("PATH", "bin:/bin:/usr/bin", 1);
    assert_int_equal(tl_plot_write("old.svg", &p, 1, &e), -1);
    assert_contains(e.text, "out of ink");
    setenv("PATH", path, 1);
    free(path);
    unlink("bin/gnuplot");
    rmdir("bin");
    size_t size;
    char *old = file_bytes("old.svg", &size);
    assert_string_equal(old, "precious");
    free(old);
}

static void a_long_curve_keeps_its_means_in_fixed_memory(void **state)
{
    (void)state;
    static tl_curve c;
    enum { N = 1000003 };
    for (int i = 1; i <= N; i++)
        tl_curve_add(&c, i, 3.0 * i);
    assert_true(c.n >= TL_CURVE_POINTS / 2 - 1 && c.n < TL_CURVE_POINTS);
    assert_int_equal(c.n * c.each + c.pending, N);
    for (size_t i = 0; i < c.n; i++) {
        assert_near(c.x[i], (double)(i * c.each) + (double)(c.each + 1) / 2, 1e-6);
        assert_near(c.y[i], 3 * c.x[i], 1e-6);
    }
}

/* A trend under noise: the smoothed curve is as near to it at its ends as in its middle. */
static void a_smoothed_curve_is_as_smooth_at_its_ends(void **state)
{
    (void)state;
    static tl_curve c;
    static double y[TL_CURVE_POINTS];
    memset(&c, 0, sizeof c);
    for (int i = 0; i < 400; i++)
        tl_curve_add(&c, i, 5 - 0.01 * i + (i % 2 ? 1 : -1));
    tl_curve_smooth(&c, y);
    for (size_t i = 0; i < c.n; i++)
        if (fabs(y[i] - (5 - 0.01 * (double)i)) > 0.16)
            fail_msg("point %zu is %g, the trend %g", i, y[i], 5 - 0.01 * (double)i);
    for (size_t i = 0; i < c.n; i++)
        c.y[i] = i < 2 ? 100 : 1e-3; /* a steep beginning */
    tl_curve_smooth(&c, y);
    for (size_t i = 0; i < c.n; i++)
        assert_true(y[i] >= 1e-3 && y[i] <= 100);
}

static void a_curve_of_characters_is_in_bits(void **state)
{
    (void)state;
    static tl_curve train, valid;
    tl_error e;
    size_t size;
    tl_model m = fake_bigram();
    assert_int_equal(tl_curve_draw("none.svg", &m, &train, &valid, "character", &e), 0);
    assert_int_not_equal(access("none.svg", F_OK), 0); /* nothing to draw yet */
    for (int i = 1; i < 50; i++)
        tl_curve_add(&train, i, 1.0 / i);
    tl_curve_add(&valid, 40, 0.1);
    assert_int_equal(tl_curve_draw("c.svg", &m, &train, &valid, "character", &e), 0);
    char *svg = file_bytes("c.svg", &size);
    assert_contains(svg, "bits per character");
    assert_contains(svg, "validation");
    free(svg);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_picture_has_a_point_for_each_value),
        ON_DISK(what_is_not_a_number_leaves_a_gap),
        ON_DISK(no_line_runs_across_a_gap),
        ON_DISK(ticks_of_times_are_whole_units_that_are_told_apart),
        ON_DISK(times_stand_along_the_axis),
        ON_DISK(keys_stand_apart_from_labels),
        ON_DISK(a_matrix_is_a_box_for_each_cell_with_its_number),
        ON_DISK(a_png_is_a_png),
        ON_DISK(names_and_titles_with_quotes_are_harmless),
        ON_DISK(names_of_classes_and_tics_stand_as_they_are),
        ON_DISK(only_svg_and_png_are_drawn),
        ON_DISK(without_gnuplot_there_is_a_sentence_and_the_old_picture),
        ON_DISK(a_long_curve_keeps_its_means_in_fixed_memory),
        ON_DISK(a_smoothed_curve_is_as_smooth_at_its_ends),
        ON_DISK(a_curve_of_characters_is_in_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
