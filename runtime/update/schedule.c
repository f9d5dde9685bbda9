#include "schedule.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static double half_cosine(double from, double to, double v) { return to + (from - to) * 0.5 * (1 + cos(pi * v)); }

static double length_of(const tl_schedule_spec *s, uint64_t run) { return s->total > 0 ? (double)s->total : (double)run; }

static double cosine(const tl_schedule_spec *s, double u, uint64_t run)
{
    double total = length_of(s, run);
    if (total <= (double)s->warmup)
        return 1;
    double v = (u - (double)s->warmup) / (total - (double)s->warmup);
    return half_cosine(1, s->floor, v > 1 ? 1 : v);
}

static double one_cycle(const tl_schedule_spec *s, double u, uint64_t run)
{
    double last = length_of(s, run) - 1, top = s->peak * (last + 1) - 1;
    if (last < 0)
        return 1;
    if (u < top)
        return half_cosine(s->start, 1, u / top);
    return u < last ? half_cosine(1, s->final, (u - top) / (last - top)) : s->final;
}

double tl_schedule(const tl_schedule_spec *s, uint64_t update, uint64_t run)
{
    double u = (double)update;
    if (s->warmup > 0 && u < (double)s->warmup)
        return (u + 1) / (double)s->warmup;
    switch (s->kind) {
    case TL_SCHEDULE_STEP: return s->every > 0 ? pow(s->gamma, floor(u / (double)s->every)) : 1;
    case TL_SCHEDULE_COSINE: return cosine(s, u, run);
    case TL_SCHEDULE_ONE_CYCLE: return one_cycle(s, u, run);
    default: return 1;
    }
}

const char *tl_schedule_name(tl_schedule_kind kind)
{
    static const char *const name[] = { TL_EACH_SCHEDULE(TL_WORD) };
    return name[kind];
}

tl_plateau tl_plateau_new(void)
{
    tl_plateau p = { .factor = 1, .best = INFINITY };
    return p;
}

int tl_plateau_note(tl_plateau *p, const tl_schedule_spec *s, uint64_t updates, double loss)
{
    if (s->kind != TL_SCHEDULE_PLATEAU)
        return 0;
    if (loss < p->best - s->min_delta) {
        p->best = loss;
        p->waited = 0;
    } else if (updates >= (uint64_t)s->warmup) {
        p->waited++;
    }
    if (p->waited <= (uint64_t)s->patience)
        return 0;
    double was = p->factor;
    p->waited = 0;
    p->factor = fmax(was * s->factor, s->floor);
    return p->factor < was;
}
