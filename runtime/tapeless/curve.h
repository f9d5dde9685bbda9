/* curve.h - how a training went: recorded in fixed memory however long it is, and drawn. */
#ifndef TAPELESS_CURVE_H
#define TAPELESS_CURVE_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

enum { TL_CURVE_POINTS = 2048 };

/* A point is the mean of `each` neighbouring values. When there is no more room neighbouring points
 * are merged and `each` doubles. */
typedef struct tl_curve {
    double x[TL_CURVE_POINTS], y[TL_CURVE_POINTS];
    size_t n;
    uint64_t each, pending; /* pending: values not yet a point */
    double sum_x, sum_y;    /* of them */
} tl_curve;

void tl_curve_add(tl_curve *, double x, double y);

/* y [n]: each point the mean over a fortieth of the points to either side. Near the ends, where there
 * are not so many on one side, it lies on the line through as many points, the nearest ones: it
 * neither lags as a running mean does, nor is it rough as a mean over fewer points. */
void tl_curve_smooth(const tl_curve *, double *y);
/* The same over so many points to either side. */
void tl_curve_smooth_over(const tl_curve *, size_t wide, double *y);

/* Whether a logarithmic axis shows them better: the least is above 0, and at most a twentieth of the largest. */
int tl_spans_decades(const double *y, size_t n);

/* Draws the loss of the updates (light: as it was; dark: the mean of the neighbourhood) and of the
 * validations. Where the loss is cross_entropy the unit is bits for each `unit`. A logarithmic axis
 * is chosen where the loss falls to a twentieth. Draws nothing before the second update. */
int tl_curve_draw(const char *path, const tl_model *, const tl_curve *train, const tl_curve *valid,
                  const char *unit, tl_error *e);

TL_C_END

#endif
