#include "ops.h"

const tl_op_info tl_op_table[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = { word, nargs, TL_##kind },
    TL_OPS(X)
#undef X
};

const tl_kind_info tl_kind_table[TL_KIND_COUNT] = {
#define X(KIND, computed, stands, token) { computed, stands, token },
    TL_KINDS(X)
#undef X
};

int32_t tl_patch_places(int32_t size, int32_t window, int32_t step, int32_t padding)
{
    int64_t padded = size + 2 * (int64_t)padding;
    if (size < 1 || window < 1 || step < 1 || padding < 0 || padded > 1 << 28 || padded < window)
        return 0;
    return (int32_t)((padded - window) / step + 1);
}
