/* Probes as NumPy arrays: the header, NaN where a window is short, what is refused. */
#include "unit.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <tapeless/probe_file.h>
#include "fake_model.h"
#include "scratch.h"

enum { LANES = 3, SLOTS = 5, SIZE = 2, HEADER = 256 };

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

static const tl_tensor probes[] = {
    { .name = "gate", .rank = 0, .type = TL_F64 },
    { .name = "hidden", .rank = 1, .dim = { SIZE }, .offset = 16, .type = TL_F64 },
};

static tl_model probed(void)
{
    tl_model m = fake_linear(TL_F64);
    m.nprobes = 2;
    m.probes = probes;
    m.probe_size = 16 + SLOTS * LANES * SIZE;
    return m;
}

static void rows_are_appended_and_short_windows_padded(void **state)
{
    (void)state;
    tl_error e;
    tl_buffers b;
    tl_probe_file p;
    size_t size;
    tl_model m = probed();
    assert_int_equal(tl_buffers_new(&b, &m, &e), 0);
    for (int i = 0; i < SLOTS * LANES * SIZE; i++)
        ((double *)b.probe_grads)[16 + i] = i;
    const tl_tensor *t = tl_probe_find(&m, "hidden", &e);
    assert_ptr_equal(t, &probes[1]);
    assert_int_equal(tl_probe_file_open(&p, &m, t, "h.npy", 1, 0, &e), 0);
    tl_probe_file_add(&p, &b, 2);
    assert_int_equal(tl_probe_file_sync(&p, &e), 0);
    char *bytes = file_bytes("h.npy", &size);
    assert_contains(bytes + 10, "'shape': (1, 5, 3, 2), }");
    free(bytes);
    tl_probe_file_add(&p, &b, 5);
    assert_int_equal(tl_probe_file_close(&p, &e), 0);
    bytes = file_bytes("h.npy", &size);
    assert_memory_equal(bytes, "\x93NUMPY\x01\x00\xf6\x00", 10);
    assert_contains(bytes + 10, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 5, 3, 2), }");
    assert_true(bytes[HEADER - 1] == '\n');
    assert_int_equal(size, HEADER + 2 * SLOTS * LANES * SIZE * sizeof(double));
    const double *x = (const double *)(const void *)(bytes + HEADER);
    for (int i = 0; i < 2 * SLOTS * LANES * SIZE; i++)
        if (i < 3 * LANES * SIZE)
            assert_true(isnan(x[i]));
        else
            assert_true(x[i] == i % (SLOTS * LANES * SIZE));
    free(bytes);
    tl_buffers_free(&b);
}

static void a_file_that_exists_is_kept(void **state)
{
    (void)state;
    tl_error e;
    tl_probe_file p;
    tl_model m = probed();
    file_write("h.npy", "precious");
    assert_int_equal(tl_probe_file_open(&p, &m, &probes[0], "h.npy", 0, 0, &e), -1);
    assert_contains(e.text, "h.npy: it exists; --overwrite replaces it");
    assert_int_equal(tl_probe_file_open(&p, &m, &probes[0], "no/h.npy", 0, 0, &e), -1);
    assert_contains(e.text, "no/h.npy: No such file");
    assert_int_equal(tl_probe_file_open(&p, &m, &probes[0], "h.npy", 0, 1, &e), 0);
    assert_int_equal(tl_probe_file_close(&p, &e), 0);
    assert_int_equal(tl_probe_file_close(&p, &e), 0); /* once more is no harm */
}

static void what_cannot_be_written_is_noticed(void **state)
{
    (void)state;
    tl_error e;
    tl_buffers b;
    tl_probe_file p;
    tl_model m = probed();
    assert_int_equal(tl_buffers_new(&b, &m, &e), 0);
    struct rlimit whole;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &whole);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 4096, whole.rlim_max });
    assert_int_equal(tl_probe_file_open(&p, &m, &probes[1], "h.npy", 0, 1, &e), 0);
    for (int i = 0; i < 100; i++)
        tl_probe_file_add(&p, &b, 5);
    assert_int_equal(tl_probe_file_close(&p, &e), -1);
    setrlimit(RLIMIT_FSIZE, &whole);
    signal(SIGXFSZ, SIG_DFL);
    assert_contains(e.text, "h.npy: it could not be written: File too large");
    assert_int_equal(tl_probe_file_open(&p, &m, &probes[1], "/dev/null", 0, 1, &e), -1);
    assert_contains(e.text, "/dev/null: it is a device, which the file that is written would replace");
    tl_buffers_free(&b);
}

static void an_unknown_probe_is_named_with_those_there_are(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = probed();
    assert_null(tl_probe_find(&m, "hiden", &e));
    assert_contains(e.text, "--probe hiden: the spec has no probe of that name; it has gate, hidden");
    m.nprobes = 0;
    assert_null(tl_probe_find(&m, "h", &e));
    assert_contains(e.text, "the spec has no probes; write probe(\"h\", x)");
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(rows_are_appended_and_short_windows_padded),
        ON_DISK(a_file_that_exists_is_kept),
        ON_DISK(what_cannot_be_written_is_noticed),
        cmocka_unit_test(an_unknown_probe_is_named_with_those_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
