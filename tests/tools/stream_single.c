/* stream_single.c - learns a stream by code that stands alone; -DMODEL=lstm -DHEADER='"lstm.h"', of one input, target and output
 * without names; -DTOKENS where they are tokens, -DOUTPUTS numbers put out.
 *
 *     stream_single PARAMS    reals as the params block has them; prints what each push returns, the loss and the outputs */
#include <stdio.h>
#include <stdlib.h>

#include HEADER
#include "stream.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define OF(name) JOIN(MODEL, name)

static OF(_learner) learner;
static OF(_real) params[sizeof learner.params / sizeof *learner.params];

static void fill(OF(_input) *x, OF(_target) *y)
{
#ifdef TOKENS
    x->x[0] = stream_token(TOKENS);
    y->y[0] = stream_token(TOKENS);
#else
    for (size_t i = 0; i < sizeof x->x / sizeof *x->x; i++)
        x->x[i] = (OF(_real))stream_number();
    for (size_t i = 0; i < sizeof y->y / sizeof *y->y; i++)
        y->y[i] = (OF(_real))(0.5 * stream_number());
#endif
}

int main(int argc, char **argv)
{
    FILE *f = fopen(argc > 1 ? argv[1] : "", "rb");
    if (!f || fread(params, sizeof *params, sizeof params / sizeof *params, f) != sizeof params / sizeof *params)
        return 2;
    fclose(f);
    OF(_init)(&learner, params);
    for (int t = 0; t < STREAM_STEPS; t++) {
        OF(_input) x;
        OF(_target) y;
        OF(_output) out;
        fill(&x, &y);
        if (t && stream_starts(t))
            OF(_begin)(&learner);
        int made = OF(_push)(&learner, &x, stream_counts(t) ? &y : NULL, &out);
        printf("%d %.9g", made, (double)learner.loss);
        for (size_t i = 0; i < sizeof out.y / sizeof *out.y; i++)
            printf(" %.9g", (double)out.y[i]);
        putchar('\n');
    }
}
