/* test_blas.c - OpenBLAS is loaded with one thread, or refused where its memory cannot be had. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tapeless/blas.h>

static int threads(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/task");
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));)
        n += entry->d_name[0] != '.';
    closedir(d);
    return n;
}

/* What body() returns in a child process with `more` bytes of address space above what it has. */
static int with_memory(size_t more, int (*body)(void))
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        unsigned long pages = 0;
        FILE *f = fopen("/proc/self/statm", "r");
        if (!f || fscanf(f, "%lu", &pages) != 1)
            _exit(100);
        fclose(f);
        rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
        struct rlimit as = { bytes, bytes }, cpu = { 20, 20 }; /* it spun for ever */
        setrlimit(RLIMIT_AS, &as);
        setrlimit(RLIMIT_CPU, &cpu);
        freopen("/dev/null", "w", stderr);
        _exit(body());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

static int refused(void)
{
    tl_error e = { "" };
    return tl_blas_load(&e) && strstr(e.text, "192 MiB") && tl_blas_load(&e) && strstr(e.text, "ulimit -v") ? 7 : 8;
}

static int product(void)
{
    enum { N = 300 }; /* large enough to need the buffer */
    static float a[N * N], b[N * N], c[N * N];
    for (int i = 0; i < N * N; i++)
        a[i] = b[i] = 1;
    tl_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
    return c[0] == N && c[N * N - 1] == N ? 7 : 8;
}

static int product_with_nothing_left(void)
{
    tl_error e;
    if (tl_blas_load(&e))
        return 9;
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_AS, &none);
    return product();
}

#ifdef __SANITIZE_ADDRESS__
#define BOUNDED(...) (void)with_memory, (void)refused, (void)product_with_nothing_left, skip()
#else
#define BOUNDED(...) __VA_ARGS__
#endif

static void little_memory_is_a_sentence(void **state)
{
    (void)state;
    BOUNDED(assert_int_equal(with_memory((size_t)100 << 20, refused), 7));
    BOUNDED(assert_int_equal(with_memory(0, refused), 7));
}

static void a_product_without_memory_ends_the_process(void **state)
{
    (void)state;
    BOUNDED(assert_int_equal(with_memory((size_t)100 << 20, product), 2));
}

static void what_is_loaded_has_its_memory(void **state)
{
    (void)state;
    BOUNDED(assert_int_equal(with_memory((size_t)200 << 20, product_with_nothing_left), 7));
}

static void no_thread_is_started(void **state)
{
    (void)state;
    tl_error e;
    int before = threads();
    setenv("OPENBLAS_NUM_THREADS", "3", 1);
    assert_int_equal(tl_blas_load(&e), 0);
    assert_int_equal(threads(), before);
    assert_string_equal(getenv("OPENBLAS_NUM_THREADS"), "3");
    assert_int_equal(product(), 7);
}

static void lapack_is_there(void **state)
{
    (void)state;
    int n = 1, work_size = 64, info = -1;
    double a = -3, tau = 0, work[64];
    tl_dgeqrf(&n, &n, &a, &n, &tau, work, &work_size, &info);
    assert_int_equal(info, 0);
    assert_true(a == -3 || a == 3);
    tl_dorgqr(&n, &n, &n, &a, &n, &tau, work, &work_size, &info);
    assert_int_equal(info, 0);
    assert_true(a == 1 || a == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { /* what loads it comes last: children are to find it unloaded */
        cmocka_unit_test(little_memory_is_a_sentence),
        cmocka_unit_test(a_product_without_memory_ends_the_process),
        cmocka_unit_test(what_is_loaded_has_its_memory),
        cmocka_unit_test(no_thread_is_started),
        cmocka_unit_test(lapack_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
