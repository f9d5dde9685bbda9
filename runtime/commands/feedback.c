#include "feedback.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prediction.h"
#include "real.h"
#include "table.h"

/* The target column of that name, or SIZE_MAX. */
static size_t source_of(const tl_coding *c, const char *name)
{
    for (size_t j = tl_table_first(c, 1, 0); j < c->ncolumns; j++)
        if (strcmp(c->column[j].name, name) == 0)
            return j;
    return SIZE_MAX;
}

static int check_source(const tl_model *m, const tl_coding *c, size_t source, const char *option, tl_error *e)
{
    const tl_column *k = &c->column[source];
    if (c->ahead != 1)
        return tl_fail(e, "%s: the model predicts %lld rows ahead; feeding predictions of '%s' back "
                       "needs --ahead 1 in training, and --ahead 1-N predicts N rows without", option, (long long)c->ahead, k->name);
    if (tl_predictor_of(m, k->field) < 0)
        return tl_fail(e, "%s: no output has the name and shape of the target '%s', so it is not predicted", option, k->name);
    return 0;
}

int tl_feedback_none(tl_feedback *f, const tl_coding *c, tl_error *e)
{
    *f = (tl_feedback){ .source = calloc(c->ncolumns + 1, sizeof *f->source), .fed = calloc(c->ncolumns + 1, sizeof *f->fed) };
    return f->source && f->fed ? 0 : tl_fail(e, "out of memory");
}

int tl_feedback_new(tl_feedback *f, const tl_model *m, const tl_coding *c, const char *option, tl_error *e)
{
    if (tl_feedback_none(f, c, e))
        return -1;
    if (c->ahead < 0)
        return tl_fail(e, "%s: the model says of each row what those behind it decide, %lld of them, and nothing of rows to come", option,
                       (long long)-c->ahead);
    for (size_t i = 0; i < c->ncolumns && !c->column[i].target; i++) {
        f->source[i] = source_of(c, c->column[i].name);
        f->fed[i] = f->source[i] != SIZE_MAX;
        f->columns += f->fed[i] && !c->column[i].indicator;
        if (f->fed[i] && !c->beyond && check_source(m, c, f->source[i], option, e))
            return -1;
    }
    return 0;
}

void tl_feedback_free(tl_feedback *f)
{
    free(f->source);
    free(f->fed);
    *f = (tl_feedback){ 0 };
}

/* What is predicted is not missing. */
void tl_feedback_put(const tl_feedback *f, const tl_coding *c, const double *value, tl_stepper *s)
{
    const tl_model *m = s->engine->model;
    size_t k = 0;
    for (int32_t i = 0; i < m->ninputs; i++)
        for (size_t at = 0, n = tl_size(&m->inputs[i]); at < n; at++, k++) {
            if (!f->fed[k])
                continue;
            double x = c->column[k].indicator ? 0 : value[f->source[k]];
            if (m->inputs[i].vocab)
                ((int32_t *)s->input[i])[0] = (int32_t)x;
            else
                tl_real_set(m->real, s->input[i], at, (x - c->mean[k]) / c->sd[k]);
        }
}

const char *tl_feedback_known(const tl_feedback *f, const tl_coding *c, int timed, char *text, size_t size)
{
    size_t n = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->ncolumns && !c->column[i].target; i++)
        if (!f->fed[i] && !c->column[i].indicator && n < size && !(timed && tl_calendar_has(c->calendar, c->column[i].name)))
            n += (size_t)snprintf(text + n, size - n, "%s'%s'", n ? ", " : "", c->column[i].name);
    return text;
}
