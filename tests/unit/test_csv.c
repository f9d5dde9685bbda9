/* CSV files: what is read, in which dialects, and what each malformed file is told. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <tapeless/csv_file.h>
#include <tapeless/gunzip.h>
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

static const tl_csv_options plain;

/* Reads a file of that text; its names, joined by |, and its values must be these. */
static void check_read(const char *text, tl_csv_options o, const char *names, const double *value, size_t rows)
{
    tl_error e;
    tl_csv c;
    char joined[200] = "";
    file_write("f", text);
    if (tl_csv_read(&c, "f", &o, &e))
        fail_msg("%s", e.text);
    for (size_t i = 0; i < c.columns; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? "|" : "", c.name.item[i]);
    assert_string_equal(joined, names);
    assert_int_equal(c.rows, rows);
    for (size_t i = 0; i < rows * c.columns; i++)
        if (!(c.value[i] == value[i] || (isnan(c.value[i]) && isnan(value[i]))))
            fail_msg("value %zu is %g, not %g, in '%s'", i, c.value[i], value[i], text);
    tl_csv_free(&c);
}

static void check_refused_as(const char *text, tl_csv_options o, const char *why)
{
    tl_error e;
    tl_csv c;
    file_write("f", text);
    if (tl_csv_read(&c, "f", &o, &e) != -1)
        fail_msg("'%s' is read", text);
    assert_contains(e.text, why);
}

static void check_refused(const char *text, const char *why)
{
    check_refused_as(text, plain, why);
}

static void cells_are_numbers(void **state)
{
    (void)state;
    const double value[] = { 1, 2.5, -3, 1e-3, 0.5, 12 };
    check_read("\xef\xbb\xbfx,\"y, or z\"\r\n1,2.5\r\n\r\n \"-3\" ,1e-3\r\n.5,\" +12. \"", plain, "x|y, or z",
               value, 3);
    check_read("\xef\xbb\xbf\"x\",\"y\"\n1,2.5\n-3,1E-3\n0.5,12\n", plain, "x|y", value, 3);
    check_read("x,y\r1,2.5\r\r-3,.001\r0.5,12", plain, "x|y", value, 3); /* CR alone */
    check_read("x\ty z\n1\t2.5\n-3\t1e-3\n0.5\t12\n", plain, "x|y z", value, 3);
    check_read("x|y\n1|2.5\n-3|1e-3\n0.5|12\n", plain, "x|y", value, 3);
    check_read("sep=;\r\nx;y\r\n1;2.5\r\n-3;1e-3\r\n0.5;12\r\n", plain, "x|y", value, 3);
    check_read("\xef\xbb\xbf\xef\xbb\xbf" "x,y\n1,2.5\n-3,1e-3\n0.5,12\n", plain, "x|y", value, 3);
    check_read("x:y\n1:2.5\n-3:1e-3\n0.5:12\n", (tl_csv_options){ .separator = ":" }, "x|y", value, 3);
    check_read("x y\n1 2.5\n-3 1e-3\n0.5 12\n", (tl_csv_options){ .separator = "space" }, "x|y", value, 3);
}

static void numbers_of_other_countries(void **state)
{
    (void)state;
    const double value[] = { 1.5, 2, 1234.5, -0.25 };
    check_read("x;y\n1,5;2\n1234,5;-0,25\n", plain, "x|y", value, 2); /* nothing else it could be */
    check_read("x [m,s];y [m,s]\n1,5;2\n1234,5;-0,25\n", plain, "x [m,s]|y [m,s]", value, 2);
    check_read("x,y\n\"1,5\",2\n\"1234,5\",\"-0,25\"\n", plain, "x|y", value, 2);
    check_read("x;y\n1,5;2\n1.234,5;-0,25\n", (tl_csv_options){ .thousands = "." }, "x|y", value, 2);
    check_read("x,y\n1.5,2\n\"1,234.5\",-.25\n", (tl_csv_options){ .thousands = "," }, "x|y", value, 2);
    check_read("x;y\n1,5;2\n1 234,5;-0,25\n", (tl_csv_options){ .decimal = ",", .thousands = "space" }, "x|y", value, 2);
    const double either[] = { 1.234, 2 };
    check_read("x;y\n1,234;2\n", (tl_csv_options){ .decimal = "," }, "x|y", either, 1);
    check_refused_as("x;y\n1;2\n", (tl_csv_options){ .decimal = ",", .thousands = "," }, "--thousands ,: that is the decimal");
    check_refused_as("x;y\n1;2\n", (tl_csv_options){ .decimal = ";" }, "--decimal ;: it takes . or ,");
    check_refused_as("x;y\n1;2\n", (tl_csv_options){ .separator = ";;" }, "--separator ;;: it takes one character");
    check_refused_as("x;y\n1;2\n", (tl_csv_options){ .separator = "x" }, "--separator x: it takes one character");
    check_refused_as("x;y\n1;2\n", (tl_csv_options){ .thousands = "5" }, "--thousands 5: it takes one character");
    check_read("P(a|b)\n.5\n.25\n", plain, "P(a|b)", (double[]){ 0.5, 0.25 }, 2); /* in a name */
    check_refused("x,a;y,b\n1,2;3,4\n", "f:1: the first row has more than one of ',', ';', tab and '|' in "
                  "it: --separator");
}

static void names_may_be_missing(void **state)
{
    (void)state;
    const double value[] = { 0, 1, 2, 1, 3, 4 }, tail[] = { 1, 2, NAN, 3, 4, NAN };
    check_read(",u,v\n0,1,2\n1,3,4\n", plain, "|u|v", value, 2);
    check_read("Unnamed: 0,u,v\n0,1,2\n1,3,4\n", plain, "Unnamed: 0|u|v", value, 2);
    check_read(",0,1\n0,1,2\n1,3,4\n", plain, "|0|1", value, 2); /* what pandas writes without names */
    check_read("u,v,\n1,2,\n3,4,\n", plain, "u|v|", tail, 2);
    check_read("0,1,2\n1,3,4\n", (tl_csv_options){ .no_header = 1 }, "1|2|3", value, 2);
    check_read("7,7,7\n1,3,4\n", (tl_csv_options){ .no_header = 1 }, "1|2|3", (double[]){ 7, 7, 7, 1, 3, 4 }, 2);
    check_read("0,1,2\n1,3,4\n", (tl_csv_options){ .header = 1 }, "0|1|2", value + 3, 1);
    check_refused("1.0,2.0\n2,3\n", "f:1: the first row holds numbers, '1.0' and so on, and not the names of "
                  "the columns: --no-header reads it");
    check_refused("5\n5\n", "f:1: the first row holds numbers, '5', and not");
    check_refused("1,5;2,5\n3,5;4\n", "f:1: the first row holds numbers, '1,5' and so on");
    check_refused("1,nan\n3,5\n", "f:1: the first row holds numbers");
    check_refused("a,,b\n1,2,3\n", "f:1: column 2 has no name");
    check_refused_as("1\n", (tl_csv_options){ .header = 1, .no_header = 1 }, "choose one");
}

static void malformed_files_get_file_and_line(void **state)
{
    (void)state;
    check_refused("a,b\n1,2\n3\n", "f:3: the row has 1 cell and the first row 2; they are separated by ',', "
                  "and --separator");
    check_refused("a,b\n1;2\n", "f:2: the row has 1 cell and the first row 2");
    check_refused("a,b,c\n1,2,3\n\n1,2\n", "f:4: the row has 2 cells and the first row 3");
    check_refused("a,b\n1,2\n3,4,5\n", "f:3: the row has 3 cells and the first row 2");
    check_refused("# of the day\na,b\n1,2\n", "f:2: the row has 2 cells and the first row 1; comments are "
                  "not read");
    check_refused("a,b\n1,2\n# the end\n", "f:3: the row has 1 cell and the first row 2; comments are not "
                  "read");
    check_refused("\"u,v\"\n\"1,2\"\n\"3,4\"\n", "f:2: the first row is one cell, 'u,v', and so are the "
                  "others, such as '1,2': take the quotes around whole rows away");
    check_refused("a,b\n1,\"2\n3,4\n", "f:2: a quoted cell begins here and the file ends inside of it");
    check_refused("a,b\r1,2\r\r\"2\r3,4\r", "f:4: a quoted cell begins here and the file ends inside of it");
    check_refused("\"a,b\n1,2\n", "f:1: a quoted cell begins here");
    check_refused("a,b\n1,2\"2\n", "f:2: a quote stands inside of a cell");
    check_refused("a,\"x\ny\"\n1,2\n3,4,5\n", "f:4: the row has 3 cells"); /* a name of two lines */
    check_refused("a,b,a\n1,2,3\n", "f:1: two columns are named 'a', columns 1 and 3");
    check_refused("a,\xff\n1,2\n", "f:1: the name of column 2 is not UTF-8");
    check_refused("a,b\n", "f: no rows of numbers");
    check_refused("", "f: no rows of numbers");
    check_refused("\n\n\n", "f: no rows of numbers");
}

static void write_bytes(const char *bytes, size_t size)
{
    FILE *f = fopen("f", "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

static void check_bytes(const char *bytes, size_t size, const char *why)
{
    tl_error e;
    tl_csv c;
    write_bytes(bytes, size);
    assert_int_equal(tl_csv_read(&c, "f", &plain, &e), -1);
    assert_contains(e.text, why);
}

static void what_is_no_text_is_named(void **state)
{
    (void)state;
    check_bytes("\xff\xfe" "a\0,\0b\0", 8, "f: it is UTF-16");
    check_bytes("\xfe\xff" "\0a\0,\0b", 8, "f: it is UTF-16");
    check_bytes("a,b\n1,2\n3,\0" "4\n", 13, "f:3: there is a zero byte");
    check_bytes("PK\x03\x04zip", 7, "f: it is a zip archive or a spreadsheet");
    check_bytes("\xfd" "7zXZ\0", 6, "f: it is packed by xz");
    check_bytes("BZh91AY&SY", 10, "f: it is packed by bzip2");
    check_bytes("\x28\xb5\x2f\xfd", 4, "f: it is packed by zstd");
    tl_error e;
    tl_csv c;
    assert_int_equal(tl_csv_read(&c, ".", &plain, &e), -1);
    assert_int_equal(tl_csv_read(&c, "nowhere", &plain, &e), -1);
    assert_contains(e.text, "nowhere: No such file");
}

/* A column of its own is checked when it is asked for. */
static void check_column(const char *text, size_t column, const char *why)
{
    tl_error e;
    tl_csv c;
    file_write("f", text);
    assert_int_equal(tl_csv_read(&c, "f", &plain, &e), 0);
    assert_int_equal(tl_csv_numeric(&c, "f", column, 0, &e), -1);
    if (strcmp(e.text, why))
        fail_msg("\"%s\" is not \"%s\"", e.text, why);
    tl_csv_free(&c);
}

static void bad_cells_get_line_column_text_and_advice(void **state)
{
    (void)state;
    check_column("a,b\n1,2\nx,NA\n", 0, "f:3: column 'a' has 'x' where a number is needed");
    check_column("a,b\n1,2\nx,NA\n", 1, "f:3: column 'b' has 'NA' where a number is needed");
    check_column("a,b\n1,2\n3,\n", 1, "f:3: column 'b' is empty where a number is needed");
    check_column("a,b\n1,2\n3,inf\n", 1, "f:3: column 'b' has 'inf' where a number is needed: it must be "
                 "finite");
    check_column("a,b\n1,-1e999\n", 1, "f:2: column 'b' has '-1e999' where a number is needed: it must be "
                 "finite");
    check_column("a,b\n1,0x1F\n", 1, "f:2: column 'b' has '0x1F' where a number is needed: numbers are "
                 "decimal");
    check_column("a,b\n1.5,\"2,5\"\n", 1, "f:2: column 'b' has '2,5' where a number is needed: --decimal , "
                 "reads such numbers");
    check_column("a,b\n1,\"1,234.5\"\n", 1, "f:2: column 'b' has '1,234.5' where a number is needed: "
                 "--thousands , reads such numbers");
    check_column("a;b\n1;1,234\n", 1, "f:2: column 'b' has '1,234' where a number is needed: say what ',' "
                 "is, --decimal , or --thousands ,");
    check_column("a;b\n1;1 234\n", 1, "f:2: column 'b' has '1 234' where a number is needed: --thousands "
                 "space reads such numbers");
    check_column("a;b\n1,5;2.5\n", 0, "f:2: column 'a' has '1,5' where a number is needed: --decimal , reads "
                 "such numbers");
    check_column("a,b\n1,\"\x1b[2J\xff\tx\"\n", 1, "f:2: column 'b' has '?[2J??x' where a number is needed");
    check_column("a,b\n1,\"two\nlines\"\n", 1, "f:3: column 'b' has 'two?lines' where a number is needed");
    check_column("a,b\n1,x123456789012345678901234567890123456789x\n", 1,
                 "f:2: column 'b' has 'x123456789012345678901234567890123456789...' where a number is needed");
}

static void a_blank_line_is_a_cell_of_a_single_column(void **state)
{
    (void)state;
    check_read("u\n1\n\n3\n\n", plain, "u", (double[]){ 1, NAN, 3 }, 3);
    check_read("u\r\n\r\n\r\n3", plain, "u", (double[]){ NAN, NAN, 3 }, 3);
    check_read("\n\nu\n\"1\n\"\n3\n", plain, "u", (double[]){ 1, 3 }, 2); /* the line is in quotes */
    check_column("u\n1\n\n3\n", 0, "f:3: column 'u' is empty where a number is needed");
    check_read("u,v\n1,2\n\n3,4\n", plain, "u|v", (double[]){ 1, 2, 3, 4 }, 2);
    check_read("u\tv\n1\t2\n\t\n3\t4\n", plain, "u|v", (double[]){ 1, 2, NAN, NAN, 3, 4 }, 3);
}

static void interleaved_rows_are_grouped(void **state)
{
    (void)state;
    tl_error e;
    tl_csv c;
    tl_csv_options o = { .sequence = "s" };
    file_write("f", "s,x\nb,0\na,1\na,2\nb,3\n\nc,4\nb,5\n");
    assert_int_equal(tl_csv_read(&c, "f", &o, &e), 0);
    const size_t row[] = { 0, 3, 5, 1, 2, 4 }, start[] = { 0, 3, 5, 6 };
    assert_int_equal(tl_csv_sequences(&c), 3);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(tl_csv_row(&c, i), row[i]);
    for (size_t k = 0; k < 4; k++)
        assert_int_equal(tl_csv_start(&c, k), start[k]);
    assert_string_equal(c.groups.label.item[0], "b");
    assert_int_equal(c.line[3], 5);
    assert_int_equal(c.line[4], 7);
    tl_csv_free(&c);
    check_refused_as("s,x\na,1\n,2\n", o, "f:3: the cell of --sequence s is empty: which sequence is the row "
                     "of?");
    check_refused_as("t,x\na,1\n", o, "f: there is no column 's'; there are t, x");
    o.maybe_sequence = 1;
    file_write("f", "t,x\na,1\nb,2\n");
    assert_int_equal(tl_csv_read(&c, "f", &o, &e), 0);
    assert_true(tl_csv_sequences(&c) == 1 && tl_csv_start(&c, 1) == 2);
    tl_csv_free(&c);
}

/* ---- whatever stands there ---- */

/* Read with finite cells, or refused with a sentence of the file and a line that it has. */
static void check_any(const char *text, size_t size)
{
    static const tl_csv_options how[] = { { 0 }, { .sequence = "s" }, { .no_header = 1 }, { .decimal = ",", .thousands = "." },
                                          { .header = 1, .separator = ";" } };
    tl_error e;
    tl_csv c;
    size_t lines = 1, line;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    for (size_t k = 0; k < sizeof how / sizeof *how; k++) {
        if (tl_csv_read(&c, "f", &how[k], &e) == 0) {
            assert_true(c.rows > 0 && c.columns > 0 && tl_csv_start(&c, tl_csv_sequences(&c)) == c.rows);
            for (size_t i = 0; i < c.rows * c.columns; i++)
                assert_false(isinf(c.value[i]));
            for (size_t i = 0; i < c.rows; i++)
                assert_true(c.line[i] >= 1 && c.line[i] <= lines && tl_csv_row(&c, i) < c.rows);
            tl_csv_free(&c);
        } else if (strncmp(e.text, "f: ", 3) && (sscanf(e.text, "f:%zu: ", &line) != 1 || line < 1 || line > lines)) {
            fail_msg("\"%s\" of '%.*s'", e.text, (int)size, text);
        }
    }
}

static void any_byte_anywhere_is_read_or_refused(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbfs,\"u v\",w\r\na,1.5,-2e3\n\nb,\"3\",NA\na,,\"1,5\"\n";
    static const char bytes[] = "\0\n\r,;\t\" .-e5a|#'\\\xff\x1f\xc3";
    char changed[sizeof text + 1];
    for (size_t at = 0; at < sizeof text; at++)
        for (size_t b = 0; b < sizeof bytes; b++)
            for (int insert = 0; insert < 2; insert++) {
                size_t size = sizeof text - 1 + (size_t)insert;
                memcpy(changed, text, at);
                memcpy(changed + at + insert, text + at, sizeof text - at);
                changed[at] = bytes[b];
                write_bytes(changed, size);
                check_any(changed, size);
            }
    for (size_t size = 0; size < sizeof text; size++) {
        write_bytes(text, size);
        check_any(text, size);
    }
}

/* ---- .gz ---- */

static size_t pack(const char *text, size_t size, char *to, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)text;
    z.avail_in = (uInt)size;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = room - z.avail_out;
    deflateEnd(&z);
    return n;
}

static void what_gzip_packed_is_read(void **state)
{
    (void)state;
    tl_error e;
    tl_csv c;
    char packed[400];
    size_t n = pack("\xef\xbb\xbfx,y\n1,2\n", 11, packed, sizeof packed);
    size_t both = n + pack("3,4\n", 4, packed + n, sizeof packed - n); /* two files, one behind the other */
    write_bytes(packed, both);
    assert_int_equal(tl_csv_read(&c, "f", &plain, &e), 0);
    assert_true(c.rows == 2 && c.value[3] == 4);
    assert_string_equal(c.name.item[0], "x");
    tl_csv_free(&c);
    for (size_t cut = 2; cut < both; cut++) {
        write_bytes(packed, cut);
        if (tl_csv_read(&c, "f", &plain, &e) == 0) {
            assert_true(cut == n); /* the first is whole */
            tl_csv_free(&c);
        } else if (!strstr(e.text, "f: it is cut short") && !strstr(e.text, "bytes stand behind")) {
            fail_msg("%s", e.text);
        }
    }
    packed[both - 6] ^= 1; /* the checksum */
    check_bytes(packed, both, "f: it is damaged: incorrect data check");
    packed[both - 6] ^= 1;
    packed[both] = 'x';
    check_bytes(packed, both + 1, "f: it is damaged: 1 bytes stand behind what was packed");
}

static void what_is_packed_is_bounded(void **state)
{
    (void)state;
    tl_error e;
    enum { LARGE = 1 << 20 };
    char packed[4000], *text = calloc(1, LARGE);
    size_t n = pack(text, LARGE, packed, sizeof packed), size;
    free(text);
    assert_null(tl_gunzip(packed, n, LARGE - 1, "f", &size, &e));
    assert_string_equal(e.text, "f: it holds more than 1048575 bytes when it is unpacked; unpack it and take "
                        "a part");
    assert_null(tl_gunzip(packed, n, 10, "f", &size, &e));
    char *all = tl_gunzip(packed, n, LARGE, "f", &size, &e);
    assert_true(all && size == LARGE);
    free(all);
}

/* Names, cells and sequences are looked up by a hash: 300,000 of each take as long as 300,000 steps, not
 * as their square, which would not end before the test's time does. */
static void many_columns_take_linear_time(void **state)
{
    (void)state;
    enum { MANY = 300000 };
    tl_error e;
    tl_csv c;
    size_t size = 0, index;
    char *text = malloc(2 * 16 * (size_t)MANY);
    assert_non_null(text);
    for (int row = 0; row < 2; row++)
        for (int i = 0; i < MANY; i++)
            size += (size_t)sprintf(text + size, "%s%d%c", row ? "" : "c", i, i + 1 < MANY ? ',' : '\n');
    write_bytes(text, size);
    assert_int_equal(tl_csv_read(&c, "f", &plain, &e), 0);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(tl_csv_column_index(&c, "f", c.name.item[i], &index, &e), 0);
        assert_true(index == i && c.value[i] == (double)i);
    }
    tl_csv_free(&c);
    size = (size_t)sprintf(text, "s,x\n");
    for (int i = 0; i < MANY; i++)
        size += (size_t)sprintf(text + size, "q%d,%d\n", i % (MANY / 2), i);
    write_bytes(text, size);
    assert_int_equal(tl_csv_read(&c, "f", &(tl_csv_options){ .sequence = "s" }, &e), 0);
    assert_int_equal(tl_csv_sequences(&c), MANY / 2);
    assert_true(tl_csv_row(&c, 1) == MANY / 2);
    tl_csv_free(&c);
    free(text);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(cells_are_numbers),
        ON_DISK(numbers_of_other_countries),
        ON_DISK(names_may_be_missing),
        ON_DISK(malformed_files_get_file_and_line),
        ON_DISK(what_is_no_text_is_named),
        ON_DISK(bad_cells_get_line_column_text_and_advice),
        ON_DISK(a_blank_line_is_a_cell_of_a_single_column),
        ON_DISK(interleaved_rows_are_grouped),
        ON_DISK(any_byte_anywhere_is_read_or_refused),
        ON_DISK(what_gzip_packed_is_read),
        ON_DISK(what_is_packed_is_bounded),
        ON_DISK(many_columns_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
