/* unit.h - cmocka with the headers it needs. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_contains(text, part)                                                               \
    do {                                                                                          \
        if (!strstr((text), (part)))                                                              \
            fail_msg("\"%s\" does not contain \"%s\"", (text), (part));                           \
    } while (0)

/* |a - b| <= tolerance, false for NaN. */
#define assert_near(a, b, tolerance)                                                              \
    do {                                                                                          \
        double a_ = (a), b_ = (b), d_ = a_ > b_ ? a_ - b_ : b_ - a_;                              \
        if (!(d_ <= (tolerance)))                                                                 \
            fail_msg("%.17g and %.17g differ by %g", a_, b_, d_);                                 \
    } while (0)

#endif
