/* print.c - for each shape its calls of <tapeless/product.h> in the tiles that the rule chooses, as generated code has
 * them, and a table of them. print TARGET f32|f64 */
#include <stdio.h>
#include <string.h>

#include "shapes.h"

static const char *const ways[] = { "packed", "in place", "streamed", "dots", "dots by halves", "narrow" };

static const char *rows_of(ProductSize s)
{
    static char text[16];
    snprintf(text, sizeof text, s.rows_vary ? "rows" : "%d", s.rows);
    return text;
}

/* Columns from `at` on: of Y. */
static void print_forward(Tile t, ProductSize s, int at)
{
    if (t.way == TILE_DOTS)
        printf("    tl_product_dots(%s, %d, %d, x, %d, w + %d, %d, NULL, 0, y + %d, %d, %d, %d);\n", rows_of(s),
               t.columns, s.k, s.k, at * s.k, s.k, at, s.n, t.rows, t.vectors);
    else if (t.way == TILE_DOTS_BY_HALVES)
        printf("    tl_product_dots_by_halves(%d, %d, x, w + %d, %d, NULL, y + %d, 0);\n", t.columns, s.k, at * s.k, s.k, at);
    else if (t.block_rows)
        printf("    tl_product_packed_blocked(%s, %d, %d, x, %d, packed, NULL, 0, y, %d, %d, %d, %d, %d);\n",
               rows_of(s), t.columns, s.k, s.k, s.n, t.rows, t.vectors, t.chains, t.block_rows);
    else
        printf("    tl_product_packed%s(%s, %d, %d, x, %d, packed, NULL, 0, y, %d, %d, %d, %d);\n",
               s.rows_vary ? "_any" : "", rows_of(s), t.columns, s.k, s.k, s.n, t.rows, t.vectors, t.chains);
}

/* Of dX. */
static void print_backward(Tile t, ProductSize s)
{
    if (t.way == TILE_STREAMED)
        printf("    tl_product_streamed(%d, %d, y, w, %d, NULL, x, %d, %d, 0);\n", t.columns, s.n, s.k, t.vectors,
               t.rows);
    else if (t.way == TILE_IN_PLACE)
        printf("    tl_product_in_place%s(%s, %d, %d, y, %d, w, %d, NULL, 0, x, %d, %d, %d, %d);\n",
               s.rows_vary ? "_any" : "", rows_of(s), t.columns, s.n, s.n, s.k, s.k, t.rows, t.vectors, t.chains);
    else if (t.block_rows)
        printf("    tl_product_packed_blocked(%s, %d, %d, y, %d, packed, NULL, 0, x, %d, %d, %d, %d, %d);\n",
               rows_of(s), t.columns, s.n, s.n, s.k, t.rows, t.vectors, t.chains, t.block_rows);
    else
        printf("    tl_product_packed%s(%s, %d, %d, y, %d, packed, NULL, 0, x, %d, %d, %d, %d);\n",
               s.rows_vary ? "_any" : "", rows_of(s), t.columns, s.n, s.n, s.k, t.rows, t.vectors, t.chains);
}

/* Of dW. */
static void print_gradient(Tile t, ProductSize s, int at)
{
    const char *name = t.way == TILE_PACKED ? "_packed" : t.way == TILE_NARROW ? "_narrow" : "";
    printf("    tl_product_gradient%s(%s, %d, %d, y, %d, x + %d, %d, 0, w + %d, %d, ", name, rows_of(s), s.n,
           t.columns, s.n, at, s.k, at, s.k);
    if (t.way == TILE_PACKED)
        printf("packed, %d, %d, %d, %d);\n", t.rows, t.vectors, t.chains, t.block_rows);
    else if (t.way == TILE_NARROW)
        printf("%d, %d);\n", t.vectors, t.chains);
    else
        printf("%d, %d, %d);\n", t.rows, t.vectors, t.chains);
}

/* All columns; the first tile, which has most of them. */
static Tile print_calls(const Target *t, tl_type real, ProductSize s)
{
    Tile first = { 0 }, tile;
    int all = s.kind == PRODUCT_FORWARD ? s.n : s.k;
    for (int at = 0; at < all; at += tile.columns) {
        ProductSize left = s;
        *(s.kind == PRODUCT_FORWARD ? &left.n : &left.k) = all - at;
        tile = choose_tile(t, real, left);
        if (at == 0)
            first = tile;
        if (s.kind == PRODUCT_FORWARD)
            print_forward(tile, s, at);
        else if (s.kind == PRODUCT_BACKWARD)
            print_backward(tile, s);
        else
            print_gradient(tile, s, at);
    }
    return first;
}

static void print_packing(Tile t, ProductSize s)
{
    if (t.way != TILE_PACKED || s.kind == PRODUCT_GRADIENT)
        return;
    if (s.kind == PRODUCT_FORWARD)
        printf("    tl_pack_transposed(%d, %d, %d, w, %d, packed);\n", t.columns, s.k, t.vectors, s.k);
    else
        printf("    tl_pack_copied(%d, %d, %d, w, %d, packed);\n", t.columns, s.n, t.vectors, s.k);
}

static Tile print_shape(const Target *t, tl_type real, int i)
{
    Tile first;
    printf("\n/* %s: %s */\n"
           "KERNEL void product_%d(int rows, real *restrict x, real *restrict w, real *restrict packed,\n"
           "        real *restrict y)\n{\n    (void)rows, (void)x, (void)w, (void)packed, (void)y;\n",
           shapes[i].workload, shapes[i].product, i);
    first = print_calls(t, real, shapes[i].size);
    printf("}\nKERNEL void pack_%d(real *restrict w, real *restrict packed)\n{\n    (void)w, (void)packed;\n", i);
    print_packing(first, shapes[i].size);
    puts("}");
    return first;
}

int main(int argc, char **argv)
{
    const Target *t = argc == 3 ? strcmp(argv[1], "native") ? target_named(argv[1]) : target_native() : NULL;
    Tile first[SHAPES];
    if (!t)
        return 2;
    int wide = strcmp(argv[2], "f64") == 0;
    printf("/* Written by print.c for %s. */\n#define TL_VECTOR_BYTES %d\n#define TL_REAL_BYTES %d\n"
           "#include <tapeless/product.h>\n\ntypedef tl_real real;\n"
           "#define KERNEL static __attribute__((noinline))\n"
           "typedef struct Kernel {\n    void (*run)(int rows, real *x, real *w, real *packed, real *y);\n"
           "    void (*pack)(real *w, real *packed);\n    const char *tile;\n} Kernel;\n",
           t->name, t->vector_bytes, wide ? 8 : 4);
    for (int i = 0; i < SHAPES; i++)
        first[i] = print_shape(t, wide ? TL_F64 : TL_F32, i);
    puts("\nstatic const Kernel kernels[] = {");
    for (int i = 0; i < SHAPES; i++)
        printf("    { product_%d, pack_%d, \"%s %dx%dx%d\" },\n", i, i, ways[first[i].way], first[i].rows,
               first[i].vectors, first[i].chains);
    puts("};");
    return 0;
}
