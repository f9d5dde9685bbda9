/* A child that misbehaves ends within its limits, and the parent knows how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "front/sandbox.h"
#include "graph/checked.h"

static const SandboxLimits limits = {
    .cpu_seconds = 1, .wall_seconds = 600, .memory = 64 << 20, .output = 1 << 20
};

static char *text;
static size_t length;
static int detail;

static SandboxEnd run(int (*body)(void *, FILE *), void *context)
{
    free(text);
    return sandbox_run(body, context, &limits, &text, &length, &detail);
}

static int says(void *context, FILE *out)
{
    fputs(context, out);
    return 0;
}

static void what_the_child_writes_arrives(void **state)
{
    (void)state;
    char sentence[] = "a model";
    assert_int_equal(run(says, sentence), SANDBOX_DONE);
    assert_int_equal(length, 7);
    assert_string_equal(text, "a model");
}

static int spins(void *context, FILE *out)
{
    (void)out;
    while (*(volatile int *)context == 0)
        ;
    return 0;
}

static void an_endless_loop_runs_out_of_processor_time(void **state)
{
    (void)state;
    int n = 0;
    assert_int_equal(run(spins, &n), SANDBOX_CPU);
}

static int waits(void *context, FILE *out)
{
    (void)context, (void)out;
    while (pause() == -1)
        ;
    return 0;
}

static void a_child_that_waits_runs_out_of_time(void **state)
{
    (void)state;
    SandboxLimits impatient = limits;
    impatient.wall_seconds = 1;
    free(text);
    assert_int_equal(sandbox_run(waits, NULL, &impatient, &text, &length, &detail), SANDBOX_WALL);
}


static int floods(void *context, FILE *out)
{
    (void)context;
    while (fputs("and so on ", out) >= 0)
        ;
    return 0;
}

static void output_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(run(floods, NULL), SANDBOX_OUTPUT);
}

static int finds_no_memory(void *context, FILE *out)
{
    (void)context, (void)out;
    out_of_memory();
}

static int fails(void *context, FILE *out)
{
    (void)context, (void)out;
    return 7;
}

static int is_killed(void *context, FILE *out)
{
    (void)context;
    fputs("before", out);
    fflush(out);
    raise(SIGTERM);
    return 0;
}

static void the_way_it_died_is_told(void **state)
{
    (void)state;
    assert_int_equal(run(finds_no_memory, NULL), SANDBOX_MEMORY);
    assert_int_equal(run(fails, NULL), SANDBOX_DIED);
    assert_int_equal(detail, 7);
    assert_int_equal(run(is_killed, NULL), SANDBOX_DIED);
    assert_int_equal(detail, SIGTERM);
    assert_string_equal(text, "before"); /* what it said is kept */
}

/* Reports what it could do that it should not. */
static int tries(void *context, FILE *out)
{
    const int *inherited = context;
    char path[] = "/tmp/sandbox_test_XXXXXX";
    int fd = mkstemp(path);
    if (fd >= 0) {
        fputs(write(fd, "x", 1) == 1 ? "wrote a file; " : "", out);
        unlink(path);
    }
    if (write(*inherited, "x", 1) == 1)
        fputs("wrote to a descriptor of the parent; ", out);
    char c;
    if (read(STDIN_FILENO, &c, 1) == 1)
        fputs("read stdin; ", out);
    return 0;
}

static void nothing_of_the_parents_is_within_reach(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run(tries, &ends[1]), SANDBOX_DONE);
    assert_string_equal(length ? text : "", "");
    close(ends[0]);
    close(ends[1]);
}

static int ignores_signals(void *context, FILE *out)
{
    signal(SIGXCPU, SIG_IGN);
    return spins(context, out);
}

static void ignoring_the_signal_does_not_help(void **state)
{
    (void)state;
    int n = 0;
    assert_int_equal(run(ignores_signals, &n), SANDBOX_CPU);
}

static void no_child_is_left_behind(void **state)
{
    (void)state;
    char sentence[] = "done";
    run(says, sentence);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_child_writes_arrives),
        cmocka_unit_test(an_endless_loop_runs_out_of_processor_time),
        cmocka_unit_test(a_child_that_waits_runs_out_of_time),
        cmocka_unit_test(output_is_bounded),
        cmocka_unit_test(the_way_it_died_is_told),
        cmocka_unit_test(nothing_of_the_parents_is_within_reach),
        cmocka_unit_test(ignoring_the_signal_does_not_help),
        cmocka_unit_test(no_child_is_left_behind),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(text);
    return failed;
}
