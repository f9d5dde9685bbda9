#include "schedule/form.h"

enum {
    FEW_ROWS = 48,     /* through a window: fewer do not pay for packing */
    CACHED = 32 << 10, /* reals of x that stay in a cache while the panels pass by */
    BLOCK_ROWS = 256,  /* of a gradient, likewise */
    LEAST_SUMS = 8     /* in registers, or the latency of a multiply-add is waited for */
};

static int64_t lanes_of(const Target *t, tl_type real)
{
    int32_t bytes = real == TL_F32 ? 4 : 8;
    return t->vector_bytes ? t->vector_bytes / bytes : 1;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Sums that leave registers for the vectors of w and one of x. */
static int64_t most_sums(const Target *t) { return t->registers >= 32 ? 24 : 12; }

/* Where their number is known at run time only, rows come in multiples of `unit`: tiles of a divisor of it leave none. */
static int64_t most_rows(const ProductSizes *s, int64_t most)
{
    int64_t unit = s->unit > 1 ? s->unit : s->rows;
    for (int64_t r = least(most, unit); s->unit && r > 2; r--)
        if (unit % r == 0)
            return r;
    return least(most, s->rows);
}

/* Rows and vectors of a tile, and chains where it is small. */
static void choose_tile(const Target *t, tl_type real, const ProductSizes *s, Form *f)
{
    int64_t rows = s->rows, columns = s->columns;
    int64_t vectors = (columns + lanes_of(t, real) - 1) / lanes_of(t, real), widest = t->registers >= 32 ? 4 : 2;
    if (rows < 3)
        widest = 8;
    f->vectors = (int32_t)least(vectors, widest);
    f->rows = (int32_t)most_rows(s, least(most_sums(t) / f->vectors, 12));
    f->chains = 1;
    while (f->rows * f->vectors * f->chains < LEAST_SUMS && 2 * f->rows * f->vectors * f->chains <= most_sums(t))
        f->chains *= 2;
}

static Form gradient_form(const Target *t, tl_type real, const ProductSizes *s)
{
    int64_t lanes = lanes_of(t, real);
    Form f = { .kind = s->depth >= FEW_ROWS ? FORM_GRADIENT_PACKED : FORM_GRADIENT };
    if (s->columns < lanes && s->columns <= 8 && s->rows >= lanes) {
        f.kind = FORM_GRADIENT_NARROW;
        f.vectors = (int32_t)least((s->rows + lanes - 1) / lanes, s->columns <= 4 ? 2 : 1);
        f.chains = 1;
        while (2 * f.chains * f.vectors * s->columns <= most_sums(t))
            f.chains *= 2;
        return f;
    }
    choose_tile(t, real, s, &f);
    f.block_rows = BLOCK_ROWS;
    return f;
}

/* Dots of several columns at once; with one row, of more. */
static Form dots_form(const Target *t, const ProductSizes *s)
{
    Form f = { .kind = FORM_DOTS, .rows = 1 };
    f.vectors = (int32_t)least(s->columns, t->registers >= 32 && !s->once ? 16 : 8);
    while (!s->once && f.rows < 4 && 2 * f.rows <= s->rows && 2 * f.rows * f.vectors <= most_sums(t))
        f.rows *= 2;
    return f;
}

/* As it stands, w {depth, columns} serves few rows as well. Transposed, it serves by dots, which take a tree of
 * exchanges for each vector of results: about as many instructions as it takes to transpose `lanes` elements of the
 * reduction, or fewer where vectors are short. */
static bool pays_to_pack(const Target *t, tl_type real, const ProductSizes *s)
{
    int64_t rows = s->rows * s->calls;
    return rows >= FEW_ROWS || (s->transposed && rows * lanes_of(t, real) / 2 > s->depth);
}

Form choose_form(const Target *t, tl_type real, const ProductSizes *s)
{
    if (s->gradient)
        return gradient_form(t, real, s);
    if (s->depth <= 2)
        return (Form){ .kind = FORM_LOOPS };
    bool packs = s->constant && s->columns >= lanes_of(t, real) && pays_to_pack(t, real, s);
    if (!packs && s->transposed)
        return dots_form(t, s);
    Form f = { .kind = packs ? FORM_PACKED : FORM_IN_PLACE };
    choose_tile(t, real, s, &f);
    if (f.kind == FORM_PACKED && s->rows * s->depth > 2 * CACHED) {
        f.block_rows = (int32_t)(CACHED / s->depth / f.rows * f.rows);
        if (f.block_rows < 8 * f.rows)
            f.block_rows = 8 * f.rows;
        f.block_depth = (int32_t)s->depth;
    }
    return f;
}

int64_t packed_size(const Target *t, tl_type real, const ProductSizes *s)
{
    int64_t lanes = lanes_of(t, real);
    return (s->columns + lanes - 1) / lanes * lanes * s->depth;
}

int64_t scratch_size(const Target *t, tl_type real, const ProductSizes *s, const Form *f)
{
    int64_t lanes = lanes_of(t, real);
    if (f->kind != FORM_GRADIENT_PACKED)
        return 0;
    return ((s->columns + lanes - 1) / lanes * lanes + s->rows) * f->block_rows;
}
