/* cmocka.h - as much of cmocka as a unit test needs that is run where cmocka is not: by an emulator, for another
 * processor. The first failure ends it. */
#ifndef CMOCKA_ALONE_H
#define CMOCKA_ALONE_H

#include <stdio.h>
#include <stdlib.h>

#define fail_msg(...) (printf("%s:%d: ", __FILE__, __LINE__), printf(__VA_ARGS__), printf("\n"), exit(1))
#define assert_true(x) ((x) ? (void)0 : fail_msg("%s", #x))
#define assert_int_equal(a, b) assert_true((a) == (b))

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
};

#define cmocka_unit_test(f) { #f, f }
#define cmocka_run_group_tests(tests, before, after) run_alone(tests, sizeof(tests) / sizeof *(tests))

static inline int run_alone(const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tests[i].run(NULL);
        printf("ok %s\n", tests[i].name);
    }
    return 0;
}

#endif
