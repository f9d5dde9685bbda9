/* online.c - a stream that learns the model's own parameters. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/online.h>
#include <tapeless/settings.h>

#include "native.h"

struct tlp_online {
    tl_online o;
    tl_engine engine;
    void *memory;
};

static int begin(tlp_online *s, tlp_model *model, const char *text, tl_error *e)
{
    tl_settings settings = { 0 };
    const size_t size = tl_online_size(model->m);
    s->engine = model->library->engine;
    s->memory = size ? tl_aligned(size) : NULL;
    if (!s->memory)
        return tl_fail(e, "%s: no memory for a stream", model->m->name);
    if (tl_online_begin(&s->o, &s->engine, s->memory, e) || tl_settings_read(&settings, text, e) ||
        tl_settings_apply(&settings, &s->o.spec, e))
        return -1;
    if (s->o.spec.accumulate != model->m->train.accumulate)
        return tl_fail(e, "%s: a stream accumulates as many windows as the model was compiled for; compile it with "
                       "settings={\"train.accumulate\": %lld}", model->m->name, (long long)s->o.spec.accumulate);
    if ((s->o.spec.average > 0) != (model->m->train.average > 0))
        return tl_fail(e, "%s: a stream keeps an average if the model was compiled for one; compile it with "
                       "settings={\"train.average\": %g}", model->m->name, s->o.spec.average);
    if (s->o.spec.optimizer.kind != model->m->train.optimizer.kind)
        return tl_fail(e, "%s: a stream has the optimizer that the model was compiled with; compile it with another",
                       model->m->name);
    return 0;
}

tlp_online *tlp_online_new(tlp_model *model, const char *settings, uint64_t seed, uint64_t run, tl_error *e)
{
    tlp_online *s = calloc(1, sizeof *s);
    if (!s)
        tl_fail(e, "out of memory");
    if (!s || begin(s, model, settings, e)) {
        tlp_online_free(s);
        return NULL;
    }
    s->o.seed = seed;
    s->o.run = run;
    tlp_share_params(&s->o.buffers, model->m, model->params);
    tl_online_start(&s->o);
    return s;
}

void tlp_online_free(tlp_online *s)
{
    if (s)
        free(s->memory);
    free(s);
}

int tlp_online_step(tlp_online *s, void *const *input, void *const *target, const void *reset, const void *mask,
                    const void *weight, void *const *output, int32_t frozen, tl_error *e)
{
    const tl_sample x = { .input = (const void *const *)input, .target = (const void *const *)target, .output = output,
                          .reset = reset, .mask = mask, .weight = weight };
    s->o.frozen = frozen;
    s->o.optimizer.bounds.known = 0; /* whoever has the parameters may have written them */
    return tl_online_push_sample(&s->o, &x, e);
}

void tlp_online_told(const tlp_online *s, tlp_told *t)
{
    *t = (tlp_told){ s->o.steps, s->o.updates, s->o.loss, s->o.norm, s->o.lr, s->o.length };
}

void tlp_online_restart(tlp_online *s) { tl_online_start(&s->o); }

void tlp_online_average(const tlp_online *s, tlp_model *to) { tl_online_average(&s->o, to->params); }

int32_t tlp_online_validated(tlp_online *s, double loss)
{
    return tl_plateau_note(&s->o.plateau, &s->o.spec.schedule, s->o.updates, loss);
}

const void *tlp_online_losses(const tlp_online *s) { return s->o.losses; }

const void *tlp_online_named(const tlp_online *s) { return s->o.named; }

const void *tlp_online_probe(const tlp_online *s, const char *name, int32_t back, int32_t gradient)
{
    return gradient ? tl_online_probe_grad(&s->o, name, back) : tl_online_probe(&s->o, name, back);
}
