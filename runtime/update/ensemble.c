#include "ensemble.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coding_alike.h"
#include "real.h"

/* ---- the files ---- */

static int add(tl_words *to, const char *path, tl_error *e)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->word[i], path) == 0)
            return tl_fail(e, "-c %s: it is named twice", path);
    if (to->count == TL_MOST_MEMBERS)
        return tl_fail(e, "-c %s: an ensemble has at most %d members", path, TL_MOST_MEMBERS);
    return tl_words_add(to, path, e);
}

/* The files that -c names, one for each; where it names none, "NAME.safetensors". */
static int list_files(tl_words *to, const char *model, const tl_list *given, tl_error *e)
{
    char text[512];
    snprintf(text, sizeof text, "%s.safetensors", model);
    int bad = given->count ? 0 : add(to, text, e);
    for (size_t i = 0; i < given->count && !bad; i++)
        bad = add(to, given->item[i], e);
    return bad;
}

static int open_members(tl_ensemble *s, const tl_model *m, tl_error *e)
{
    for (; s->n < s->path.count; s->n++)
        if (tl_weights_open(&s->member[s->n], m, s->path.word[s->n], e))
            return -1;
    for (size_t i = 1; i < s->n; i++)
        if (tl_coding_alike(&s->member[i].coding, s->path.word[i], s->coding, s->path.word[0], e))
            return -1;
    return 0;
}

int tl_ensemble_open(tl_ensemble *s, const tl_model *m, const tl_list *given, tl_error *e)
{
    *s = (tl_ensemble){ 0 };
    if (list_files(&s->path, m->name, given, e)) {
        tl_words_free(&s->path);
        return -1;
    }
    s->member = calloc(s->path.count, sizeof *s->member);
    if (!s->member)
        tl_fail(e, "%s: no memory for %zu checkpoints", m->name, s->path.count);
    else
        s->coding = &s->member[0].coding;
    if (s->member && !open_members(s, m, e))
        return 0;
    tl_ensemble_free(s);
    return -1;
}

void tl_ensemble_free(tl_ensemble *s)
{
    for (size_t i = 0; i < s->n; i++)
        tl_weights_free(&s->member[i]);
    free(s->member);
    tl_words_free(&s->path);
    *s = (tl_ensemble){ 0 };
}

tl_list tl_ensemble_list(const tl_ensemble *s)
{
    tl_list list = { calloc(s->path.count + 1, sizeof *list.item), 0 };
    for (size_t i = 0; i < s->path.count && list.item; i++)
        list.item[list.count++] = s->path.word[i];
    return list;
}

int tl_ensemble_held_out(tl_held_out *h, const tl_ensemble *s, const tl_model *m, const tl_examples *x, tl_error *e)
{
    *h = (tl_held_out){ .known = 1 };
    for (size_t i = 0; i < s->n && h->known; i++) {
        tl_held_out one;
        if (tl_held_out_of(&one, m, x, s->path.word[i], e))
            return -1;
        h->rows = one.rows > h->rows ? one.rows : h->rows;
        h->sequences = one.sequences > h->sequences ? one.sequences : h->sequences;
        h->known = one.known;
    }
    if (!h->known)
        *h = (tl_held_out){ 0 };
    return 0;
}

int tl_ensemble_steppers(tl_stepper **to, const tl_ensemble *s, const tl_engine *engine, tl_error *e)
{
    if (!(*to = calloc(s->n, sizeof **to)))
        return tl_fail(e, "%s: no memory for %zu members", engine->model->name, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (tl_stepper_new(&(*to)[i], engine, s->member[i].params, 1, e))
            return -1;
    return 0;
}

void tl_ensemble_steppers_free(tl_stepper *s, size_t n)
{
    for (size_t i = 0; i < n && s; i++)
        tl_stepper_free(&s[i]);
    free(s);
}

/* ---- what they say ---- */

double tl_spread(const double *x, size_t n, double *deviation)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    if (deviation)
        *deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
    return mean;
}

double tl_mean_value(const tl_stepper *s, size_t n, int32_t output, size_t lane, size_t at)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += tl_predicted_value(&s[i], output, lane, at);
    return sum / (double)n;
}

double tl_mean_quantile(const tl_stepper *s, size_t n, int32_t output, size_t lane, size_t at, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += tl_predicted_quantile(&s[i], output, lane, at, k);
    return sum / (double)n;
}

static double score_of(const tl_stepper *s, int32_t output, size_t lane, size_t k)
{
    const tl_model *m = s->engine->model;
    return tl_real_get(m->real, s->output[output], lane * tl_size(&m->outputs[output]) + k);
}

size_t tl_mean_token(const tl_stepper *s, size_t n, int32_t output, size_t lane, double *probability, double *agree)
{
    double most[TL_MOST_MEMBERS], chance[TL_MOST_MEMBERS], high = 0;
    size_t likeliest[TL_MOST_MEMBERS], best = 0, same = 0;
    for (size_t i = 0; i < n; i++) {
        likeliest[i] = tl_predicted_token(&s[i], output, lane, &chance[i]);
        most[i] = score_of(&s[i], output, lane, likeliest[i]);
    }
    if (n == 1) {
        best = likeliest[0];
        high = chance[0]; /* to the bit */
    }
    for (size_t k = 0, tokens = tl_size(&s->engine->model->outputs[output]); k < tokens && n > 1; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += exp(score_of(&s[i], output, lane, k) - most[i]) * chance[i];
        best = sum > high ? k : best;
        high = sum > high ? sum : high;
    }
    for (size_t i = 0; i < n; i++)
        same += likeliest[i] == best;
    if (probability)
        *probability = high / (double)n;
    if (agree)
        *agree = (double)same / (double)n;
    return best;
}
