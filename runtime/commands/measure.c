#include "measure.h"

#include <math.h>

/* The mean moves by what is new (B. Welford, 1962): a sum of squares of a truth far from 0 would have no digits left. */
void tl_measure_add(tl_measure *m, double w, double truth, double said)
{
    double apart = truth - m->mean, off = said - truth;
    m->steps++;
    m->weight += w;
    m->squares += w * off * off;
    m->magnitudes += w * fabs(off);
    m->mean += apart * (w / m->weight);
    m->spread += w * apart * (truth - m->mean);
}

tl_measure tl_measure_sum(const tl_measure *m, size_t n)
{
    tl_measure all = { 0 };
    for (size_t i = 0; i < n; i++) {
        double w = all.weight + m[i].weight, apart = m[i].mean - all.mean;
        if (!(m[i].weight > 0))
            continue;
        all.spread += m[i].spread + apart * apart * (all.weight * m[i].weight / w);
        all.mean += apart * (m[i].weight / w);
        all.steps += m[i].steps;
        all.weight = w;
        all.squares += m[i].squares;
        all.magnitudes += m[i].magnitudes;
    }
    return all;
}

double tl_measure_rms(const tl_measure *m) { return sqrt(m->squares / m->weight); }

double tl_measure_mae(const tl_measure *m) { return m->magnitudes / m->weight; }

double tl_measure_r2(const tl_measure *m) { return m->spread > 0 ? 1 - m->squares / m->spread : (double)NAN; }
