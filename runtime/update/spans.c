#include "spans.h"

/* Whether `next` goes on where the span ends, and is treated alike. */
static int continues(const tl_span *s, const tl_tensor *next)
{
    return !s->of->rule && !next->rule && s->at + s->n == next->offset;
}

tl_spans tl_spans_over(const tl_model *m, tl_span *memory)
{
    tl_span *last = NULL;
    int32_t count = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        size_t n = tl_param_extent(t);
        if (n && last && continues(last, t)) {
            last->n += n;
        } else if (n && tl_is_trained(t)) {
            last = &memory[count++];
            *last = (tl_span){ t, t->offset, n };
        }
    }
    return (tl_spans){ m->real, count, memory };
}
