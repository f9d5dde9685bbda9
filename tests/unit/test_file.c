#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tapeless/file.h>
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
    assert_contains(e.text, "d: it is a directory");
    assert_int_equal(files_count(), 1);
    rmdir("d");
}

static void a_file_that_may_not_grow_is_untouched(void **state)
{
    (void)state;
    tl_error e;
    size_t n;
    struct rlimit whole;
    static char much[5000];
    tl_chunk chunk = { much, sizeof much };
    file_write("f", "old");
    signal(SIGXFSZ, SIG_IGN); /* as both programs do */
    getrlimit(RLIMIT_FSIZE, &whole);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 4096, whole.rlim_max });
    assert_int_equal(tl_file_replace("f", &chunk, 1, &e), -1);
    setrlimit(RLIMIT_FSIZE, &whole);
    signal(SIGXFSZ, SIG_DFL);
    assert_contains(e.text, "f: cannot write: File too large; what was there is untouched");
    assert_int_equal(files_count(), 1);
    char *p = file_bytes("f", &n);
    assert_string_equal(p, "old");
    free(p);
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

/* ---- what a killed writer leaves ---- */

static int stop_at_rename = -1; /* a pipe: says that a write has come so far, then waits */

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_rename(const char *from, const char *to)
{
    if (stop_at_rename >= 0) {
        char here = 1;
        if (write(stop_at_rename, &here, 1) == 1)
            for (;;)
                pause();
    }
    return __real_rename(from, to);
}

/* A process that is about to put "new" in the place of `path`. */
static pid_t writer(const char *path)
{
    int ends[2];
    char there = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (!pid) {
        tl_error e;
        tl_chunk chunk = { "new", 3 };
        stop_at_rename = ends[1];
        tl_file_replace(path, &chunk, 1, &e);
        _exit(1);
    }
    assert_int_equal(read(ends[0], &there, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

static void only_what_the_dead_left_is_swept(void **state)
{
    (void)state;
    size_t n;
    int status;
    const char *const not_ours[] = { "f.backup", "f.tapeless-abc", "f.tapeless-abcdefg",
                                     "f.tapeless-ab.def", "of.tapeless-abcdef",
                                     "ff.tapeless-abcdef" };
    file_write("f", "old");
    for (int i = 0; i < 6; i++)
        file_write(not_ours[i], "precious");
    assert_int_equal(symlink("f.backup", "f.tapeless-abcdef"), 0);
    assert_int_equal(mkdir("f.tapeless-ghijkl", 0777), 0);
    pid_t living = writer("f"), dying = writer("./f");
    assert_int_equal(files_count(), 1 + 6 + 2 + 2);
    assert_int_equal(tl_file_sweep("f"), 0); /* both are at work */
    kill(dying, SIGKILL);
    assert_int_equal(waitpid(dying, &status, 0), dying);
    assert_int_equal(tl_file_sweep("f"), 1);
    assert_int_equal(tl_file_sweep("f"), 0);
    assert_int_equal(files_count(), 1 + 6 + 2 + 1);
    kill(living, SIGKILL);
    assert_int_equal(waitpid(living, &status, 0), living);
    assert_int_equal(tl_file_sweep("./f"), 1);
    assert_int_equal(tl_file_sweep("no/such/dir/f"), 0);
    char *p = file_bytes("f", &n);
    assert_string_equal(p, "old");
    free(p);
    rmdir("f.tapeless-ghijkl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replaces_by_the_chunks_in_order, enter, leave),
        cmocka_unit_test_setup_teardown(keeps_the_mode_of_what_it_replaces, enter, leave),
        cmocka_unit_test_setup_teardown(failing_leaves_what_was_there, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_that_may_not_grow_is_untouched, enter, leave),
        cmocka_unit_test_setup_teardown(reading_is_bounded, enter, leave),
        cmocka_unit_test_setup_teardown(only_what_the_dead_left_is_swept, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
