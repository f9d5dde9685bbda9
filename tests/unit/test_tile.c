/* Which product and which tile: what always holds of the rule's answers, and some that are known to be good. */
#include "unit.h"

#define TL_REAL_BYTES 4
#define TL_VECTOR_BYTES 16
#include <tapeless/product.h>

#include "schedule/form.h"

enum { MOST_SUMS = TL_MOST_SUMS };

static const ProductSize sizes[] = {
    { PRODUCT_FORWARD, 50, 512, 128, false, 50 },    { PRODUCT_FORWARD, 2500, 512, 128, true, 1 },
    { PRODUCT_FORWARD, 2500, 65, 128, true, 1 },     { PRODUCT_FORWARD, 2240, 4096, 1024, true, 1 },
    { PRODUCT_FORWARD, 1, 64, 16, false, 9 },        { PRODUCT_FORWARD, 1, 1, 1, false, 1 },
    { PRODUCT_FORWARD, 3, 33, 7, false, 4 },         { PRODUCT_FORWARD, 7, 2, 1000, true, 1 },
    { PRODUCT_BACKWARD, 50, 512, 128, false, 49 },   { PRODUCT_BACKWARD, 1, 64, 16, false, 8 },
    { PRODUCT_BACKWARD, 1, 4096, 1024, false, 4 },   { PRODUCT_BACKWARD, 2240, 4096, 1024, true, 1 },
    { PRODUCT_BACKWARD, 2, 5, 3, false, 1 },         { PRODUCT_BACKWARD, 16, 192, 65, true, 1 },
    { PRODUCT_GRADIENT, 9, 64, 16, false, 1 },       { PRODUCT_GRADIENT, 9, 64, 4, false, 1 },
    { PRODUCT_GRADIENT, 2500, 512, 128, true, 1 },   { PRODUCT_GRADIENT, 32, 128, 30, false, 1 },
    { PRODUCT_GRADIENT, 32, 512, 33, false, 1 },     { PRODUCT_GRADIENT, 1, 1, 1, false, 1 },
    { PRODUCT_GRADIENT, 1000, 3, 2000, true, 1 },    { PRODUCT_GRADIENT, 5, 7, 15, true, 1 },
};

static int *columns(ProductSize *s)
{
    return s->kind == PRODUCT_FORWARD ? &s->n : &s->k;
}

static void is_sound(const Target *t, const ProductSize *s, const Tile *tile)
{
    int rows = s->kind == PRODUCT_GRADIENT ? s->n : s->rows, all = s->kind == PRODUCT_FORWARD ? s->n : s->k;
    assert_in_range(tile->columns, 1, all);
    assert_true(tile->rows > 0 && tile->vectors > 0 && tile->chains > 0 && tile->block_rows >= 0);
    assert_true((tile->chains & (tile->chains - 1)) == 0 && tile->chains <= 8);
    assert_true((tile->way == TILE_STREAMED ? 1 : tile->rows) * tile->vectors * tile->chains <= MOST_SUMS);
    if (tile->way == TILE_PACKED || tile->way == TILE_IN_PLACE) {
        assert_true(tile->rows <= rows);
        assert_true(tile->rows * tile->vectors + 2 <= t->registers);
    }
    if (tile->way == TILE_NARROW)
        assert_int_equal(tile->rows, tile->columns);
    assert_true((tile->way != TILE_DOTS && tile->way != TILE_DOTS_BY_HALVES) || s->kind == PRODUCT_FORWARD);
    assert_true(tile->way != TILE_NARROW || s->kind == PRODUCT_GRADIENT);
    assert_true(tile->way != TILE_STREAMED || (s->kind == PRODUCT_BACKWARD && s->rows == 1));
}

static void every_column_is_done_once_in_tiles_that_fit(void **state)
{
    (void)state;
    for (const Target *t = all_targets; t->name; t++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (int wide = 0; wide < 2; wide++) {
                ProductSize left = sizes[i];
                int calls = 0;
                while (*columns(&left) > 0) {
                    Tile tile = choose_tile(t, wide ? TL_F64 : TL_F32, left);
                    is_sound(t, &left, &tile);
                    *columns(&left) -= tile.columns;
                    assert_true(++calls <= 2);
                }
                assert_int_equal(*columns(&left), 0);
            }
}

static Tile tile_of(const char *target, ProductSize s)
{
    return choose_tile(target_named(target), TL_F32, s);
}

static void assert_tile(Tile t, TileWay way, int columns, int R, int V)
{
    assert_int_equal(t.way, way);
    assert_int_equal(t.columns, columns);
    assert_int_equal(t.rows, R);
    assert_int_equal(t.vectors, V);
}

/* Each was the fastest, or within two hundredths of it, of those that were tried. */
static void measured_shapes_have_measured_tiles(void **state)
{
    (void)state;
    assert_tile(tile_of("avx512", sizes[0]), TILE_PACKED, 512, 5, 4);
    assert_tile(tile_of("avx2", sizes[0]), TILE_PACKED, 512, 6, 2);
    assert_tile(tile_of("avx2", (ProductSize){ PRODUCT_FORWARD, 32, 2048, 512, false, 35 }), TILE_PACKED, 2048, 4, 3);
    assert_tile(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 1, 128, 32, false, 16 }), TILE_PACKED, 128, 1, 8);
    assert_tile(tile_of("avx512", (ProductSize){ PRODUCT_GRADIENT, 512, 192, 64, false, 1 }), TILE_IN_PLACE, 64, 6, 4);
    assert_tile(tile_of("avx512", sizes[10]), TILE_STREAMED, 1024, 8, 8);
}

static void what_fills_no_vector_goes_by_dots(void **state)
{
    (void)state;
    assert_int_equal(tile_of("avx512", sizes[2]).columns, 64);
    assert_tile(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 2500, 1, 128, true, 1 }), TILE_DOTS, 1, 8, 1);
}

static void one_product_of_one_row_is_not_packed_for(void **state)
{
    (void)state;
    assert_int_equal(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 1, 64, 16, false, 1 }).way, TILE_DOTS_BY_HALVES);
    assert_int_equal(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 1, 64, 16, false, 9 }).way, TILE_PACKED);
}

static void short_sums_of_one_row_go_by_halves_of_wide_vectors(void **state)
{
    const ProductSize of[] = { { PRODUCT_FORWARD, 1, 16, 64, false, 8 }, { PRODUCT_FORWARD, 1, 32, 128, false, 15 } };
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tile_of("avx512", of[i]).way, TILE_DOTS_BY_HALVES);
        assert_int_equal(tile_of("avx2", of[i]).way, TILE_DOTS);
    }
    assert_int_equal(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 1, 512, 2048, false, 1 }).way, TILE_DOTS);
    assert_int_not_equal(tile_of("avx512", (ProductSize){ PRODUCT_FORWARD, 1, 16, 64, true, 1 }).way, TILE_DOTS_BY_HALVES);
}

static void few_columns_of_a_gradient_are_narrow(void **state)
{
    (void)state;
    assert_tile(tile_of("avx512", sizes[15]), TILE_NARROW, 4, 4, 4);
    assert_int_equal(tile_of("avx512", sizes[18]).columns, 32);
}

static void long_gradients_are_packed(void **state)
{
    (void)state;
    assert_int_equal(tile_of("avx2", sizes[16]).way, TILE_PACKED);
    assert_true(tile_of("avx2", sizes[16]).block_rows > 0);
    assert_int_equal(tile_of("avx2", sizes[14]).way, TILE_IN_PLACE);
}

/* The templates write no further than the compiler has room for. */
static void room_is_made_for_what_the_templates_write(void **state)
{
    (void)state;
    const Target *t = target_named(TL_VECTOR_BYTES ? "sse2" : "plain");
    int scratches = 0;
    for (int rows = 1; rows < 600; rows += 37)
        for (int columns = 1; columns < 600; columns += 41)
            for (int depth = 30; depth < 9000; depth = depth * 3 + 1) {
                const ProductSizes s = { .rows = rows, .columns = columns, .depth = depth, .calls = 1, .gradient = true };
                Form f = choose_form(t, TL_F32, &s);
                assert_true(packed_size(t, TL_F32, &s) >= TL_PACKED_SIZE((int64_t)columns, depth));
                if (!form_has_scratch(&f))
                    continue;
                scratches++;
                assert_true(scratch_size(t, TL_F32, &s, &f) >= TL_GRADIENT_SCRATCH((int64_t)f.block_rows, rows, columns));
            }
    assert_true(scratches > 20);
}

static void targets_are_found_by_name(void **state)
{
    (void)state;
    assert_int_equal(target_named("avx2")->vector_bytes, 32);
    assert_null(target_named("avx3"));
    assert_ptr_equal(target_native(), target_named(target_native()->name));
    assert_int_equal(target_named("plain")->vector_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_done_once_in_tiles_that_fit),
        cmocka_unit_test(measured_shapes_have_measured_tiles),
        cmocka_unit_test(what_fills_no_vector_goes_by_dots),
        cmocka_unit_test(one_product_of_one_row_is_not_packed_for),
        cmocka_unit_test(short_sums_of_one_row_go_by_halves_of_wide_vectors),
        cmocka_unit_test(few_columns_of_a_gradient_are_narrow),
        cmocka_unit_test(long_gradients_are_packed),
        cmocka_unit_test(room_is_made_for_what_the_templates_write),
        cmocka_unit_test(targets_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
