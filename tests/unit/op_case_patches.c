/* op_case_patches.c - cases of windows that slide over an image: columns, and pooling. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "op_case.h"

typedef struct Window {
    int32_t image[3]; /* {C, H, W} */
    int32_t attr[TL_ATTRS];
} Window;

/* Overlap, gaps, rows and columns that no window reaches, padding on one side or both, one row, one
 * place, and a window of one element. */
static const Window windows[] = {
    { { 2, 4, 5 }, { 2, 3, 1, 1, 0, 0 } }, { { 1, 5, 4 }, { 2, 2, 2, 3, 0, 0 } },
    { { 2, 3, 4 }, { 3, 2, 1, 2, 1, 1 } }, { { 3, 1, 6 }, { 1, 3, 1, 2, 0, 1 } },
    { { 1, 4, 3 }, { 3, 3, 2, 2, 1, 0 } }, { { 2, 3, 3 }, { 3, 3, 1, 1, 0, 0 } },
    { { 2, 2, 3 }, { 1, 1, 1, 2, 0, 0 } }, { { 4, 1, 1 }, { 1, 1, 1, 1, 0, 0 } },
    { { 1, 2, 2 }, { 2, 2, 3, 1, 1, 1 } },
};

enum { WINDOWS = sizeof windows / sizeof *windows };

static Shape image_shape(const Window *w) { return SHAPE(w->image[0], w->image[1], w->image[2]); }

/* The columns are squared, so that an element in two places counts in each with what it is there.
 * The last case has more padding than a window is wide: whole columns of it. */
static void patches_cases(tl_op op)
{
    const Window far = { { 1, 2, 2 }, { 1, 2, 1, 3, 1, 4 } };
    OpCase c;
    for (int k = 0; k < 2 * WINDOWS + 2; k++) {
        const Window *w = k / 2 < WINDOWS ? &windows[k / 2] : &far;
        case_begin(&c);
        int32_t a = case_operand(&c, image_shape(w), k % 2, -1, 1);
        case_check(&c, op, add_op1(&c.b, OP_SQUARE, add_patches(&c.b, a, w->attr)));
    }
}

/* An image whose elements are far apart from each other: no step of a finite difference makes
 * another one the largest. */
static int32_t add_distinct(OpCase *c, const Window *w, bool batched)
{
    Builder *b = &c->b;
    int32_t n = w->image[0] * w->image[1] * w->image[2];
    int32_t image = case_operand(c, image_shape(w), batched, -0.3, 0.3), rank[41];
    for (int32_t e = 0; e < n; e++)
        rank[e] = add_const(b, e * 37 % 41 * 2, SHAPE(1));
    int32_t apart = add_concat(b, 0, n, rank);
    return add_op2(b, OP_ADD, image, add_reshape(b, apart, image_shape(w)));
}

static void check_max_pool(const Window *w, bool batched)
{
    OpCase c;
    case_begin(&c);
    int32_t y = add_max_pool(&c.b, add_distinct(&c, w, batched), w->attr);
    y = add_op2(&c.b, OP_MUL, y, add_const(&c.b, 0.05, NO_DIMS));
    case_check(&c, OP_MAX_POOL, add_op1(&c.b, OP_SIN, y));
}

/* Pools x {1, 3, 3} by 2 x 2. The loss is the sum of what is pooled, so the gradient counts the
 * windows that chose an element. */
static void check_chosen(const double *values, const double *want)
{
    static WindowData d;
    static WindowResult result;
    const int32_t attr[TL_ATTRS] = { 2, 2, 1, 1, 0, 0 };
    Builder b;
    builder_start(&b, 1, 1);
    int32_t x = add_param(&b, SHAPE(1, 3, 3));
    set_loss(&b, add_sum(&b, add_max_pool(&b, x, attr), NO_DIMS, false));
    builder_finish(&b, TL_F64);
    memset(&d, 0, sizeof d);
    d.weight[0] = 1;
    memcpy(d.params, values, 9 * sizeof *values);
    run_window(&b, TL_F64, &d, &result);
    for (int e = 0; e < 9; e++)
        assert_true(result.grads[e] == want[e]);
}

/* Of equal elements the first, in rows from the top, even if none is larger than -infinity. */
static void the_conventions_are_kept(void)
{
    check_chosen((double[]) { 2, 2, 1, 2, 2, 3, 0, 3, 3 },
                 (double[]) { 1, 0, 0, 0, 0, 2, 0, 1, 0 });
    check_chosen((double[]) { -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY,
                              -INFINITY, -INFINITY, 0 },
                 (double[]) { 1, 1, 0, 1, 0, 0, 0, 0, 1 });
}

static void max_pool_cases(tl_op op)
{
    (void)op;
    for (int k = 0; k < 2 * WINDOWS; k++) {
        const Window *w = &windows[k / 2];
        bool half = w->attr[4] <= w->attr[0] / 2 && w->attr[5] <= w->attr[1] / 2;
        if (half)
            check_max_pool(w, k % 2);
    }
    the_conventions_are_kept();
}

OpCases *const patch_cases[TL_OP_COUNT] = {
    [OP_PATCHES] = patches_cases,
    [OP_MAX_POOL] = max_pool_cases,
};
