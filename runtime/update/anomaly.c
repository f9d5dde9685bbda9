#include "anomaly.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "finite.h"
#include "param.h"
#include "real.h"

typedef struct Search {
    const tl_model *m;
    const tl_buffers *b; /* of the shard that is looked at */
    const tl_window *w;
    uint64_t update;
    tl_error *e;
    int64_t *looked; /* how often, at all that shards have: the place of what is wrong, among processes too */
} Search;

/* ---- words ---- */

/* "FILE:LINE OP %NODE", from the end: there may be spaces in FILE. */
static int is_operation(const char *name)
{
    const char *node = strrchr(name, ' ');
    return node && node[1] == '%' && memchr(name, ' ', (size_t)(node - name));
}

static const char *word(double x) { return isnan(x) ? "NaN" : x > 0 ? "inf" : "-inf"; }

static int instrumented(const tl_model *m)
{
    return m->nprobes > 0 && is_operation(m->probes[0].name);
}

static void name_probe(const tl_tensor *probe, const char *role, char *text, size_t size)
{
    const char *name = probe->name, *node = strrchr(name, ' ');
    if (!is_operation(name)) {
        snprintf(text, size, "%s probe '%s'", role, name);
        return;
    }
    const char *op = node;
    while (op > name && op[-1] != ' ')
        op--;
    snprintf(text, size, "%s %.*s at %.*s", role, (int)(node - op), op, (int)(op - 1 - name), name);
}

static const char *advice(const Search *s)
{
    return instrumented(s->m) ? "" : "; tapeless train SPEC --anomaly finds the operation";
}

static int found_at(const Search *s, const char *what, double x, int32_t slot, size_t lane,
                    const char *more)
{
    int32_t k2 = s->m->tbptt.k2, first = s->w->first;
    return tl_fail(s->e, "update %" PRIu64 ": %s is %s in step %d of its window of %d (step %"
                   PRIu64 " of the training), lane %zu; it is the first value that is not "
                   "finite%s", s->update, what, word(x), (int)(slot - first + 1),
                   (int)(k2 - first), s->w->tick - (uint64_t)(k2 - 1 - slot), (size_t)s->b->lane + lane + 1, more);
}

/* ---- looking ---- */

static size_t find(const Search *s, const void *block, size_t at, size_t n)
{
    return tl_not_finite(s->m->real, block, at, n);
}

static int padded(const Search *s, int32_t slot, size_t lane)
{
    size_t at = (size_t)slot * (size_t)tl_lanes(&s->m->tbptt) + lane;
    return tl_real_get(s->m->real, s->b->mask, at) == 0;
}

/* The values of a tensor at a slot, [lanes][shape...] from element `at` of a block. */
static int look(const Search *s, const void *block, size_t at, size_t size, int32_t slot,
                const char *what, const char *more)
{
    size_t lanes = (size_t)tl_lanes(&s->m->tbptt);
    for (size_t lane = 0; lane < lanes; lane++) {
        size_t from = at + lane * size, i = find(s, block, from, size);
        if (i < size && !padded(s, slot, lane))
            return found_at(s, what, tl_real_get(s->m->real, block, from + i), slot, lane, more);
    }
    return 0;
}

static int look_at_params(const Search *s, const void *block, const char *what, const char *more)
{
    for (int32_t i = 0; i < s->m->nparams; i++) {
        const tl_tensor *t = &s->m->params[i];
        size_t at = tl_param_not_finite(t, s->m->real, block);
        if (at < tl_size(t))
            return tl_fail(s->e, "update %" PRIu64 ": %s %s is %s at element %zu; it is the first "
                           "value that is not finite%s", s->update, what, t->name,
                           word(tl_real_get(s->m->real, block, tl_param_at(t, at))), at, more);
    }
    return 0;
}

static int look_at_states(const Search *s, int32_t index, int32_t slot, const char *role,
                          const char *more)
{
    char what[256];
    for (int32_t i = 0; i < s->m->nstates; i++) {
        const tl_tensor *t = &s->m->states[i];
        size_t n = tl_size(t) * (size_t)tl_lanes(&s->m->tbptt);
        snprintf(what, sizeof what, "the state %s %s", t->name, role);
        if (look(s, s->b->states, t->offset + (size_t)index * n, tl_size(t), slot, what, more))
            return -1;
    }
    return 0;
}

static int look_at_inputs(const Search *s, int32_t slot)
{
    char what[256];
    for (int32_t i = 0; i < s->m->ninputs; i++) {
        const tl_tensor *t = &s->m->inputs[i];
        size_t n = tl_size(t) * (size_t)tl_lanes(&s->m->tbptt);
        snprintf(what, sizeof what, "the input%s%s", t->name[0] ? " " : "", t->name);
        if (!t->vocab && look(s, s->b->window.input[i], (size_t)slot * n, tl_size(t), slot, what, ""))
            return -1;
    }
    return 0;
}

static int look_at_probe(const Search *s, int32_t i, int32_t slot, int gradient)
{
    char what[512];
    const tl_tensor *t = &s->m->probes[i];
    size_t n = tl_size(t) * (size_t)tl_lanes(&s->m->tbptt), at = t->offset + (size_t)slot * n;
    const char *role = !gradient ? "the value of" : "the gradient that reaches";
    name_probe(t, role, what, sizeof what);
    return look(s, gradient ? s->b->probe_grads : s->b->probes, at, tl_size(t), slot, what,
                advice(s));
}

static int look_at_loss(const Search *s, int32_t slot)
{
    size_t lanes = (size_t)tl_lanes(&s->m->tbptt);
    for (size_t lane = 0; lane < lanes; lane++) {
        size_t at = (size_t)slot * lanes + lane;
        double x = tl_real_get(s->m->real, s->b->losses, at);
        if (!isfinite(x) && tl_real_get(s->m->real, s->b->weight, at) != 0)
            return found_at(s, "the loss", x, slot, lane, advice(s));
    }
    return 0;
}

static int look_forward(const Search *s, int32_t slot)
{
    if (look_at_inputs(s, slot))
        return -1;
    for (int32_t i = 0; i < s->m->nprobes; i++)
        if (look_at_probe(s, i, slot, 0))
            return -1;
    return look_at_states(s, slot + 1, slot, "after it", advice(s)) ||
           (s->w->grads && look_at_loss(s, slot));
}

static int look_back(const Search *s, int32_t slot)
{
    for (int32_t i = s->m->nprobes; i-- > 0;)
        if (look_at_probe(s, i, slot, 1))
            return -1;
    return 0;
}

/* A slot in each shard: a lane computes nothing that another reads, so any order of them is that of the first. */
static int look_in_shards(const Search *s, int (*look_at)(const Search *, int32_t slot), int32_t slot)
{
    tl_own own = tl_own_shards(s->b, s->m);
    ++*s->looked;
    for (int32_t i = own.first; i < own.end; i++) {
        Search one = *s;
        one.b = tl_shard(s->b, i);
        if (look_at(&one, slot))
            return -1;
    }
    return 0;
}

static int look_at_entering(const Search *s, int32_t slot)
{
    return look_at_states(s, slot, slot, "that enters it", "");
}

static int search(const Search *s)
{
    int32_t first = s->w->first, k2 = s->m->tbptt.k2;
    if (look_at_params(s, s->b->params, "the parameter", "") || look_in_shards(s, look_at_entering, first))
        return -1;
    for (int32_t slot = first; slot < k2; slot++)
        if (look_in_shards(s, look_forward, slot))
            return -1;
    for (int32_t slot = k2; slot-- > first && s->w->grads;)
        if (look_in_shards(s, look_back, slot))
            return -1;
    ++*s->looked;
    return s->w->grads ? look_at_params(s, s->b->grads, "the gradient of", advice(s)) : 0;
}

int tl_anomaly_check(const tl_model *m, const tl_buffers *b, const tl_window *w, uint64_t update,
                     tl_error *e)
{
    int64_t looked = 0;
    const Search s = { m, b, w, update, e, &looked };
    int bad = search(&s);
    return tl_agree_on_first(b->exchange, bad ? looked : TL_NEVER, e);
}
