/* Mean and standard deviation of a table's columns. */
#include <math.h>

#include "table_parts.h"

/* The smallest and the largest cell, and where they stand. */
typedef struct Extent {
    double low, high;
    size_t low_line, high_line, count;
    const char *low_path, *high_path;
} Extent;

static Extent extent(const tl_part *part, const size_t *index, size_t parts)
{
    Extent x = { .low = INFINITY, .high = -INFINITY };
    for (size_t k = 0; k < parts; k++)
        for (size_t i = part[k].from; i < part[k].to; i++) {
            double v = tl_part_value(&part[k], i, index[k]);
            if (isnan(v))
                continue;
            x.count++;
            if (v < x.low)
                x.low = v, x.low_line = tl_part_line(&part[k], i), x.low_path = part[k].path;
            if (v > x.high)
                x.high = v, x.high_line = tl_part_line(&part[k], i), x.high_path = part[k].path;
        }
    return x;
}

/* A power of two near |x|: dividing by it rounds nothing, and squares neither overflow nor vanish. */
static double unit_of(double x)
{
    int exponent;
    frexp(x, &exponent);
    return x == 0 ? 1 : ldexp(1, exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent);
}

/* Two passes: the mean, then the mean squared deviation from it. */
static void two_passes(const tl_part *part, const size_t *index, size_t parts, const Extent *x, double *mean,
                       double *sd)
{
    double size = unit_of(fmax(fabs(x->low), fabs(x->high))), spread = unit_of(x->high - x->low);
    double sum = 0, squares = 0;
    for (size_t k = 0; k < parts; k++)
        for (size_t i = part[k].from; i < part[k].to; i++) {
            double v = tl_part_value(&part[k], i, index[k]);
            sum += isnan(v) ? 0 : v / size;
        }
    *mean = sum / (double)x->count * size;
    for (size_t k = 0; k < parts; k++)
        for (size_t i = part[k].from; i < part[k].to; i++) {
            double d = (tl_part_value(&part[k], i, index[k]) - *mean) / spread;
            squares += isnan(d) ? 0 : d * d;
        }
    *sd = sqrt(squares / (double)x->count) * spread;
}

int tl_table_measure(const tl_part *part, const size_t *index, size_t parts, const char *name, double *mean,
                     double *sd, tl_error *e)
{
    Extent x = extent(part, index, parts);
    if (!x.count)
        return tl_fail(e, "%s: column '%s' has no number in the rows to train on", part->path, name);
    if (x.low == x.high) {
        *mean = x.low;
        *sd = 1;
        return 0;
    }
    if (isfinite(x.high - x.low)) {
        two_passes(part, index, parts, &x, mean, sd);
        if (isfinite(*sd * *sd))
            return 0;
    }
    return tl_fail(e, "%s:%zu: column '%s' has %g, and %g in %s:%zu: too far apart to be standardised, their "
                   "variance overflows; mend the cells, or choose other columns", x.high_path, x.high_line,
                   name, x.high, x.low, x.low_path, x.low_line);
}
