#include "quantiles.h"

#include <math.h>
#include <stdio.h>

#include "fit.h"
#include "grid.h"
#include "prediction.h"
#include "report.h"

enum { MOST_LEVELS = 99 }; /* as quantile in a spec */

/* Sums over the steps; divided by the weight in the end. */
typedef struct Quantiles {
    tl_fit_target t;
    const double *level;
    size_t n;
    double weight, covered, width, crossed, below[MOST_LEVELS], pinball[MOST_LEVELS], all;
} Quantiles;

static void add(Quantiles *q, double w, double truth, const double *said)
{
    int crossed = 0;
    q->weight += w;
    for (size_t k = 0; k < q->n; k++) {
        double y = said[k] * q->t.sd + q->t.mean, e = truth - y;
        q->below[k] += truth <= y ? w : 0;
        q->pinball[k] += w * fmax(q->level[k] * e, (q->level[k] - 1) * e);
        crossed |= k > 0 && said[k] < said[k - 1];
    }
    double low = said[0] * q->t.sd + q->t.mean, high = said[q->n - 1] * q->t.sd + q->t.mean;
    q->covered += truth >= low && truth <= high ? w : 0;
    q->width += w * (high - low);
    q->crossed += crossed ? w : 0;
}

static void sum(Quantiles *q, const tl_recorded *r)
{
    const size_t elements = tl_size(&r->m->targets[q->t.field]);
    for (size_t i = 0; i < r->examples; i++)
        if (r->weight[i] > 0)
            add(q, r->weight[i], tl_recorded_truth(r, i, q->t.field, q->t.at) * q->t.sd + q->t.mean,
                tl_recorded_said(r, i, q->t.field) + elements + q->t.at * q->n);
    for (size_t k = 0; k < q->n; k++) {
        q->below[k] /= q->weight;
        q->pinball[k] /= q->weight;
        q->all += q->pinball[k] / (double)q->n;
    }
    q->covered /= q->weight;
    q->width /= q->weight;
    q->crossed /= q->weight;
}

/* The next target of which there are quantiles, from { .t.field = -1 } on. */
static int next(Quantiles *q, const tl_recorded *r, const tl_coding *c)
{
    tl_fit_target t = q->t;
    while (tl_fit_next(&t, r->m, c)) {
        const tl_tensor *output = &r->m->outputs[t.output];
        size_t n = tl_quantiles(output);
        *q = (Quantiles){ .t = t, .level = output->values, .n = n };
        if (!n || n > MOST_LEVELS)
            continue;
        sum(q, r);
        return 1;
    }
    return 0;
}

static void report_line(json_t *j, const Quantiles *q)
{
    char key[300], text[300], crossed[80] = "";
    snprintf(key, sizeof key, "quantiles of %.200s", q->t.name);
    if (q->crossed > 0)
        snprintf(crossed, sizeof crossed, "; crossed at %.4g of the steps", q->crossed);
    if (q->n > 1)
        snprintf(text, sizeof text, "%.6g of the steps from %g to %g, %.6g is meant; mean width %.6g; pinball %.6g%s", q->covered, q->level[0],
                 q->level[q->n - 1], q->level[q->n - 1] - q->level[0], q->width, q->all, crossed);
    else
        snprintf(text, sizeof text, "%.6g of the steps below %g; pinball %.6g", q->below[0], q->level[0], q->all);
    tl_report_text(j, key, text);
}

static json_t *quantiles_json(const Quantiles *q)
{
    json_t *j = json_pack("{s:s}", "name", q->t.name), *list = json_array();
    for (size_t k = 0; k < q->n; k++) {
        json_t *level = json_object();
        tl_report_number(level, "level", q->level[k]);
        tl_report_number(level, "below", q->below[k]);
        tl_report_number(level, "pinball", q->pinball[k]);
        json_array_append_new(list, level);
    }
    json_object_set_new(j, "levels", list);
    tl_report_number(j, "pinball", q->all);
    tl_report_number(j, "meant", q->level[q->n - 1] - q->level[0]);
    tl_report_number(j, "coverage", q->covered);
    tl_report_number(j, "width", q->width);
    tl_report_number(j, "crossed", q->crossed);
    return j;
}

void tl_quantiles_report(json_t *j, const tl_recorded *r, const tl_coding *c, int json)
{
    json_t *list = NULL;
    for (Quantiles q = { .t = { .field = -1 } }; next(&q, r, c);)
        if (!json)
            report_line(j, &q);
        else if (json_array_append_new(list = list ? list : json_array(), quantiles_json(&q)))
            break;
    if (list)
        json_object_set_new(j, "quantiles", list);
}

void tl_quantiles_print(const tl_recorded *r, const tl_coding *c)
{
    for (Quantiles q = { .t = { .field = -1 } }; next(&q, r, c);) {
        tl_grid g = { .columns = 3 };
        tl_grid_add(&g, "%s, level", q.t.name);
        tl_grid_add(&g, "steps below");
        tl_grid_add(&g, "pinball");
        for (size_t k = 0; k < q.n; k++) {
            tl_grid_add(&g, "%g", q.level[k]);
            tl_grid_number(&g, q.below[k]);
            tl_grid_number(&g, q.pinball[k]);
        }
        putchar('\n');
        tl_grid_print(&g);
    }
}
