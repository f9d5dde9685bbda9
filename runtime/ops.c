#include "ops.h"

const tl_op_info tl_op_table[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = { word, nargs, TL_##kind },
    TL_OPS(X)
#undef X
};
