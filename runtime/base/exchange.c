#include "exchange.h"

#include <stdio.h>
#include <string.h>

void tl_share_equal(const tl_exchange *x, void *block, size_t size)
{
    if (!x)
        return;
    for (int32_t r = 0; r <= x->ranks; r++)
        x->start[r] = (size_t)r * size;
    x->share(x->self, block, x->start);
}

const int64_t *tl_share_numbers(const tl_exchange *x, const int64_t *number)
{
    if (!x)
        return number;
    x->word[x->rank] = *number;
    tl_share_equal(x, x->word, sizeof *x->word);
    return x->word;
}

/* One rank has all of the block. */
static void share_from(const tl_exchange *x, void *block, size_t size, int32_t rank)
{
    for (int32_t r = 0; r <= x->ranks; r++)
        x->start[r] = r > rank ? size : 0;
    x->share(x->self, block, x->start);
}

int tl_agree_on_first(const tl_exchange *x, int64_t when, tl_error *e)
{
    if (!x)
        return when == TL_NEVER ? 0 : -1;
    const int64_t *all = tl_share_numbers(x, &when);
    int32_t first = 0;
    for (int32_t r = 1; r < x->ranks; r++)
        if (all[r] < all[first])
            first = r;
    if (all[first] == TL_NEVER)
        return 0;
    share_from(x, e->text, sizeof e->text, first);
    return -1;
}

int tl_agree(const tl_exchange *x, int bad, tl_error *e)
{
    if (x && bad && x->rank > 0) {
        tl_error inner = *e;
        tl_fail(e, "in process %d of %d: %.960s", (int)x->rank + 1, (int)x->ranks, inner.text);
    }
    return tl_agree_on_first(x, bad ? tl_rank(x) : TL_NEVER, e);
}
