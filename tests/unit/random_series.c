#include "random_series.h"

#include <stdlib.h>

#include <tapeless/random.h>
#include <tapeless/real.h>

static void fill(const tl_tensor *field, int32_t n, void **to, size_t examples, tl_random *r)
{
    for (int32_t i = 0; i < n; i++)
        for (size_t j = 0; j < examples * tl_size(&field[i]); j++)
            if (field[i].vocab)
                ((int32_t *)to[i])[j] = (int32_t)(tl_uniform(r) * field[i].vocab);
            else
                tl_real_set(field[i].type, to[i], j, tl_normal(r));
}

void random_series_new(random_series *r, const tl_model *m, size_t steps, uint64_t seed)
{
    tl_error e;
    tl_random g = { seed, 0 };
    size_t batch = (size_t)m->tbptt.batch;
    if (!tl_examples_new(&r->x, m, steps, batch) ||
        tl_series_cut(&r->s, m, &r->x, 0, steps, batch, "random", &e))
        abort();
    fill(m->inputs, m->ninputs, r->x.input, steps * batch, &g);
    fill(m->targets, m->ntargets, r->x.target, steps * batch, &g);
}

void random_series_free(random_series *r)
{
    tl_examples_free(&r->x);
}
