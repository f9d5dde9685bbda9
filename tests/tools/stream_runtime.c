/* stream_runtime.c - the same by tl_online, of a model whose C stands on the runtime (stream_single.c).
 *
 *     stream_runtime PARAMS SIZE OFFSET...    writes first parameters there, as a block of so many in which each begins so far
 *                                             on, and prints the same */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include HEADER
#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/real.h>
#include "stream.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define OF(name) JOIN(MODEL, name)

enum { MOST = 4096 };

static void fill(const tl_model *m, void *x, void *y)
{
#ifdef TOKENS
    (void)m;
    *(int32_t *)x = stream_token(TOKENS);
    *(int32_t *)y = stream_token(TOKENS);
#else
    const size_t lanes = (size_t)m->tbptt.batch;
    for (size_t i = 0; i < lanes * tl_size(&m->inputs[0]); i++)
        tl_real_set(m->real, x, i, stream_number());
    for (size_t i = 0; i < lanes * tl_size(&m->targets[0]); i++)
        tl_real_set(m->real, y, i, 0.5 * stream_number());
#endif
}

static int write_params(const tl_online *o, const tl_model *m, char **argv)
{
    const size_t size = strtoul(argv[2], NULL, 10), real = tl_real_size(m->real);
    char *block = calloc(size, real);
    FILE *f = fopen(argv[1], "wb");
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; k < tl_size(&m->params[i]); k++)
            memcpy(block + (strtoul(argv[3 + i], NULL, 10) + k) * real,
                   tl_real_at_const(m->real, o->buffers.params, tl_param_at(&m->params[i], k)), real);
    int bad = !f || fwrite(block, real, size, f) != size || fclose(f);
    free(block);
    return bad;
}

int main(int argc, char **argv)
{
    static double in[MOST], to[MOST], out[MOST];
    const tl_engine engine = tl_generated_engine(&OF(_model));
    const tl_model *m = engine.model;
    tl_error e;
    tl_online o;
    void *memory = tl_aligned(tl_online_size(m));
    if (argc != 3 + m->nparams || tl_online_begin(&o, &engine, memory, &e) || tl_init_params(m, o.buffers.params, 3, &e) ||
        write_params(&o, m, argv))
        return 2;
    tl_online_start(&o);
    for (int t = 0; t < STREAM_STEPS; t++) {
        const void *x[] = { in }, *y[] = { to };
        void *const seen[] = { out };
        fill(m, in, to);
        if (t && stream_starts(t))
            tl_online_start(&o);
        int made = tl_online_push(&o, x, stream_counts(t) ? y : NULL, NULL, seen, &e);
        printf("%d %.9g", made, o.loss);
        for (size_t i = 0; i < (size_t)m->tbptt.batch * tl_size(&m->outputs[0]); i++)
            printf(" %.9g", tl_real_get(m->real, out, i));
        putchar('\n');
    }
    free(memory);
}
