/* Files of events for TensorBoard: their frames, and what stays of one that is added to. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tapeless/event_file.h>
#include <tapeless/file.h>

static char directory[] = "/tmp/tapeless-events-XXXXXX", path[64];

static void checksums_are_those_of_rfc_3720(void **state)
{
    (void)state;
    unsigned char bytes[32];
    assert_int_equal(tl_crc32c("123456789", 9), 0xe3069283u);
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(tl_crc32c(bytes, sizeof bytes), 0x8a9136aau);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(tl_crc32c(bytes, sizeof bytes), 0x62a8ab43u);
    assert_int_equal(tl_crc32c("", 0), 0);
}

static void open_file(tl_event_file *w, int resume, uint64_t step, int overwrite)
{
    tl_error e;
    if (tl_event_file_open(w, path, resume, step, overwrite, 1.5, &e))
        fail_msg("%s", e.text);
}

static void close_file(tl_event_file *w)
{
    tl_error e;
    if (tl_event_file_close(w, &e))
        fail_msg("%s", e.text);
}

static void add_steps(tl_event_file *w, uint64_t from, uint64_t to)
{
    for (uint64_t step = from; step <= to; step++) {
        const tl_event_scalar scalar[] = { { "loss/train", 1 / (double)step }, { "lr", 0.5 } };
        tl_event_file_add(w, 2 + (double)step, step, scalar, 2);
    }
}

static char *contents(size_t *size)
{
    tl_error e;
    char *bytes = tl_file_read(path, 1 << 20, size, &e);
    assert_non_null(bytes);
    return bytes;
}

static void write_whole(uint64_t steps)
{
    tl_event_file w;
    open_file(&w, 0, 0, 1);
    add_steps(&w, 1, steps);
    close_file(&w);
}

/* What TensorFlow's own files begin with; then the message of update 300, byte by byte. */
static void records_are_framed_as_tensorflow_does(void **state)
{
    (void)state;
    static const unsigned char first[] = { 24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 9, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 26, 13,
                                           'b', 'r', 'a', 'i', 'n', '.', 'E', 'v', 'e', 'n', 't', ':', '2' };
    static const unsigned char second[] = { 9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 16, 0xac, 0x02, 42, 11, 10, 9, 10, 2, 'l', 'r', 21,
                                            0, 0, 0, 0x3f };
    size_t size;
    tl_event_file w;
    open_file(&w, 0, 0, 1);
    const tl_event_scalar scalar = { "lr", 0.5 };
    tl_event_file_add(&w, 1, 300, &scalar, 1);
    close_file(&w);
    char *bytes = contents(&size);
    assert_int_equal(size, sizeof first + 4 + 12 + sizeof second + 4);
    assert_memory_equal(bytes, first, sizeof first);
    assert_memory_equal(bytes + sizeof first + 16, second, sizeof second);
    free(bytes);
}

/* In parts, of which one had gone on further than was known, the file is that of one run. */
static void later_steps_are_taken_out(void **state)
{
    (void)state;
    size_t size, again;
    write_whole(9);
    char *whole = contents(&size);
    tl_event_file w;
    write_whole(7);
    open_file(&w, 1, 4, 0);
    add_steps(&w, 5, 9);
    close_file(&w);
    char *parts = contents(&again);
    assert_int_equal(size, again);
    assert_memory_equal(whole, parts, size);
    free(whole);
    free(parts);
}

static void what_was_not_written_to_its_end_is_taken_out(void **state)
{
    (void)state;
    size_t size, before, again;
    write_whole(2);
    free(contents(&before));
    write_whole(3);
    char *whole = contents(&size);
    for (size_t n = before; n <= size; n++) {
        tl_event_file w;
        assert_int_equal(truncate(path, (off_t)n), 0);
        open_file(&w, 1, 3, 0);
        add_steps(&w, 3, n < size ? 3 : 2);
        close_file(&w);
        char *parts = contents(&again);
        assert_int_equal(size, again);
        assert_memory_equal(whole, parts, size);
        free(parts);
    }
    free(whole);
}

static void refuse(int resume, const char *why)
{
    tl_error e;
    tl_event_file w;
    assert_int_equal(tl_event_file_open(&w, path, resume, 3, 0, 1, &e), -1);
    if (!strstr(e.text, why))
        fail_msg("%s", e.text);
}

static void what_is_something_else_stays(void **state)
{
    (void)state;
    size_t size;
    write_whole(3);
    refuse(0, "it exists; --overwrite replaces it");
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    fputs("a letter to somebody", f);
    fclose(f);
    refuse(1, "it is no file of events");
    char *bytes = contents(&size);
    assert_memory_equal(bytes, "a letter", 8);
    free(bytes);
}

static void directories_are_made(void **state)
{
    (void)state;
    tl_error e;
    char name[96];
    struct stat s;
    snprintf(name, sizeof name, "%s/a//b/c/", directory);
    assert_int_equal(tl_event_directory(name, &e), 0);
    assert_true(stat(name, &s) == 0 && S_ISDIR(s.st_mode));
    assert_int_equal(tl_event_directory(name, &e), 0);
    snprintf(name, sizeof name, "%s/d", path);
    write_whole(1);
    assert_int_equal(tl_event_directory(name, &e), -1);
    assert_non_null(strstr(e.text, "it is no directory"));
    snprintf(name, sizeof name, "rm -r %s", directory);
    assert_int_equal(system(name), 0);
}

int main(void)
{
    if (!mkdtemp(directory))
        return 1;
    snprintf(path, sizeof path, "%s/events.out.tfevents.x", directory);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums_are_those_of_rfc_3720),
        cmocka_unit_test(records_are_framed_as_tensorflow_does),
        cmocka_unit_test(later_steps_are_taken_out),
        cmocka_unit_test(what_was_not_written_to_its_end_is_taken_out),
        cmocka_unit_test(what_is_something_else_stays),
        cmocka_unit_test(directories_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
