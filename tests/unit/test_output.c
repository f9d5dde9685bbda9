/* What may be replaced, and what a link leads to; who writes alone. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tapeless/file.h>
#include <tapeless/lock.h>
#include <tapeless/output.h>
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

static void holds(const char *name, const char *text)
{
    size_t n;
    char *p = file_bytes(name, &n);
    assert_non_null(p);
    assert_string_equal(p, text);
    free(p);
}

static const tl_chunk chunk = { "new", 3 };

static void links_stay_and_what_they_lead_to_is_replaced(void **state)
{
    (void)state;
    tl_error e;
    struct stat s;
    mkdir("away", 0777);
    file_write("away/f", "old");
    assert_int_equal(symlink("away/f", "one") | symlink("one", "two") | symlink("away/none", "dangling"), 0);
    assert_int_equal(tl_file_replace("two", &chunk, 1, &e), 0);
    holds("away/f", "new");
    assert_int_equal(tl_file_replace("dangling", &chunk, 1, &e), 0);
    holds("away/none", "new");
    assert_true(!lstat("one", &s) && S_ISLNK(s.st_mode) && !lstat("two", &s) && S_ISLNK(s.st_mode));
    assert_true(!lstat("dangling", &s) && S_ISLNK(s.st_mode));
    assert_int_equal(unlink("away/f") | unlink("away/none") | rmdir("away"), 0); /* and nothing else is there */
}

static void links_that_lead_nowhere_are_refused(void **state)
{
    (void)state;
    tl_error e;
    assert_int_equal(symlink("b", "a") | symlink("a", "b") | symlink("no/such/f", "c"), 0);
    assert_int_equal(tl_file_replace("a", &chunk, 1, &e), -1);
    assert_contains(e.text, "a: Too many levels");
    assert_int_equal(tl_file_replace("c", &chunk, 1, &e), -1);
    assert_contains(e.text, "c: cannot write here: No such file or directory");
    assert_int_equal(tl_file_replace("", &chunk, 1, &e), -1);
    assert_contains(e.text, "an empty name");
    assert_int_equal(files_count(), 3);
}

/* One that nobody misses should the test find a mistake. */
static const char *a_device(void)
{
    if (geteuid())
        return "/dev/null";
    if (!mknod("null", S_IFCHR | 0666, makedev(1, 3)))
        return "null";
    print_message("no device can be made here: none is tried\n");
    return "d";
}

static void only_files_are_replaced(void **state)
{
    (void)state;
    tl_error e;
    struct stat s;
    assert_int_equal(mkfifo("pipe", 0666) | symlink("pipe", "to_pipe") | mkdir("d", 0777), 0);
    const char *const device = a_device(), *const names[] = { "pipe", "to_pipe", device, "d", "." };
    const char *const kinds[] = { "a pipe", "a pipe", *device == 'd' ? "a directory" : "a device", "a directory",
                                  "a directory" };
    for (int i = 0; i < 5; i++) {
        assert_int_equal(tl_file_replace(names[i], &chunk, 1, &e), -1);
        assert_contains(e.text, kinds[i]);
        assert_int_equal(tl_file_check(names[i], &e), -1);
        assert_null(tl_output_open(names[i], 1, 0, &e)); /* and does not wait for a reader */
        assert_contains(e.text, kinds[i]);
    }
    assert_true(!stat("pipe", &s) && S_ISFIFO(s.st_mode) && !stat(device, &s) && !S_ISREG(s.st_mode));
    rmdir("d");
}

static void the_outputs_of_a_command_are_looked_at_together(void **state)
{
    (void)state;
    tl_error e;
    const char *data = "data.csv";
    const tl_list one = { &data, 1 }, *const inputs[] = { &one };
    file_write("data.csv", "1\n");
    assert_int_equal(symlink("data.csv", "same.csv") | symlink("weights", "also"), 0);
    const tl_output fine[] = { { "--checkpoint", "weights" }, { "--best", NULL }, { "--log", "log" } };
    assert_int_equal(tl_outputs_check(fine, 3, inputs, 1, &e), 0);
    assert_int_equal(files_count(), 3); /* nothing was made */
    const tl_output twice[] = { { "--checkpoint", "weights" }, { "--best", "also" } };
    assert_int_equal(tl_outputs_check(twice, 2, inputs, 1, &e), -1);
    assert_contains(e.text, "--checkpoint and --best: both would write also");
    const tl_output over[] = { { "--log", "same.csv" } };
    assert_int_equal(tl_outputs_check(over, 1, inputs, 1, &e), -1);
    assert_contains(e.text, "--log same.csv: this file is read");
    const tl_output nowhere[] = { { "--best", "no/such/f" } };
    assert_int_equal(tl_outputs_check(nowhere, 1, inputs, 1, &e), -1);
    assert_contains(e.text, "no/such/f: cannot write here");
}

/* ---- locks ---- */

/* A process that holds the lock of `path` until it is killed. */
static pid_t holder(const char *path)
{
    int ends[2];
    char there = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (!pid) {
        tl_error e;
        tl_lock lock;
        there = tl_lock_take(&lock, path, &e) == 0;
        if (write(ends[1], &there, 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    assert_int_equal(read(ends[0], &there, 1), 1);
    assert_int_equal(there, 1);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

static void one_writer_at_a_time(void **state)
{
    (void)state;
    tl_error e;
    tl_lock lock;
    char who[64];
    file_write("f", "old");
    assert_int_equal(symlink("f", "also"), 0);
    pid_t pid = holder("f");
    snprintf(who, sizeof who, "also: process %ld is writing it", (long)pid);
    assert_int_equal(tl_lock_take(&lock, "also", &e), -1); /* whatever the file is called */
    assert_contains(e.text, who);
    tl_lock_release(&lock);
    assert_int_equal(tl_file_replace("f", &chunk, 1, &e), 0); /* the lock outlives the renaming */
    assert_int_equal(tl_lock_take(&lock, "f", &e), -1);
    tl_lock_release(&lock);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(tl_lock_take(&lock, "f", &e), 0); /* a dead process's blocks nobody */
    tl_lock_release(&lock);
    assert_int_equal(files_count(), 2);
}

static void without_locks_everybody_goes_on(void **state)
{
    (void)state;
    tl_error e;
    tl_lock lock;
    assert_int_equal(mkdir("f.tapeless-lock", 0777), 0); /* it cannot be made */
    assert_int_equal(tl_lock_take(&lock, "f", &e), 0);
    tl_lock_release(&lock);
    tl_lock_release(&lock);
    assert_int_equal(rmdir("f.tapeless-lock"), 0);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(links_stay_and_what_they_lead_to_is_replaced),
        ON_DISK(links_that_lead_nowhere_are_refused),
        ON_DISK(only_files_are_replaced),
        ON_DISK(the_outputs_of_a_command_are_looked_at_together),
        ON_DISK(one_writer_at_a_time),
        ON_DISK(without_locks_everybody_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
