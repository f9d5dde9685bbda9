/* Generates text: each token is drawn from softmax(logits / temperature) and fed back. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "random.h"
#include "real.h"
#include "stepper.h"
#include "text.h"
#include "weights.h"

typedef struct Options {
    const char *checkpoint, *prime;
    int64_t length, seed;
    double temperature;
} Options;

/* One token in, the logits of one token out. */
static int check_model(const tl_model *m, tl_error *e)
{
    if (m->ninputs == 1 && m->inputs[0].vocab > 0 && tl_size(&m->inputs[0]) == 1 &&
        m->noutputs == 1 && tl_size(&m->outputs[0]) == (size_t)m->inputs[0].vocab)
        return 0;
    return tl_fail(e, "%s does not generate: sampling needs a model that reads one token and puts "
                   "out a score for each", m->name);
}

/* The token to which a number u in [0, 1) leads, of the first n. p is [n], for working in. */
static int32_t draw(tl_type real, const void *logits, size_t n, double temperature, double u,
                    double *p)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (tl_real_get(real, logits, i) > tl_real_get(real, logits, best))
            best = i;
    if (temperature == 0)
        return (int32_t)best;
    double most = tl_real_get(real, logits, best), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i] = exp((tl_real_get(real, logits, i) - most) / temperature);
    for (size_t i = 0; i < n; i++)
        if ((u -= p[i] / sum) < 0)
            return (int32_t)i;
    return (int32_t)best; /* rounding used up u at the very end */
}

static void print_token(const tl_coding *c, int32_t before, int32_t token)
{
    if (c->kind == TL_CODING_TEXT)
        tl_text_print(c, before, token, stdout);
    else
        printf("%d ", (int)token);
}

/* Those that may be drawn: <other> is no word. */
static size_t drawn_from(const tl_coding *c, const tl_model *m)
{
    return c->kind == TL_CODING_TEXT ? tl_coding_tokens(c) - (size_t)c->other : (size_t)m->inputs[0].vocab;
}

/* The tokens that are fed before the first is drawn. Where nothing is given, a new line: what
 * follows it is how lines begin. */
static int32_t *prime_tokens(const tl_coding *c, const Options *o, size_t *count, tl_error *e)
{
    if (o->prime && c->kind != TL_CODING_TEXT) {
        tl_fail(e, "--prime: the checkpoint has no vocabulary to read the text with");
        return NULL;
    }
    if (o->prime && *o->prime)
        return tl_text_tokens(c, "--prime", o->prime, strlen(o->prime), count, e);
    int32_t *one = malloc(sizeof *one);
    if (!one) {
        tl_fail(e, "out of memory");
        return NULL;
    }
    *one = tl_text_newline(c);
    *count = 1;
    return one;
}

static void generate(tl_stepper *s, const tl_coding *c, const Options *o, const int32_t *prime,
                     size_t count, double *p)
{
    const tl_model *m = s->engine->model;
    const size_t n = drawn_from(c, m);
    int32_t before = -1;
    tl_random r = { tl_random_seed_of((uint64_t)o->seed, "sample"), 0 };
    int32_t *token = s->input[0];
    for (size_t i = 0; i < count; i++) {
        *token = prime[i];
        tl_stepper_step(s, 0);
        if (o->prime && *o->prime)
            print_token(c, before, prime[i]);
        before = prime[i];
    }
    for (int64_t i = 0; i < o->length; i++) {
        *token = draw(m->real, s->output[0], n, o->temperature, tl_uniform(&r), p);
        print_token(c, before, *token);
        before = *token;
        if (i + 1 < o->length)
            tl_stepper_step(s, 0);
    }
    putchar('\n');
    fflush(stdout);
}

static int check_prime(const tl_model *m, size_t count, tl_error *e)
{
    if (!m->has_head || count >= (size_t)m->tbptt.k2)
        return 0;
    return tl_fail(e, "the model's window looks at k2 = %d tokens: give at least as many with --prime",
                   (int)m->tbptt.k2);
}

static int sample_from(const tl_engine *engine, const Options *o, const tl_weights *w,
                       tl_error *e)
{
    size_t count;
    tl_stepper s = { 0 };
    int32_t *prime = prime_tokens(&w->coding, o, &count, e);
    if (!prime)
        return -1;
    int bad = check_prime(engine->model, count, e) || tl_stepper_new(&s, engine, w->params, 1, e);
    double *p = calloc((size_t)engine->model->inputs[0].vocab, sizeof *p);
    if (!bad && !p)
        bad = tl_fail(e, "out of memory");
    else if (!bad)
        generate(&s, &w->coding, o, prime, count, p);
    if (s.engine)
        tl_stepper_free(&s);
    free(p);
    free(prime);
    return bad;
}

static int sample(const tl_engine *engine, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    char text[512];
    tl_weights w;
    if (check_model(m, e) ||
        tl_weights_open(&w, m, tl_checkpoint_path(m, o->checkpoint, text, sizeof text), e))
        return -1;
    int bad = sample_from(engine, o, &w, e);
    tl_weights_free(&w);
    return bad;
}

#define SAMPLE_TABLE(o)                                                                           \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_INT("length", 'l', &(o).length, "N", 0, TL_INT_MAX, "tokens to generate: characters, words or bytes"),         \
        TL_DOUBLE("temperature", 't', &(o).temperature, "X", 0, 1e6,                              \
                  "below 1 more cautious, 0 always the likeliest"),                               \
        TL_TEXT("prime", 0, &(o).prime, "TEXT", "begin with this"),                           \
        TL_INT("seed", 's', &(o).seed, "N", 0, TL_INT_MAX, "of what is drawn"),                   \
        TL_END,                                                                                   \
    }

static Options defaults(void)
{
    return (Options){ .length = 500, .seed = 1, .temperature = 1 };
}

int tl_sample_table(tl_see_table *see, void *context)
{
    Options o = defaults();
    const tl_option table[] = SAMPLE_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_sample(const tl_engine *engine, int argc, char **argv)
{
    Options o = defaults();
    const tl_option table[] = SAMPLE_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "sample", "",
                                         "Generates text.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = sample(engine, &o, &e) ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG)
                                        : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}
