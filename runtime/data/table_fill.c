/* The cells of tables become the elements of examples: standardised, missing ones replaced. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "real.h"
#include "table_parts.h"
#include "table_words.h"
#include "window.h"

typedef struct Filling {
    tl_examples *x;
    const tl_coding *c;
    const tl_model *m;
    const tl_tables *tables;
    tl_error *e;
    size_t replaced; /* cells of inputs */
    size_t unscored; /* examples without a target */
    double last;     /* what was put before, as the model will see it */
    size_t changes, lost; /* in the column: where that was another number, and where it is the same in f32 */
} Filling;

/* An element of the examples, and the column that it is read from. */
typedef struct Element {
    const tl_column *k;
    const tl_tensor *f;
    size_t column, at; /* in the coding; in the field */
} Element;

static int put(Filling *f, const Element *el, const tl_part *p, size_t position, size_t example, double v)
{
    void *to = el->k->target ? f->x->target[el->k->field] : f->x->input[el->k->field];
    if (el->f->vocab) {
        if (!(v >= 0 && v < el->f->vocab) || v != floor(v))
            return tl_fail(f->e, "%s:%zu: column '%s' has %.9g; a token is an integer from 0 to %d", p->path,
                           tl_part_line(p, position), el->k->name, v, (int)el->f->vocab - 1);
        ((int32_t *)to)[example] = (int32_t)v;
        return 0;
    }
    if (el->f->scale == TL_SCALE_PROBABILITY && !(v >= 0 && v <= 1))
        return tl_fail(f->e, "%s:%zu: column '%s' has %g; bce compares it with a probability, which is from 0 to 1", p->path,
                       tl_part_line(p, position), el->k->name, v);
    double z = (v - f->c->mean[el->column]) / f->c->sd[el->column];
    if (!(fabs(z) <= (f->m->real == TL_F64 ? DBL_MAX : (double)FLT_MAX)))
        return tl_fail(f->e, "%s:%zu: column '%s' has %g, for the model %g: too large for %s", p->path,
                       tl_part_line(p, position), el->k->name, v, z,
                       f->m->real == TL_F64 ? "f64" : "f32, which --precision f64 widens");
    tl_real_set(f->m->real, to, example * tl_size(el->f) + el->at, z);
    f->changes += !isnan(f->last) && z != f->last;
    f->lost += z != f->last && (float)z == (float)f->last;
    f->last = z;
    return 0;
}

/* Weights are there once something does not weigh 1. */
static int weigh(Filling *f, size_t example, double w)
{
    tl_examples *x = f->x;
    if (!x->weight) {
        if (!(x->weight = tl_aligned(x->rows * tl_real_size(f->m->real)))) /* no more than the fields */
            return tl_fail(f->e, "%s: no memory for %zu weights", f->tables->paths->item[0], x->rows);
        for (size_t i = 0; i < x->rows; i++)
            tl_real_set(f->m->real, x->weight, i, 1);
    }
    tl_real_set(f->m->real, x->weight, example, w);
    return 0;
}

/* A step whose target is missing does not count, and its state moves on. */
static int leave_unscored(Filling *f, size_t example)
{
    f->unscored += !f->x->weight || tl_real_get(f->m->real, f->x->weight, example) != 0;
    return weigh(f, example, 0);
}

/* Where a cell stands: what is known ahead may stand in the part that goes on behind its own. */
typedef struct Place {
    const tl_part *p;
    size_t at, index;
    int before; /* the sequence, where there is nothing; messages name its first row */
} Place;

static Place place_of(const tl_part *p, int64_t row, const size_t *index)
{
    if (row < (int64_t)p->from)
        return (Place){ p, p->from, index[0], 1 };
    if ((size_t)row >= p->to)
        return (Place){ p + 1, p[1].from + ((size_t)row - p->to), index[1], 0 };
    return (Place){ p, (size_t)row, index[0], 0 };
}

static double value_at(const tl_part *p, int64_t row, const size_t *index)
{
    const Place w = place_of(p, row, index);
    return w.before ? NAN : tl_part_value(w.p, w.at, w.index);
}

/* What stands for a missing cell before any has been seen: of a target a value that it has later, so that
 * no loss is ever asked about what it is not made for; *at is then the position of that value. */
static double before_first(const Filling *f, const Element *el, const tl_part *p, int64_t from, size_t rows, const size_t *index, size_t *at)
{
    double v = NAN;
    if (el->k->target && el->k->words.count)
        return 0; /* any token: the step does not count */
    for (int64_t row = from; el->k->target && row < from + (int64_t)rows; row++)
        if (!isnan(v = value_at(p, row, index))) {
            *at = (size_t)row;
            return v;
        }
    if (!el->k->target && el->f->vocab)
        return NAN;
    return !el->k->target && f->c->missing == TL_MISSING_HOLD ? f->c->fill[el->column] : f->c->mean[el->column];
}

static double number_of(const Element *el, const tl_part *p, size_t index, double v)
{
    const int word = el->k->words.count && !isnan(v) && !el->k->indicator;
    return word ? tl_column_token(el->k, p->csv->column[index].words.item[(size_t)v]) : v;
}

/* What an input was last before row `from` of the part, which goes on where the one before it ends if it is ahead. */
static double last_before(const Filling *f, const Element *el, size_t part, int64_t from, const size_t *indices)
{
    const tl_part *p = &f->tables->part[part];
    double v = NAN;
    for (int64_t at = from; at > (int64_t)p->from && isnan(v) && !el->k->indicator; at--)
        v = tl_part_value(p, (size_t)at - 1, indices[part]);
    if (!isnan(v) || !p->ahead)
        return number_of(el, p, indices[part], v);
    for (size_t at = p[-1].to; at > p[-1].from && isnan(v) && !el->k->indicator; at--)
        v = tl_part_value(&p[-1], at - 1, indices[part - 1]);
    return number_of(el, &p[-1], indices[part - 1], v);
}

/* Of a fed column a cell of a step that is known, where missing ones are errors. */
static int fail_missing(const Filling *f, const Element *el, const tl_part *p, size_t at)
{
    return tl_fail(f->e, "%s:%zu: column '%s' is empty where a number is needed; only at the end of a sequence it is what "
                   "--horizon predicts", p->path, tl_part_line(p, at), el->k->name);
}

/* index: of the column in each part's file. */
static int fill_part(Filling *f, const Element *el, size_t part, const size_t *indices)
{
    const size_t *index = &indices[part];
    const tl_part *p = &f->tables->part[part];
    size_t first = f->tables->first[part], rows = f->tables->first[part + 1] - first;
    int64_t from = (int64_t)p->from + (el->k->target ? f->c->ahead : 0) + el->k->shift;
    int hold = el->k->target || f->c->missing == TL_MISSING_HOLD;
    int fed = f->tables->fed && f->tables->fed[el->column];
    double last = !el->k->target && hold && !fed ? last_before(f, el, part, from, indices) : NAN;
    for (size_t t = 0; t < rows && !(fed && p->ahead); t++) {
        const int64_t row = from + (int64_t)t;
        const Place w = place_of(p, row, index);
        size_t at = w.at;
        double v = value_at(p, row, index);
        int missing = isnan(v);
        if (missing && fed && (f->c->missing == TL_MISSING_ERROR || f->c->missing == TL_MISSING_MASK) && !el->k->indicator)
            return fail_missing(f, el, w.p, at);
        if (el->k->indicator) {
            v = missing;
        } else if (!missing && el->k->words.count) {
            if (tl_table_token(el->k, w.p, at, w.index, &v, f->e))
                return -1;
        } else if (missing) {
            v = !isnan(last) ? last : before_first(f, el, p, from, rows, index, &at);
            if (isnan(v))
                return tl_fail(f->e, "%s:%zu: column '%s' is missing%s, and a token has no mean to be read "
                               "instead", w.p->path, tl_part_line(w.p, at), el->k->name,
                               hold ? " before any was seen in the sequence"
                                    : "; --missing hold repeats the last one");
            if (el->k->target && leave_unscored(f, first + t))
                return -1;
            f->replaced += !el->k->target;
        }
        last = hold ? v : NAN;
        if (put(f, el, w.p, at, first + t, v))
            return -1;
    }
    return 0;
}

/* A column that stands far from 0 and moves little. */
static void check_precision(Filling *f, tl_coding *c, const char *name)
{
    if (f->m->real == TL_F32 && f->lost > f->changes / 2)
        tl_coding_remark(c, "most changes of %.80s are lost in f32, which --precision f64 keeps", name);
    f->changes = f->lost = 0;
    f->last = NAN;
}

/* Where a fed column stands in each part that is known: its missing cells are looked at later. */
static int find_fed(const Filling *f, const tl_column *k, size_t *index)
{
    for (size_t p = 0; p < f->tables->parts; p++) {
        const tl_part *part = &f->tables->part[p];
        index[p] = SIZE_MAX;
        if (!part->ahead && (tl_csv_column_index(part->csv, part->path, k->name, &index[p], f->e) ||
                             tl_csv_numeric(part->csv, part->path, index[p], 1, f->e)))
            return -1;
    }
    return 0;
}

static int fill_columns(Filling *f, tl_coding *c, int sides, size_t *index)
{
    size_t at = 0;
    for (size_t i = 0; i < f->c->ncolumns && f->c->column[i].target < sides; i++) {
        const tl_column *k = &f->c->column[i];
        at = i && k->target == k[-1].target && k->field == k[-1].field ? at + 1 : 0;
        Element el = { k, tl_column_field(f->m, k), i, at };
        if (f->tables->fed && f->tables->fed[i] ? find_fed(f, k, index)
                                                : tl_tables_find(index, f->tables, f->c, k->target ? "target" : "input", k->name, f->e))
            return -1;
        for (size_t p = 0; p < f->tables->parts; p++)
            if (fill_part(f, &el, p, index))
                return -1;
        check_precision(f, c, k->name);
    }
    return 0;
}

/* The weight of a step stands with its target. */
static int fill_weights(Filling *f, size_t *index)
{
    const tl_tables *b = f->tables;
    if (tl_tables_find(index, b, f->c, "weight", f->c->weight, f->e)) {
        size_t n = strlen(f->e->text);
        snprintf(f->e->text + n, sizeof f->e->text - n, "; --weight '' lets all steps count alike");
        return -1;
    }
    for (size_t p = 0; p < b->parts; p++)
        for (size_t i = b->first[p]; i < b->first[p + 1]; i++) {
            int64_t row = (int64_t)(b->part[p].from + i - b->first[p]) + f->c->ahead;
            if (row < (int64_t)b->part[p].from)
                continue; /* there is no target */
            size_t at = (size_t)row;
            double w = tl_part_value(&b->part[p], at, index[p]);
            if (!tl_weight_fits(w))
                return tl_fail(f->e, "%s:%zu: the weight '%s' is %g; it takes " TL_WEIGHT_WORDS, b->part[p].path,
                               tl_part_line(&b->part[p], at), f->c->weight, w);
            if (weigh(f, i, w))
                return -1;
        }
    return 0;
}

/* For people: what was made up. */
static void remark(tl_coding *c, const Filling *f)
{
    const char *how = c->missing == TL_MISSING_ZERO ? "read as 0" : "held";
    if (f->replaced)
        tl_coding_remark(c, "%zu missing cell%s of inputs %s", f->replaced, f->replaced == 1 ? "" : "s", how);
    if (f->unscored)
        tl_coding_remark(c, "%zu of %zu steps without a target, which do%s not count", f->unscored, f->x->rows,
                         f->unscored == 1 ? "es" : "");
}

int tl_table_fill(tl_examples *x, tl_coding *c, const tl_model *m, const tl_tables *b, int sides, tl_error *e)
{
    Filling f = { .x = x, .c = c, .m = m, .tables = b, .e = e, .last = NAN };
    size_t *index = calloc(b->parts, sizeof *index);
    int bad = index ? 0 : tl_fail(e, "%s: out of memory", b->paths->item[0]);
    if (!bad && sides > 1 && c->weight)
        bad = fill_weights(&f, index);
    bad = bad || fill_columns(&f, c, sides, index);
    free(index);
    if (!bad)
        remark(c, &f);
    return bad ? -1 : 0;
}
