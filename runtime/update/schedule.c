#include "schedule.h"

#include <math.h>

static double cosine(const tl_schedule_spec *s, double u, uint64_t run)
{
    double total = s->total > 0 ? (double)s->total : (double)run;
    if (total <= (double)s->warmup)
        return 1;
    double v = (u - (double)s->warmup) / (total - (double)s->warmup);
    if (v > 1)
        v = 1;
    return s->floor + (1 - s->floor) * 0.5 * (1 + cos(3.14159265358979323846 * v));
}

double tl_schedule(const tl_schedule_spec *s, uint64_t update, uint64_t run)
{
    double u = (double)update;
    if (s->warmup > 0 && u < (double)s->warmup)
        return (u + 1) / (double)s->warmup;
    switch (s->kind) {
    case TL_SCHEDULE_STEP: return s->every > 0 ? pow(s->gamma, floor(u / (double)s->every)) : 1;
    case TL_SCHEDULE_COSINE: return cosine(s, u, run);
    default: return 1;
    }
}
