/* The trainer's subcommands as a user runs them, each in a process of its own. */
#include "unit.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include <tapeless/safetensors.h>
#include <tapeless/trainer.h>
#include "fake_model.h"
#include "scratch.h"

static char out[1 << 16], err[1 << 16];

static void redirect(int fd, const char *file)
{
    int to = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0666);
    dup2(to, fd);
    close(to);
}

static pid_t start(tl_model m, const char *line)
{
    fflush(NULL); /* or the child would print again what waits here */
    pid_t pid = fork();
    if (pid)
        return pid;
    char *copy = strdup(line), *argv[64] = { (char *)(uintptr_t)m.name };
    int argc = 1;
    for (char *p = strtok(copy, " "); p; p = strtok(NULL, " "))
        argv[argc++] = p;
    redirect(1, ".out");
    redirect(2, ".err");
    int status = tl_trainer_main(&m, argc, argv);
    fflush(NULL); /* as the return from main() does */
    _exit(status);
}

static void collect(const char *file, char *to)
{
    size_t size;
    char *p = file_bytes(file, &size);
    snprintf(to, sizeof out, "%s", p ? p : "");
    free(p);
}

static int finish(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    collect(".out", out);
    collect(".err", err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run(tl_model m, const char *line)
{
    return finish(start(m, line));
}

#define RUNS(m, line)                                                                             \
    do {                                                                                          \
        if (run((m), (line)) != 0)                                                                \
            fail_msg("%s: %s", (line), err);                                                      \
    } while (0)

/* It ends with the status, and says so. */
#define REFUSED(m, line, status, why)                                                             \
    do {                                                                                          \
        assert_int_equal(run((m), (line)), (status));                                             \
        assert_contains(err, (why));                                                              \
    } while (0)

/* y(t) = 0.6 y(t-1) + 0.3 a - 0.5 b, in units of its own. */
static void write_table(const char *name, int rows)
{
    FILE *f = fopen(name, "w");
    double y = 0;
    fprintf(f, "a,b,y\n");
    for (int i = 0; i < rows; i++) {
        double a = sin(i * 0.7), b = cos(i * i * 0.3);
        y = 0.6 * y + 0.3 * a - 0.5 * b;
        fprintf(f, "%.9g,%.9g,%.9g\n", 20 + 5 * a, b, 100 + 10 * y);
    }
    fclose(f);
}

static int enter(void **state)
{
    (void)state;
    files_enter();
    write_table("d.csv", 400);
    FILE *f = fopen("t.txt", "w");
    for (int i = 0; i < 300; i++)
        fputs(i % 3 ? "abc" : "a\xc3\xa9\n", f);
    fclose(f);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    files_leave();
    return 0;
}

static double number(const char *name)
{
    json_t *j = json_loads(out, 0, NULL);
    if (!json_is_number(json_object_get(j, name)))
        fail_msg("%s is no number in %s", name, out);
    double x = json_number_value(json_object_get(j, name));
    json_decref(j);
    return x;
}

static int same_tensors(const char *one, const char *two)
{
    tl_error e;
    tl_st *a = tl_st_open(one, &e), *b = tl_st_open(two, &e);
    int same = a && b && tl_st_count(a) == tl_st_count(b);
    for (size_t i = 0; same && i < tl_st_count(a); i++) {
        const tl_st_tensor *x = tl_st_at(a, i), *y = tl_st_find(b, x->name);
        same = y && x->count == y->count &&
               memcmp(x->data, y->data, x->count * tl_dtype_size(x->dtype)) == 0;
    }
    tl_st_free(a);
    tl_st_free(b);
    return same;
}

static void resuming_by_command_is_exact(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --steps 150 -q --checkpoint whole --log whole.csv");
    RUNS(m, "train --data d.csv --steps 70 -q --checkpoint half --log half.csv");
    assert_false(same_tensors("whole", "half"));
    RUNS(m, "train --data d.csv --steps 150 -q --checkpoint half --log half.csv --resume");
    assert_true(same_tensors("whole", "half"));
    size_t n, k;
    char *a = file_bytes("whole.csv", &n), *b = file_bytes("half.csv", &k);
    assert_int_equal(n, k);
    free(a);
    free(b);
    RUNS(m, "train --data d.csv --steps 150 -q --checkpoint other --seed 2");
    assert_false(same_tensors("whole", "other"));
}

static void what_was_given_stays_given_when_resumed(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F64);
    RUNS(m, "train --data d.csv --steps 60 -q -c whole --lr 0.003 --clip-norm 0.1");
    RUNS(m, "train --data d.csv --steps 30 -q -c half --lr 0.003 --clip-norm 0.1");
    RUNS(m, "train --data d.csv --steps 60 -q -c half --resume");
    assert_true(same_tensors("whole", "half"));
}

static void training_learns(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --epochs 40 -q --json --lr 0.02 --best best");
    assert_true(number("best_valid_loss") < 0.5);
    assert_int_equal(number("epochs"), 40);
    RUNS(m, "eval --data d.csv --json -c best");
    double one = number("loss");
    assert_int_equal(number("steps"), 400);
    RUNS(m, "eval --data d.csv --json -c best --lanes 3");
    assert_near(number("loss"), one, 0.2 * one); /* three beginnings */
    REFUSED(m, "eval --data d.csv --lanes 2", 2, "1 lane or in its batch of 3");
}

static void nothing_on_disk_is_lost(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    file_write("linear.safetensors", "precious");
    file_write("log", "precious");
    REFUSED(m, "train --data d.csv", 2, "--resume goes on from it, --overwrite begins anew");
    REFUSED(m, "train --data d.csv -c x --log log", 2, "log: it exists");
    collect("linear.safetensors", out);
    assert_string_equal(out, "precious");
    collect("log", out);
    assert_string_equal(out, "precious");
    REFUSED(m, "train --data d.csv --resume", 2, "not a safetensors file");
    REFUSED(m, "train --data d.csv --resume -c missing", 2, "no checkpoint to resume");
    REFUSED(m, "train --data none.csv -c x --log y", 2, "none.csv");
    assert_int_not_equal(access("x", F_OK), 0); /* a mistake leaves nothing behind */
    assert_int_not_equal(access("y", F_OK), 0);
    REFUSED(m, "train --data d.csv --overwrite -q --log log", 2, "no file of weights, and would be lost");
    unlink("linear.safetensors");
    RUNS(m, "train --data d.csv --overwrite -q --log log");
    REFUSED(m, "export -o log --overwrite", 2, "no file of weights");
    RUNS(m, "export -o w");
    REFUSED(m, "export -o w", 2, "w: it exists");
    RUNS(m, "export -o w --overwrite");
}

static void wrong_usage_exits_with_two(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    REFUSED(m, "", 2, "usage: linear COMMAND");
    REFUSED(m, "trian", 2, "did you mean 'train'?");
    REFUSED(m, "train", 2, "linear needs data: --data FILE");
    REFUSED(m, "train --data none.csv", 2, "none.csv: No such file");
    REFUSED(m, "train --data t.txt", 2, "linear takes a .csv or .safetensors file");
    REFUSED(m, "train --data d.csv --format xml", 2, "it takes text, csv, npy, npz or safetensors");
    REFUSED(m, "train --data d.csv --epohcs 3", 2, "did you mean --epochs?");
    REFUSED(m, "eval", 2, "linear.safetensors: No such file");
    REFUSED(m, "sample", 2, "linear does not generate");
    REFUSED(fake_scalar(0.1), "train", 2, "say how long with --steps or --minutes");
    m.train.schedule.kind = TL_SCHEDULE_COSINE;
    REFUSED(m, "train --data d.csv --minutes 1", 2, "cosine schedule needs to know the length");
    m.abi = 99;
    REFUSED(m, "info", 2, "compiled for ABI 99");
}

static void help_is_for_standard_output(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "--help");
    assert_contains(out, "  train      learn from data");
    RUNS(m, "predict --help");
    assert_contains(out, "usage: linear predict --data FILE.csv [options]");
    RUNS(m, "--info");
    assert_contains(out, "params    u");
    RUNS(m, "info --json");
    assert_int_equal(number("param_size"), 18);
    RUNS(m, "bench --seconds 0.01 --json");
    assert_true(number("window_microseconds") > 0);
    assert_true(number("update_microseconds") > 0);
}

static void text_is_trained_scored_and_generated(void **state)
{
    (void)state;
    char first[512];
    tl_model m = fake_bigram();
    RUNS(m, "train --data t.txt --epochs 5 -q --json");
    assert_near(number("loss_bits_per_character") * log(2), number("loss"), 1e-12);
    RUNS(m, "eval --data t.txt --json");
    assert_true(number("loss") < 0.8); /* log 5 = 1.6 before */
    RUNS(m, "sample --length 40 --seed 3");
    snprintf(first, sizeof first, "%.500s", out);
    RUNS(m, "sample --length 40 --seed 3");
    assert_string_equal(out, first);
    RUNS(m, "sample --length 40 --seed 4");
    assert_string_not_equal(out, first);
    RUNS(m, "sample --length 4 --temperature 0 --prime \xc3\xa9");
    assert_true(strncmp(out, "\xc3\xa9\na", 4) == 0); /* what follows in every line of the text */
    REFUSED(m, "sample --prime xyz", 2, "character 1 is 'x'");
    file_write("u.txt", "abz");
    REFUSED(m, "eval --data u.txt", 2, "character 3 is 'z'");
}

static int lines(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void predictions_are_in_the_tables_units(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --epochs 40 -q --lr 0.02 --valid 0");
    RUNS(m, "predict --data d.csv");
    assert_int_equal(lines(out), 401);
    assert_true(strncmp(out, "row,y\n1,", 8) == 0);
    double y = atof(strstr(out, "\n300,") + 5);
    assert_near(y, 100, 30); /* standardised it would be about 0 */
    REFUSED(m, "predict --data d.csv --horizon 5", 2, "5 rows behind the end must have it");
    RUNS(m, "predict --data d.csv -o p.csv");
    assert_int_equal(out[0], 0);
    collect("p.csv", out);
    assert_int_equal(lines(out), 401);
}

static void predictions_say_their_sequence(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --epochs 1 -q --valid 0");
    file_write("s.csv", "who,a,b\n\"x,y\",20,0\n\"x,y\",21,1\nz,20,0\n");
    RUNS(m, "predict --data s.csv --data s.csv --sequence who");
    assert_int_equal(lines(out), 1 + 6);
    assert_contains(out, "file,who,row,y\ns.csv,\"x,y\",1,");
    const char *first = strstr(out, ",1,"), *last = strstr(out, "s.csv,z,3,");
    assert_non_null(last);
    assert_true(strncmp(first + 3, last + 10, strcspn(last + 10, "\n") + 1) == 0); /* a new start */
    REFUSED(m, "predict --data s.csv --sequence what", 2, "there is no column 'what'");
    REFUSED(m, "predict --sequence who", 2, "say what to predict from");
}

/* The last N - 1 rows are for what the table does not have. */
static void a_horizon_feeds_predictions_back(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --input y,y --target y --epochs 1 -q");
    RUNS(m, "predict --data d.csv --horizon 6");
    assert_int_equal(lines(out), 1 + 400 + 5);
    assert_non_null(strstr(out, "\n406,"));
    assert_null(strstr(out, "\n407,"));
}

static void weights_come_and_go(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_linear(TL_F32);
    RUNS(m, "train --data d.csv --steps 20 -q");
    RUNS(m, "export -o w");
    tl_st *st = tl_st_open("w", &e);
    assert_int_equal(tl_st_count(st), 2);
    tl_st_free(st);
    RUNS(m, "import w -c again");
    RUNS(m, "export -c again -o w2");
    assert_true(same_tensors("w", "w2"));
    REFUSED(m, "import w", 2, "linear.safetensors: it exists");
    REFUSED(m, "import", 2, "say what to import");
    REFUSED(fake_bigram(), "import w", 2, "there is no tensor 'W' of shape {8, 8}");
    RUNS(m, "train --data d.csv --steps 0 -q -c begun --start w");
    RUNS(m, "export -c begun -o w3");
    assert_true(same_tensors("w", "w3"));
    REFUSED(m, "train --data d.csv -c again --resume", 2, "not the checkpoint of a training");
}

static void a_loss_that_is_not_finite_fails_and_keeps_the_checkpoint(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    m.train.optimizer = (tl_optimizer_spec){ .kind = TL_SGD, .lr = 1e6 };
    REFUSED(m, "train --data d.csv --save-updates 2", 1, "the loss is");
    assert_contains(err, "linear.safetensors holds update");
    m.train.optimizer.lr = 1e-3;
    RUNS(m, "train --data d.csv --resume --lr 0 --epochs 1 -q");
}

static void a_signal_saves_and_is_the_exit_status(void **state)
{
    (void)state;
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    tl_model m = fake_linear(TL_F32);
    for (size_t i = 0; i < 3; i++) {
        unlink("linear.safetensors");
        pid_t pid = start(m, "train --data d.csv --minutes 10");
        while (access("linear.safetensors", F_OK)) /* written before the first update */
            usleep(1000);
        kill(pid, signals[i]);
        kill(pid, signals[i]); /* one request delivered twice, as timeout(1) does */
        assert_int_equal(finish(pid), 128 + signals[i]);
        assert_contains(err, "linear.safetensors has it all, --resume goes on");
        assert_contains(out, "interrupted");
        RUNS(m, "eval --data d.csv");
    }
}

/* The mean of a log's losses in an epoch. A row says how many epochs are done after its update. */
static double logged_mean(const char *path, int epoch, double *last)
{
    char line[512];
    double sum = 0, loss;
    int n = 0, of = 0, done;
    FILE *f = fopen(path, "r");
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%*d,%d,%*d,%lf", &done, &loss) == 2) {
            n += of == epoch;
            sum += of == epoch ? loss : 0;
            of = done;
            *last = loss;
        }
    fclose(f);
    return sum / n;
}

static void the_loss_of_a_training_is_its_last_epochs_mean(void **state)
{
    (void)state;
    double last;
    tl_model m = fake_linear(TL_F64);
    RUNS(m, "train --data d.csv --steps 70 -q --json --log log");
    double whole = number("loss");
    assert_near(whole, logged_mean("log", (int)number("epochs"), &last), 1e-12); /* of a part of an epoch */
    assert_near(number("last_loss"), last, 1e-12);
    RUNS(m, "train --data d.csv --steps 66 -q -c half");
    RUNS(m, "train --data d.csv --steps 70 -q -c half --resume --json");
    assert_true(number("loss") == whole);
    RUNS(m, "train --data d.csv --epochs 2 -q -c two --json --log two.log");
    assert_near(number("loss"), logged_mean("two.log", 1, &last), 1e-12);
}

static void a_best_that_cannot_be_is_refused(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    REFUSED(m, "train --data d.csv --best best --valid 0", 2, "--best best: there is nothing to validate on");
    REFUSED(m, "train --data d.csv --best best --valid-every 0", 2,
            "with --valid-every 0 nothing is validated");
    REFUSED(fake_scalar(0.1), "train --steps 3 --best best", 2,
            "--best best: there is nothing to validate on");
    assert_int_not_equal(access("linear.safetensors", F_OK), 0);
}

static void a_kill_leaves_a_checkpoint_that_loads(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    for (int i = 0; i < 8; i++) {
        pid_t pid = start(m, i ? "train --data d.csv --minutes 10 --save-updates 1 -q --resume"
                               : "train --data d.csv --minutes 10 --save-updates 1 -q");
        while (access("linear.safetensors", F_OK))
            usleep(1000);
        usleep(20000 + 1700 * (unsigned)i);
        kill(pid, SIGKILL);
        assert_int_equal(finish(pid), 128 + SIGKILL);
        RUNS(m, "eval --data d.csv");
    }
    RUNS(m, "train --data d.csv --resume --steps 1 -q --json");
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(resuming_by_command_is_exact),
        ON_DISK(what_was_given_stays_given_when_resumed),
        ON_DISK(training_learns),
        ON_DISK(nothing_on_disk_is_lost),
        ON_DISK(wrong_usage_exits_with_two),
        ON_DISK(help_is_for_standard_output),
        ON_DISK(text_is_trained_scored_and_generated),
        ON_DISK(predictions_are_in_the_tables_units),
        ON_DISK(predictions_say_their_sequence),
        ON_DISK(a_horizon_feeds_predictions_back),
        ON_DISK(weights_come_and_go),
        ON_DISK(a_loss_that_is_not_finite_fails_and_keeps_the_checkpoint),
        ON_DISK(a_signal_saves_and_is_the_exit_status),
        ON_DISK(the_loss_of_a_training_is_its_last_epochs_mean),
        ON_DISK(a_best_that_cannot_be_is_refused),
        ON_DISK(a_kill_leaves_a_checkpoint_that_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
