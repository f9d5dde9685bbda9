#include "lm.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "blas.h"
#include "training.h"

/* ---- memory ---- */

static const double share = 0.75; /* of the machine's memory */

int tl_lm_check(const tl_training *t, tl_error *e)
{
    const double n = (double)tl_gauss_newton_columns(t->engine->model), bytes = 3 * n * n * sizeof(double);
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    if (!(memory > 0) || bytes <= share * memory)
        return 0;
    return tl_fail(e, "%s: %s solves for all of %.0f parameters at once: its matrices would need %.3g GB, and this machine has "
                   "%.3g; lbfgs needs a few vectors", t->engine->model->name, tl_optimizer_name(t->spec.optimizer.kind), n,
                   bytes / 1e9, memory / 1e9);
}

/* ---- rank ---- */

static double l2_of(const tl_training *t, const tl_tensor *p)
{
    return p->rule ? t->spec.optimizer.l2 * p->rule->weight_decay : t->spec.optimizer.l2;
}

/* H to s->factor, which is free between iterations, and its diagonal to s->moved, likewise. */
static void copy_matrix(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    const tl_model *m = t->engine->model;
    const size_t n = s->normal.n;
    size_t i = 0;
    for (int32_t p = 0; p < m->nparams; p++)
        for (size_t k = 0; tl_is_trained(&m->params[p]) && k < tl_size(&m->params[p]); k++, i++) {
            for (size_t j = 0; j <= i; j++)
                s->factor[i * n + j] = s->scale * s->normal.matrix[i * n + j];
            s->factor[i * n + i] += l2_of(t, &m->params[p]);
            s->moved[i] = s->factor[i * n + i];
        }
}

static const tl_tensor *param_of(const tl_model *m, size_t i)
{
    int32_t p = 0;
    for (;; p++) {
        size_t n = tl_is_trained(&m->params[p]) ? tl_size(&m->params[p]) : 0;
        if (i < n)
            return &m->params[p];
        i -= n;
    }
}

/* The first element whose pivot is nothing but rounding; n: there is none. */
static size_t lost_pivot(tl_lm *s)
{
    const size_t n = s->normal.n;
    const int order = (int)n;
    int info = 0;
    tl_dpotrf("U", &order, s->factor, &order, &info);
    const size_t done = info > 0 ? (size_t)info - 1 : n;
    for (size_t i = 0; i < done; i++)
        if (s->factor[i * n + i] * s->factor[i * n + i] <= 1e-14 * (double)n * s->moved[i])
            return i;
    return done;
}

tl_lm_rank tl_lm_find_rank(tl_training *t, const tl_tensor **of)
{
    tl_lm *s = &t->whole.lm;
    const size_t n = s->normal.n;
    if (!n)
        return TL_LM_FULL;
    copy_matrix(t);
    for (size_t i = 0; i < n; i++)
        if (s->moved[i] == 0) {
            *of = param_of(t->engine->model, i);
            return TL_LM_IDLE;
        }
    const size_t lost = lost_pivot(s);
    *of = lost < n ? param_of(t->engine->model, lost) : NULL;
    return lost < n ? TL_LM_DEPENDENT : TL_LM_FULL;
}
