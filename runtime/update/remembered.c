#include "remembered.h"

#include <stdio.h>

#include "optimizer.h"

void tl_remembered_save(tl_st_writer *w, const tl_training *t)
{
    const tl_model *m = t->engine->model;
    const tl_whole_record *r = &t->whole;
    char prefix[64], numbers[160];
    double *vector;
    if (!tl_is_whole_record(t->spec.optimizer.kind))
        return;
    snprintf(numbers, sizeof numbers, "%.17g %.17g %.17g %.17g", r->number[0], r->number[1], r->number[2],
             r->number[3]);
    tl_st_add_meta(w, "stop", tl_stop_word(r->stop));
    tl_st_add_meta(w, "remembered", numbers);
    for (int32_t j = 0; tl_whole_record_remembered(t, j, &vector); j++)
        for (int32_t i = 0; i < m->nparams; i++) {
            snprintf(prefix, sizeof prefix, "optim.%d.", (int)j + 1);
            tl_st_add_param(w, prefix, &m->params[i], TL_F64, vector);
        }
    for (int32_t i = 0; r->best && i < m->nparams; i++)
        tl_st_add_param(w, "optim.best.", &m->params[i], m->real, r->best);
}

/* The numbers say how many vectors there are. */
static int take_numbers(const tl_st *st, tl_training *t, tl_error *e)
{
    tl_whole_record *r = &t->whole;
    double *n = r->number;
    const char *text = tl_st_meta(st, "remembered");
    if (!text || sscanf(text, "%lf %lf %lf %lf", &n[0], &n[1], &n[2], &n[3]) != TL_WHOLE_NUMBERS ||
        !tl_whole_record_fits(t))
        return tl_fail(e, "%s: what it says its optimizer remembers, '%.100s', is not what %s could", tl_st_label(st),
                       text ? text : "", tl_optimizer_name(t->spec.optimizer.kind));
    r->stop = tl_stop_of_word(tl_st_meta(st, "stop"));
    return 0;
}

static int take_vector(const tl_st *st, const tl_model *m, const char *prefix, tl_type real, void *block, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_st_tensor *x = tl_st_need_like(st, prefix, &m->params[i], e);
        if (!x || tl_st_copy_param(st, x, &m->params[i], real, block, e))
            return -1;
    }
    return 0;
}

/* Whether there are parameters beside the training's own, with which the held-out loss was lowest. */
static int has_best(const tl_st *st, const tl_model *m)
{
    char name[512];
    snprintf(name, sizeof name, "optim.best.%s", m->nparams ? m->params[0].name : "");
    return tl_st_find(st, name) != NULL;
}

int tl_remembered_take(const tl_st *st, tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    char prefix[64];
    double *vector;
    if (!tl_is_whole_record(t->spec.optimizer.kind))
        return 0;
    t->whole.known = 0;
    if (take_numbers(st, t, e))
        return -1;
    for (int32_t j = 0; tl_whole_record_remembered(t, j, &vector); j++) {
        snprintf(prefix, sizeof prefix, "optim.%d.", (int)j + 1);
        if (take_vector(st, m, prefix, TL_F64, vector, e))
            return -1;
    }
    return 0;
}

int tl_remembered_take_best(const tl_st *st, tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    if (!t->whole.best)
        return 1;
    if (has_best(st, m))
        return take_vector(st, m, "optim.best.", m->real, t->whole.best, e) ? -1 : 1;
    tl_whole_record_keep(t);
    return 0;
}
