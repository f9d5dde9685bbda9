#include "classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "prediction.h"
#include "report.h"
#include "table.h"
#include "text.h"

enum { TOP = 5, MOST_IN_MATRIX = 1024, MOST_FOR_PEOPLE = 24, FEW = 12 };

/* ---- the area under the curve ---- */

typedef struct Scored {
    double score, positive, negative; /* weights */
} Scored;

static int lowest_first(const void *a, const void *b)
{
    const Scored *x = a, *y = b;
    return (x->score > y->score) - (x->score < y->score);
}

/* As high but for rounding: a sum of the same numbers in another order. */
static int are_tied(double low, double high) { return !(high > low + 1e-12 * fabs(low)); }

/* By the ranks of the scores (H. Mann & D. Whitney, 1947), which it sorts. */
static double area(Scored *s, size_t n)
{
    double below = 0, sum = 0, positives = 0;
    qsort(s, n, sizeof *s, lowest_first);
    for (size_t i = 0, k; i < n; i = k) {
        double positive = 0, negative = 0;
        for (k = i; k < n && are_tied(s[i].score, s[k].score); k++) {
            positive += s[k].positive;
            negative += s[k].negative;
        }
        sum += positive * (below + negative / 2);
        below += negative;
        positives += positive;
    }
    return positives > 0 && below > 0 ? sum / (positives * below) : NAN;
}

/* ---- sums over the steps ---- */

static double score_at(const tl_classes *c, const tl_recorded *r, size_t example, int32_t k)
{
    const double *said = tl_recorded_said(r, example, c->target);
    return c->token ? said[TL_SAID_CLASSES + k] : said[c->element];
}

/* Of class k against the rest; `s` has room for all steps. */
static double area_of(const tl_classes *c, const tl_recorded *r, int32_t k, Scored *s)
{
    size_t n = 0;
    for (size_t i = 0; i < r->examples; i++) {
        const double w = r->weight[i], truth = w > 0 ? tl_recorded_truth(r, i, c->target, c->element) : 0;
        const double positive = c->token ? truth == k : truth;
        if (w > 0)
            s[n++] = (Scored){ score_at(c, r, i, k), w * positive, w * (1 - positive) };
    }
    return area(s, n);
}

static int find_area(tl_classes *c, const tl_recorded *r, tl_error *e)
{
    Scored *s;
    double sum = 0;
    size_t n = 0;
    c->auc = NAN;
    if (c->token && !r->classes[c->target])
        return 0;
    if (!(s = calloc(r->examples + 1, sizeof *s)))
        return tl_fail(e, "%s: no memory for the AUC of %zu steps", r->m->name, r->examples);
    for (int32_t k = c->n == 2; k < c->n; k++) { /* of two classes the second alone */
        double a = area_of(c, r, k, s);
        sum += isnan(a) ? 0 : a;
        n += !isnan(a);
    }
    c->auc = n ? sum / (double)n : NAN;
    free(s);
    return 0;
}

static void add(tl_classes *c, size_t truth, size_t said, double w)
{
    c->weight += w;
    c->each[truth].truth += w;
    c->each[said].said += w;
    if (truth == said)
        c->each[truth].hit += w;
    if (c->confusion)
        c->confusion[truth * (size_t)c->n + said] += w;
}

/* log p where it is finite: what is certain and wrong costs no more than the smallest double. */
static double log_of(double p) { return log(p > 1e-300 ? p : 1e-300); }

static void add_step(tl_classes *c, const tl_recorded *r, size_t example)
{
    const double *said = tl_recorded_said(r, example, c->target), w = r->weight[example];
    const double truth = tl_recorded_truth(r, example, c->target, c->element);
    if (c->token) {
        add(c, (size_t)truth, (size_t)said[TL_SAID_TOKEN], w);
        c->log_loss -= w * said[TL_SAID_LOG];
        c->top += said[TL_SAID_RANK] < TOP ? w : 0;
        return;
    }
    const double p = said[c->element];
    add(c, truth >= 0.5, p >= 0.5, w);
    c->brier += w * (p - truth) * (p - truth);
    c->log_loss -= w * ((truth > 0 ? truth * log_of(p) : 0) + (truth < 1 ? (1 - truth) * log_of(1 - p) : 0));
}

static int gather(tl_classes *c, const tl_recorded *r, int confusion, tl_error *e)
{
    const size_t n = (size_t)c->n;
    if (confusion && c->n > MOST_IN_MATRIX)
        return tl_fail(e, "%d classes make a confusion matrix that nobody reads; it takes at most %d", (int)c->n,
                       MOST_IN_MATRIX);
    c->each = calloc(n, sizeof *c->each);
    c->confusion = confusion ? calloc(n * n, sizeof *c->confusion) : NULL;
    if (!c->each || (confusion && !c->confusion))
        return tl_fail(e, "%s: no memory for %d classes", r->m->name, (int)c->n);
    for (size_t i = 0; i < r->examples; i++)
        if (r->weight[i] > 0)
            add_step(c, r, i);
    c->log_loss /= c->weight;
    c->brier = c->token ? NAN : c->brier / c->weight;
    c->top = c->token && c->n > 2 * TOP ? c->top / c->weight : NAN;
    return find_area(c, r, e);
}

static int are_classes(const tl_recorded *r, int32_t target)
{
    const tl_tensor *t = &r->m->targets[target];
    int32_t output = r->output[target];
    return output >= 0 && (t->vocab || (t->scale == TL_SCALE_PROBABILITY && r->m->outputs[output].scale == TL_SCALE_LOGIT));
}

static int append(tl_class_list *l, const tl_recorded *r, int32_t target, size_t element, int confusion, tl_error *e)
{
    int token = r->m->targets[target].vocab > 0;
    tl_classes *more = reallocarray(l->item, l->n + 1, sizeof *more);
    if (!more)
        return tl_fail(e, "%s: out of memory", r->m->name);
    l->item = more;
    l->item[l->n] = (tl_classes){ target, token ? r->m->targets[target].vocab : 2, element, token, .auc = NAN };
    return gather(&l->item[l->n++], r, confusion, e);
}

int tl_class_list_new(tl_class_list *l, const tl_recorded *r, int confusion, tl_error *e)
{
    *l = (tl_class_list){ 0 };
    for (int32_t i = 0; i < r->m->ntargets; i++)
        for (size_t k = 0, n = r->m->targets[i].vocab ? 1 : tl_size(&r->m->targets[i]); k < n && are_classes(r, i); k++)
            if (append(l, r, i, k, confusion, e))
                return -1;
    return !confusion || l->n ? 0 : tl_fail(e, "%s has no target of classes that an output predicts", r->m->name);
}

void tl_class_list_free(tl_class_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->item[i].each);
        free(l->item[i].confusion);
    }
    free(l->item);
    *l = (tl_class_list){ 0 };
}

const tl_classes *tl_class_list_find(const tl_class_list *l, int32_t target, size_t element)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->item[i].target == target && l->item[i].element == element)
            return &l->item[i];
    return NULL;
}

/* ---- figures ---- */

static double part(double of, double all) { return all > 0 ? of / all : 0; }

double tl_precision(const tl_class *c) { return part(c->hit, c->said); }
double tl_recall(const tl_class *c) { return part(c->hit, c->truth); }
double tl_f1(const tl_class *c) { return part(2 * c->hit, c->said + c->truth); }

double tl_classes_accuracy(const tl_classes *c)
{
    double hits = 0;
    for (int32_t k = 0; k < c->n; k++)
        hits += c->each[k].hit;
    return hits / c->weight;
}

int tl_class_occurs(const tl_class *c) { return c->truth > 0 || c->said > 0; }

double tl_classes_macro_f1(const tl_classes *c)
{
    double sum = 0, n = 0;
    for (int32_t k = 0; k < c->n; k++) {
        sum += tl_f1(&c->each[k]);
        n += tl_class_occurs(&c->each[k]);
    }
    return sum / n;
}

double tl_classes_commonest(const tl_classes *c)
{
    double most = 0;
    for (int32_t k = 0; k < c->n; k++)
        most = c->each[k].truth > most ? c->each[k].truth : most;
    return most / c->weight;
}

/* ---- for people ---- */

const char *tl_class_name(const tl_coding *c, const tl_classes *of, int32_t k, char *text, size_t size)
{
    const char *word = c->kind == TL_CODING_TABLE && of->token ? tl_column_word(&c->column[tl_table_first(c, 1, of->target)], k) : NULL;
    if (word) {
        snprintf(text, size, "%s", word);
        return text;
    }
    if (c->kind == TL_CODING_TEXT && (size_t)k < tl_coding_tokens(c))
        return tl_text_token_name(c, k, text, size);
    snprintf(text, size, "%d", (int)k);
    return text;
}

static void say(char *text, size_t size, const char *what, double x)
{
    size_t n = strlen(text);
    if (isfinite(x) && n < size)
        snprintf(text + n, size - n, "%s%s %.6g", n ? ", " : "", what, x);
}

void tl_classes_describe(const tl_classes *c, char *text, size_t size)
{
    text[0] = 0;
    if (!c->token)
        say(text, size, "accuracy", tl_classes_accuracy(c));
    say(text, size, c->token ? "macro F1" : "F1", c->token ? tl_classes_macro_f1(c) : tl_f1(&c->each[1]));
    say(text, size, "AUC", c->auc);
    say(text, size, "Brier", c->brier);
    say(text, size, "among the first 5", c->top);
    say(text, size, c->token ? "perplexity" : "log loss", c->token ? exp(c->log_loss) : c->log_loss);
    say(text, size, "always the commonest is right", tl_classes_commonest(c));
}

static size_t occurring(const tl_classes *c)
{
    size_t n = 0;
    for (int32_t k = 0; k < c->n; k++)
        n += (size_t)tl_class_occurs(&c->each[k]);
    return n;
}

void tl_classes_print(const tl_classes *c, const tl_coding *coding, const char *name, int all)
{
    char text[32];
    tl_grid g = { .columns = 5 };
    if (!all && (coding->kind == TL_CODING_TEXT || occurring(c) > FEW))
        return;
    const char *const head[] = { name, "precision", "recall", "F1", "steps" };
    for (size_t i = 0; i < 5; i++)
        tl_grid_add(&g, "%s", head[i]);
    for (int32_t k = 0; k < c->n; k++) {
        if (!tl_class_occurs(&c->each[k]))
            continue;
        tl_grid_add(&g, "%s", tl_class_name(coding, c, k, text, sizeof text));
        tl_grid_number(&g, tl_precision(&c->each[k]));
        tl_grid_number(&g, tl_recall(&c->each[k]));
        tl_grid_number(&g, tl_f1(&c->each[k]));
        tl_grid_number(&g, c->each[k].truth);
    }
    printf("\n");
    tl_grid_print(&g);
}

static void add_rows(tl_grid *g, const tl_classes *c, const tl_coding *coding)
{
    char text[32];
    for (int32_t i = -1; i < c->n; i++) {
        if (i >= 0 && !tl_class_occurs(&c->each[i]))
            continue;
        tl_grid_add(g, "%s", i < 0 ? "" : tl_class_name(coding, c, i, text, sizeof text));
        for (int32_t k = 0; k < c->n; k++)
            if (tl_class_occurs(&c->each[k]) && i < 0)
                tl_grid_add(g, "%s", tl_class_name(coding, c, k, text, sizeof text));
            else if (tl_class_occurs(&c->each[k]))
                tl_grid_number(g, c->confusion[(size_t)i * (size_t)c->n + (size_t)k]);
    }
}

void tl_confusion_print(const tl_classes *c, const tl_coding *coding, const char *name)
{
    size_t n = occurring(c);
    if (n > MOST_FOR_PEOPLE) {
        printf("\nconfusion of %s: %zu classes are too many to print; --json has them, and --plot draws them\n", name, n);
        return;
    }
    tl_grid g = { .columns = n + 1 };
    printf("\nconfusion of %s: a row is what is true, a column what is said\n", name);
    add_rows(&g, c, coding);
    tl_grid_print(&g);
}

/* ---- for programs ---- */

static json_t *class_json(const tl_classes *of, const tl_coding *coding, int32_t k)
{
    char text[64];
    const tl_class *c = &of->each[k];
    json_t *j = json_pack("{s:s}", "class", tl_class_name(coding, of, k, text, sizeof text));
    tl_report_number(j, "precision", tl_precision(c));
    tl_report_number(j, "recall", tl_recall(c));
    tl_report_number(j, "f1", tl_f1(c));
    tl_report_number(j, "weight", c->truth);
    return j;
}

static json_t *confusion_json(const tl_classes *c)
{
    json_t *rows = json_array();
    for (int32_t i = 0; i < c->n; i++) {
        json_t *row = json_array();
        for (int32_t k = 0; k < c->n; k++)
            json_array_append_new(row, json_real(c->confusion[(size_t)i * (size_t)c->n + (size_t)k]));
        json_array_append_new(rows, row);
    }
    return rows;
}

void tl_classes_json(json_t *j, const tl_classes *c, const tl_coding *coding)
{
    json_t *list = json_array();
    tl_report_number(j, "accuracy", tl_classes_accuracy(c));
    tl_report_number(j, c->token ? "macro_f1" : "f1", c->token ? tl_classes_macro_f1(c) : tl_f1(&c->each[1]));
    tl_report_number(j, "auc", c->auc);
    tl_report_number(j, "log_loss", c->log_loss);
    if (!c->token)
        tl_report_number(j, "brier", c->brier);
    if (isfinite(c->top))
        tl_report_number(j, "top_5", c->top);
    if (c->token) {
        tl_report_number(j, "perplexity", exp(c->log_loss));
        tl_report_number(j, "bits", c->log_loss / log(2));
    }
    tl_report_number(j, "commonest", tl_classes_commonest(c));
    for (int32_t k = 0; k < c->n && c->n <= MOST_IN_MATRIX; k++)
        json_array_append_new(list, class_json(c, coding, k));
    json_object_set_new(j, "classes", list);
    if (c->confusion)
        json_object_set_new(j, "confusion", confusion_json(c));
}
