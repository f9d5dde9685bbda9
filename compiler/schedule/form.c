#include "schedule/form.h"

static int64_t lanes_of(const Target *t, tl_type real)
{
    int32_t bytes = real == TL_F32 ? 4 : 8;
    return t->vector_bytes ? t->vector_bytes / bytes : 1;
}

static int64_t padded(const Target *t, tl_type real, int64_t columns)
{
    int64_t lanes = lanes_of(t, real);
    return (columns + lanes - 1) / lanes * lanes;
}

/* In tile.h's words: rows, n, k of X {rows, k}, W {n, k}, Y {rows, n}. */
static ProductSize tile_size(const ProductSizes *s)
{
    int rows = (int)s->rows, columns = (int)s->columns, depth = (int)s->depth;
    if (s->gradient)
        return (ProductSize){ s->begins ? PRODUCT_TURNED : PRODUCT_GRADIENT, depth, rows, columns, s->rows_vary, (int)s->calls };
    if (s->transposed)
        return (ProductSize){ PRODUCT_FORWARD, rows, columns, depth, s->rows_vary, (int)s->calls };
    return (ProductSize){ PRODUCT_BACKWARD, rows, depth, columns, s->rows_vary, (int)s->calls };
}

static FormKind kind_of(const ProductSizes *s, const Tile *tile)
{
    switch (tile->way) {
    case TILE_PACKED: return s->gradient ? FORM_GRADIENT_PACKED : s->constant ? FORM_PACKED : FORM_IN_PLACE;
    case TILE_IN_PLACE: return s->gradient ? FORM_GRADIENT : FORM_IN_PLACE;
    case TILE_STREAMED: return FORM_STREAMED;
    case TILE_DOTS: return FORM_DOTS;
    case TILE_DOTS_BY_HALVES: return FORM_DOTS_BY_HALVES;
    case TILE_NARROW: break;
    }
    return FORM_GRADIENT_NARROW;
}

/* One row after the other by a matrix that the first cache does not hold. */
static bool may_turn(tl_type real, const ProductSizes *s, FormKind kind)
{
    const int64_t bytes = s->columns * s->depth * (real == TL_F64 ? 8 : 4);
    bool can = kind == FORM_STREAMED || kind == FORM_DOTS || kind == FORM_DOTS_BY_HALVES;
    return can && s->constant && s->rows == 1 && !s->rows_vary && s->calls > 1 && bytes > TILE_NEAR;
}

Form choose_form(const Target *t, tl_type real, const ProductSizes *s)
{
    if (s->depth == 1 && s->rows > 1 && s->columns > lanes_of(t, real) && s->columns % lanes_of(t, real)) {
        Tile tile = choose_tile(t, real, (ProductSize){ PRODUCT_BACKWARD, (int)s->rows, 1, (int)s->columns, s->rows_vary, (int)s->calls });
        return (Form){ .kind = FORM_IN_PLACE, .rows = tile.rows, .vectors = tile.vectors, .chains = tile.chains };
    }
    if (!s->gradient && s->depth <= 2)
        return (Form){ .kind = FORM_LOOPS };
    const bool cannot_pack = s->transposed && !s->constant && !s->gradient;
    const Tile tile = cannot_pack ? choose_dots(t, real, tile_size(s)) : choose_tile(t, real, tile_size(s));
    Form f = { .kind = kind_of(s, &tile), .rows = tile.rows, .vectors = tile.vectors, .chains = tile.chains };
    f.turns = may_turn(real, s, f.kind);
    if (f.kind == FORM_PACKED || f.kind == FORM_GRADIENT_PACKED)
        f.block_rows = tile.block_rows;
    return f;
}

int64_t packed_size(const Target *t, tl_type real, const ProductSizes *s)
{
    return padded(t, real, s->columns) * s->depth;
}

/* TL_GRADIENT_SCRATCH of product.h, for vectors as wide as the target's; packed_size is TL_PACKED_SIZE. */
int64_t scratch_size(const Target *t, tl_type real, const ProductSizes *s, const Form *f)
{
    int64_t slice = (f->block_rows + 7) / 8 * 8 + 3;
    return form_has_scratch(f) ? padded(t, real, s->columns) * f->block_rows + slice * s->rows : 0;
}
