/* interp_index.inc.h - elements chosen by a token. Tokens are 0 .. vocab - 1; whoever reads the
 * data sees to that. */
#include <assert.h>

static size_t token_of(const Interp *ip, int32_t i, size_t lane, size_t vocab)
{
    int32_t a = operand(ip, i, 1);
    const int32_t *tokens = ip->value[a];
    int32_t token = tokens[lane * lane_stride(ip, a)];
    assert(token >= 0 && (size_t)token < vocab);
    (void)vocab;
    return (size_t)token;
}

/* (W {V, E}, token) -> {E} */
static void forward_GATHER(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    size_t n = ip->size[i], vocab = (size_t)instr(ip, a)->dim[0];
    for (size_t b = 0; b < lanes_of(ip, i); b++)
        memcpy(value(ip, i) + b * n, value(ip, a) + token_of(ip, i, b, vocab) * n,
               n * sizeof(REAL));
}

static void backward_GATHER(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    size_t n = ip->size[i], vocab = (size_t)instr(ip, a)->dim[0];
    REAL *da = adjoint(ip, a);
    for (size_t b = 0; b < lanes_of(ip, i); b++)
        add_to(da + token_of(ip, i, b, vocab) * n, arrived(ip, i) + b * n, n);
}

/* (x {V}, token) -> {} */
static void forward_PICK(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    const REAL *x = value(ip, a);
    for (size_t b = 0; b < lanes_of(ip, i); b++)
        value(ip, i)[b] = x[b * lane_stride(ip, a) + token_of(ip, i, b, ip->size[a])];
}

static void backward_PICK(Interp *ip, int32_t i)
{
    int32_t a = operand(ip, i, 0);
    REAL *da = adjoint(ip, a);
    for (size_t b = 0; b < lanes_of(ip, i); b++)
        da[b * lane_stride(ip, a) + token_of(ip, i, b, ip->size[a])] += arrived(ip, i)[b];
}
