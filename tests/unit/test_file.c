#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../runtime/file.h"
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

static void replaces_by_the_chunks_in_order(void **state)
{
    (void)state;
    tl_error e;
    tl_chunk chunks[] = { { "new ", 4 }, { "", 0 }, { "text", 4 } };
    file_write("f", "old");
    assert_int_equal(tl_file_replace("f", chunks, 3, &e), 0);
    size_t n;
    char *p = tl_file_read("f", 100, &n, &e);
    assert_int_equal(n, 8);
    assert_string_equal(p, "new text");
    free(p);
    assert_int_equal(files_count(), 1); /* no temporary is left */
}

static void keeps_the_mode_of_what_it_replaces(void **state)
{
    (void)state;
    tl_error e;
    struct stat s;
    tl_chunk chunk = { "x", 1 };
    file_write("f", "old");
    chmod("f", 0640);
    assert_int_equal(tl_file_replace("f", &chunk, 1, &e), 0);
    assert_int_equal(stat("f", &s), 0);
    assert_int_equal(s.st_mode & 0777, 0640);
}

static void failing_leaves_what_was_there(void **state)
{
    (void)state;
    tl_error e;
    tl_chunk chunk = { "x", 1 };
    assert_int_equal(tl_file_replace("no/such/dir/f", &chunk, 1, &e), -1);
    assert_contains(e.text, "no/such/dir/f");
    mkdir("d", 0777); /* a file cannot be renamed over a directory */
    assert_int_equal(tl_file_replace("d", &chunk, 1, &e), -1);
    assert_contains(e.text, "untouched");
    assert_int_equal(files_count(), 1);
    rmdir("d");
}

static void reading_is_bounded(void **state)
{
    (void)state;
    tl_error e;
    size_t n;
    file_write("f", "12345");
    char *p = tl_file_read("f", 5, &n, &e);
    assert_non_null(p);
    free(p);
    assert_null(tl_file_read("f", 4, &n, &e));
    assert_contains(e.text, "4 bytes");
    assert_null(tl_file_read(".", 100, &n, &e));
    assert_contains(e.text, "directory");
    assert_null(tl_file_read("missing", 100, &n, &e));
    assert_contains(e.text, "missing: No such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replaces_by_the_chunks_in_order, enter, leave),
        cmocka_unit_test_setup_teardown(keeps_the_mode_of_what_it_replaces, enter, leave),
        cmocka_unit_test_setup_teardown(failing_leaves_what_was_there, enter, leave),
        cmocka_unit_test_setup_teardown(reading_is_bounded, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
