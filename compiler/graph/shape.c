#include "graph/shape.h"

#include <stdio.h>
#include <string.h>

Shape shape_make(int32_t rank, const int32_t *dim)
{
    Shape s = { .rank = rank };
    for (int32_t i = 0; i < rank; i++)
        s.dim[i] = dim[i];
    return s;
}

bool shape_equal(const Shape *a, const Shape *b)
{
    return a->rank == b->rank && !memcmp(a->dim, b->dim, sizeof a->dim);
}

int64_t shape_size(const Shape *s)
{
    int64_t n = 1;
    for (int32_t i = 0; i < s->rank; i++)
        n *= s->dim[i];
    return n;
}

/* Dim i counted from the right, 1 past the left end: NumPy's alignment. */
static int32_t from_right(const Shape *s, int32_t i)
{
    return i < s->rank ? s->dim[s->rank - 1 - i] : 1;
}

bool shape_broadcast(const Shape *a, const Shape *b, Shape *result)
{
    Shape r = { .rank = a->rank > b->rank ? a->rank : b->rank };
    for (int32_t i = 0; i < r.rank; i++) {
        int32_t p = from_right(a, i), q = from_right(b, i);
        if (p != q && p != 1 && q != 1)
            return false;
        r.dim[r.rank - 1 - i] = p == 1 ? q : p;
    }
    *result = r;
    return true;
}

const char *shape_text(Arena *arena, const Shape *s)
{
    char text[16 * TL_MAX_RANK + 3];
    int n = snprintf(text, sizeof text, "{");
    for (int32_t i = 0; i < s->rank; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, i ? ", %d" : "%d", s->dim[i]);
    snprintf(text + n, sizeof text - (size_t)n, "}");
    return arena_strdup(arena, text);
}

/* ---- rules ---- */

typedef const char *ShapeRule(Graph *, Node *, const Ref *, uint32_t);

#define RULE(name)                                                                                \
    static const char *shape_##name(Graph *g, Node *n, const Ref *args, uint32_t nargs)
#define UNUSED_ARGS (void)g, (void)n, (void)args, (void)nargs
#define ARG(i) node_at(g, args[i])
#define TEXT(s) shape_text(g->arena, s)

static const char *word(const Node *n) { return tl_op_table[n->op].word; }

static const char *check_size(Graph *g, const Shape *s)
{
    int64_t size = 1;
    int32_t most = g->derived ? TL_MAX_RANK : TL_SPEC_RANK;
    if (s->rank < 0 || s->rank > most)
        return arena_printf(g->arena, "a shape has at most %d dimensions, not %d", most, s->rank);
    for (int32_t i = 0; i < s->rank; i++) {
        if (s->dim[i] < 1)
            return arena_printf(g->arena, "%s: every dimension must be at least 1", TEXT(s));
        if ((size *= s->dim[i]) > SHAPE_MAX_ELEMENTS)
            return arena_printf(g->arena, "%s is too large; one example of a value has at most %d elements",
                                TEXT(s), SHAPE_MAX_ELEMENTS);
    }
    return NULL;
}

static const char *check_real(Graph *g, const Node *n, const Ref *args, uint32_t nargs)
{
    for (uint32_t i = 0; i < nargs; i++)
        if (ARG(i)->token)
            return arena_printf(g->arena, "%s: operand %u is a token; it takes real values (embedding turns "
                                "a token into a vector)", word(n), i + 1);
    return NULL;
}

static bool dim_in(const Node *n, int32_t rank) { return n->attr[0] >= 0 && n->attr[0] < rank; }

static const char *bad_dim(Graph *g, const Node *n, const Shape *s)
{
    return arena_printf(g->arena, "%s: dimension %d of a value of shape %s", word(n), n->attr[0] + 1, TEXT(s));
}

RULE(LEAF)
{
    UNUSED_ARGS;
    if (nargs > 1 || (nargs && n->op != OP_STATE && n->op != OP_PARAM))
        return "a leaf has no operands";
    if (n->op == OP_TABLE && (!g->tables || n->attr[0] < 0 || n->attr[0] >= g->tables->n || n->batched || n->token ||
                              (size_t)shape_size(&n->shape) != g->tables->table[n->attr[0]].count))
        return arena_printf(g->arena, "table: there are no such numbers for %s", TEXT(&n->shape));
    if (nargs && !shape_equal(&ARG(0)->shape, &n->shape))
        return arena_printf(g->arena, "state: declared as %s, but the step returns %s", TEXT(&n->shape),
                            TEXT(&ARG(0)->shape));
    return NULL;
}

RULE(POINTWISE)
{
    n->shape = ARG(0)->shape;
    n->batched = false;
    for (uint32_t i = 0; i < nargs; i++) {
        n->batched |= ARG(i)->batched;
        if (!shape_broadcast(&n->shape, &ARG(i)->shape, &n->shape))
            return arena_printf(g->arena, "%s: shapes %s and %s do not broadcast", word(n), TEXT(&n->shape),
                                TEXT(&ARG(i)->shape));
    }
    return NULL;
}

RULE(SAME) /* as the operand */
{
    (void)nargs;
    n->shape = ARG(0)->shape;
    n->batched = ARG(0)->batched;
    (void)g;
    return NULL;
}

RULE(RESHAPE)
{
    (void)nargs;
    n->batched = ARG(0)->batched && !n->attr[0];
    if (n->attr[0] && g->lanes != 1)
        return arena_printf(g->arena, "reshape: the only lane of %d", (int)g->lanes);
    if (shape_size(&n->shape) != shape_size(&ARG(0)->shape))
        return arena_printf(g->arena, "reshape: %s has %lld elements but %s has %lld", TEXT(&ARG(0)->shape),
                            (long long)shape_size(&ARG(0)->shape), TEXT(&n->shape),
                            (long long)shape_size(&n->shape));
    return NULL;
}

RULE(TRANSPOSE)
{
    (void)nargs;
    n->shape = ARG(0)->shape;
    n->batched = ARG(0)->batched;
    int32_t r = n->shape.rank;
    if (r < 2)
        return arena_printf(g->arena, "transpose: takes a matrix, not %s", TEXT(&n->shape));
    n->shape.dim[r - 2] = ARG(0)->shape.dim[r - 1];
    n->shape.dim[r - 1] = ARG(0)->shape.dim[r - 2];
    return NULL;
}

/* attr: dim, from. The length is in the given shape's dim. */
RULE(SLICE)
{
    (void)nargs;
    const Shape *s = &ARG(0)->shape;
    if (!dim_in(n, s->rank) || n->shape.rank != s->rank)
        return bad_dim(g, n, s);
    int32_t d = n->attr[0], from = n->attr[1], count = n->shape.dim[d], have = s->dim[d];
    if (from < 0 || count < 1 || count > have || from > have - count)
        return arena_printf(g->arena, "slice: elements %lld to %lld of dimension %d of %s", (long long)from + 1,
                            (long long)from + count, d + 1, TEXT(s));
    n->shape = *s;
    n->shape.dim[d] = count;
    n->batched = ARG(0)->batched;
    return NULL;
}

RULE(EXPAND)
{
    (void)nargs;
    Shape r;
    if (!shape_broadcast(&n->shape, &ARG(0)->shape, &r) || !shape_equal(&r, &n->shape) ||
        (ARG(0)->batched && !n->batched))
        return arena_printf(g->arena, "expand: %s does not broadcast to %s", TEXT(&ARG(0)->shape), TEXT(&n->shape));
    return NULL;
}

RULE(STOP) { return shape_SAME(g, n, args, nargs); }
RULE(PROBE) { return shape_SAME(g, n, args, nargs); }
RULE(COPY) { return shape_SAME(g, n, args, nargs); }

RULE(CONCAT)
{
    n->shape = ARG(0)->shape;
    n->batched = false;
    if (!dim_in(n, n->shape.rank))
        return bad_dim(g, n, &n->shape);
    int32_t d = n->attr[0];
    int64_t length = 0;
    for (uint32_t i = 0; i < nargs; i++) {
        Shape s = ARG(i)->shape;
        n->batched |= ARG(i)->batched;
        length += d < s.rank ? s.dim[d] : 0;
        if (s.rank == n->shape.rank)
            s.dim[d] = n->shape.dim[d];
        if (!shape_equal(&s, &n->shape))
            return arena_printf(g->arena, "concat: %s does not join %s along dimension %d", TEXT(&ARG(i)->shape),
                                TEXT(&ARG(0)->shape), d + 1);
    }
    if (length > SHAPE_MAX_ELEMENTS)
        return "concat: the result is too large";
    n->shape.dim[d] = (int32_t)length;
    return NULL;
}

RULE(SUM)
{
    (void)nargs;
    Shape r;
    if (n->shape.rank > ARG(0)->shape.rank || !shape_broadcast(&n->shape, &ARG(0)->shape, &r) ||
        !shape_equal(&r, &ARG(0)->shape))
        return arena_printf(g->arena, "sum: %s does not reduce to %s", TEXT(&ARG(0)->shape), TEXT(&n->shape));
    n->batched = ARG(0)->batched && !n->attr[0];
    return NULL;
}

RULE(ROWWISE)
{
    (void)nargs;
    n->shape = ARG(0)->shape;
    n->batched = ARG(0)->batched;
    return dim_in(n, n->shape.rank) ? NULL : bad_dim(g, n, &n->shape);
}

/* What a product begins with. */
static bool may_begin(const Node *product, const Node *start)
{
    bool row = !start->batched && start->shape.rank == 2 && start->shape.dim[0] == 1 &&
               start->shape.dim[1] == product->shape.dim[1];
    return row || (shape_equal(&start->shape, &product->shape) && start->batched == product->batched);
}

RULE(MATMUL)
{
    if (nargs != 2 && (nargs != 3 || !g->k || n->attr[2]))
        return arena_printf(g->arena, "matmul: takes 2 operands, not %u", nargs);
    const Node *a = ARG(0), *b = ARG(1);
    if (a->shape.rank != 2 || b->shape.rank != 2)
        return arena_printf(g->arena, "matmul: takes matrices, not %s and %s", TEXT(&a->shape), TEXT(&b->shape));
    int32_t ta = n->attr[0], tb = n->attr[1];
    if (a->shape.dim[!ta] != b->shape.dim[!!tb])
        return arena_printf(g->arena, "matmul: inner dimensions of %s%s and %s%s differ", TEXT(&a->shape),
                            ta ? " transposed" : "", TEXT(&b->shape), tb ? " transposed" : "");
    n->shape = shape_make(2, (int32_t[]){ a->shape.dim[!!ta], b->shape.dim[!tb] });
    n->batched = (a->batched || b->batched) && !n->attr[2];
    if (nargs == 3 && !may_begin(n, ARG(2)))
        return arena_printf(g->arena, "matmul: %s cannot begin with %s", TEXT(&n->shape), TEXT(&ARG(2)->shape));
    return NULL;
}

static const char *check_token(Graph *g, const Node *n, Ref token)
{
    return node_at(g, token)->token ? NULL : arena_printf(g->arena, "%s: its index must be a token", word(n));
}

RULE(GATHER)
{
    (void)nargs;
    if (ARG(0)->shape.rank != 2 || ARG(0)->batched)
        return arena_printf(g->arena, "embedding: takes a matrix parameter, not %s", TEXT(&ARG(0)->shape));
    n->shape = shape_make(1, &ARG(0)->shape.dim[1]);
    n->batched = ARG(1)->batched;
    return check_token(g, n, args[1]);
}

RULE(PICK)
{
    (void)nargs;
    if (ARG(0)->shape.rank != 1)
        return arena_printf(g->arena, "pick: takes a vector, not %s", TEXT(&ARG(0)->shape));
    n->shape = (Shape){ .rank = 0 };
    n->batched = ARG(0)->batched || ARG(1)->batched;
    return check_token(g, n, args[1]);
}

RULE(UNPICK)
{
    (void)nargs;
    n->batched = ARG(0)->batched || ARG(1)->batched;
    if (ARG(0)->shape.rank != 0 || n->shape.rank != 1)
        return "unpick: takes a scalar";
    return check_token(g, n, args[1]);
}

RULE(SCATTER)
{
    (void)nargs;
    n->batched = false;
    if (ARG(0)->shape.rank != 1 || n->shape.rank != 2 || n->shape.dim[1] != ARG(0)->shape.dim[0])
        return "scatter: takes a vector as long as a row of the result";
    return check_token(g, n, args[1]);
}

/* OH and OW of a window over `image`; a sentence where it does not fit. */
static const char *places(Graph *g, const Node *n, const Shape *image, int32_t *place)
{
    const int32_t *a = n->attr;
    if (image->rank != 3)
        return arena_printf(g->arena, "%s: takes {channels, height, width}, not %s", word(n), TEXT(image));
    for (int d = 0; d < 2; d++) {
        place[d] = tl_patch_places(image->dim[1 + d], a[d], a[2 + d], a[4 + d]);
        if (!place[d])
            return arena_printf(g->arena, "%s: a window of %d by steps of %d does not fit into dimension %d of %s "
                                "with a padding of %d", word(n), a[d], a[2 + d], d + 2, TEXT(image), a[4 + d]);
    }
    return NULL;
}

/* {C KH KW, OH OW} of an image {C, H, W}. */
static const char *columns(Graph *g, const Node *n, const Shape *image, Shape *result)
{
    int32_t place[2] = { 0 };
    const char *wrong = places(g, n, image, place);
    if (wrong)
        return wrong;
    int64_t window = (int64_t)n->attr[0] * n->attr[1], count = (int64_t)place[0] * place[1];
    if (window > SHAPE_MAX_ELEMENTS || count > SHAPE_MAX_ELEMENTS || window * image->dim[0] > SHAPE_MAX_ELEMENTS)
        return arena_printf(g->arena, "%s: there are too many elements in all places of the window", word(n));
    *result = shape_make(2, (int32_t[]){ (int32_t)window * image->dim[0], (int32_t)count });
    return NULL;
}

RULE(PATCHES)
{
    (void)nargs;
    n->batched = ARG(0)->batched;
    return columns(g, n, &ARG(0)->shape, &n->shape);
}

RULE(UNPATCHES)
{
    (void)nargs;
    Shape want = { 0 };
    const char *wrong = columns(g, n, &n->shape, &want);
    n->batched = ARG(0)->batched;
    if (!wrong && !shape_equal(&want, &ARG(0)->shape))
        return arena_printf(g->arena, "unpatches: takes %s, not %s", TEXT(&want), TEXT(&ARG(0)->shape));
    return wrong;
}

/* {C, OH, OW} of an image {C, H, W}. No window may lie in padding alone. */
static const char *pooled(Graph *g, const Node *n, const Shape *image, Shape *result)
{
    int32_t place[2] = { 0 };
    const char *wrong = places(g, n, image, place);
    for (int d = 0; !wrong && d < 2; d++)
        if (n->attr[4 + d] > n->attr[d] / 2)
            return arena_printf(g->arena, "%s: a padding of %d is more than half of a window of %d", word(n),
                                n->attr[4 + d], n->attr[d]);
    if (!wrong)
        *result = shape_make(3, (int32_t[]){ image->dim[0], place[0], place[1] });
    return wrong;
}

RULE(MAX_POOL)
{
    (void)nargs;
    n->batched = ARG(0)->batched;
    return pooled(g, n, &ARG(0)->shape, &n->shape);
}

RULE(UNPOOL)
{
    (void)nargs;
    Shape want = { 0 };
    n->shape = ARG(0)->shape;
    n->batched = ARG(0)->batched || ARG(1)->batched;
    const char *wrong = pooled(g, n, &n->shape, &want);
    if (!wrong && !shape_equal(&want, &ARG(1)->shape))
        return arena_printf(g->arena, "unpool: takes an adjoint of %s, not %s", TEXT(&want), TEXT(&ARG(1)->shape));
    return wrong;
}

RULE(ACC)
{
    (void)g;
    const Node *last = ARG(nargs - 1);
    n->shape = last->shape;
    n->batched = last->batched;
    if (nargs == 2 && (!shape_equal(&n->shape, &ARG(0)->shape) || ARG(0)->batched != n->batched))
        return "acc: both operands have one shape";
    return NULL;
}

/* Kinds with one rule for all, then operations with their own. */
#define KIND_LEAF(NAME) shape_LEAF
#define KIND_POINTWISE(NAME) shape_POINTWISE
#define KIND_ROWWISE(NAME) shape_ROWWISE
#define KIND_VIEW(NAME) shape_##NAME
#define KIND_COPY(NAME) shape_##NAME
#define KIND_REDUCE(NAME) shape_##NAME
#define KIND_MATMUL(NAME) shape_##NAME
#define KIND_INDEX(NAME) shape_##NAME
#define KIND_PATCH(NAME) shape_##NAME

static ShapeRule *const rules[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = KIND_##kind(NAME),
    TL_OPS(X)
#undef X
};

const char *shape_rule(Graph *g, Node *n, const Ref *args, uint32_t nargs)
{
    const tl_op_info *info = &tl_op_table[n->op];
    if (info->nargs >= 0 && (uint32_t)info->nargs != nargs)
        return arena_printf(g->arena, "%s: takes %d operands, not %u", info->word, info->nargs, nargs);
    if (nargs < (info->nargs < 0 && info->kind != TL_LEAF) || (n->op == OP_ACC && nargs > 2))
        return arena_printf(g->arena, "%s: %u operands", info->word, nargs);
    const char *wrong = NULL;
    if (tl_kind_table[info->kind].token < 0 && info->kind != TL_LEAF)
        wrong = check_real(g, n, args, nargs);
    if (!wrong && info->kind != TL_POINTWISE && info->kind != TL_ROWWISE)
        wrong = check_size(g, &n->shape);
    if (!wrong)
        wrong = rules[n->op](g, n, args, nargs);
    return wrong ? wrong : check_size(g, &n->shape);
}
