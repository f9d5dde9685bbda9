#include "column_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double cell(const tl_csv *c, size_t row, size_t column) { return c->value[row * c->columns + column]; }

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t count_distinct(double *numbers, size_t n)
{
    size_t distinct = n > 0;
    qsort(numbers, n, sizeof *numbers, by_value);
    for (size_t i = 1; i < n; i++)
        distinct += numbers[i] != numbers[i - 1];
    return distinct;
}

int tl_column_stats_of(tl_column_stats *s, const tl_csv *c, size_t column, tl_error *e)
{
    double *numbers = malloc((c->rows + 1) * sizeof *numbers), spread = 0;
    size_t n = 0;
    *s = (tl_column_stats){ .least = NAN, .most = NAN, .mean = NAN, .sd = NAN, .whole = 1, .rises = 1 };
    if (!numbers)
        return tl_fail(e, "no memory for %zu rows", c->rows);
    for (size_t row = 0; row < c->rows; row++) {
        const double x = cell(c, row, column), mean = n ? s->mean : 0;
        if (isnan(x))
            continue;
        s->whole &= x == floor(x);
        s->rises &= !n || x > numbers[n - 1];
        numbers[n++] = x;
        s->mean = mean + (x - mean) / (double)n; /* Welford, 1962 */
        spread += (x - mean) * (x - s->mean);
        s->least = n == 1 || x < s->least ? x : s->least;
        s->most = n == 1 || x > s->most ? x : s->most;
    }
    s->sd = n ? sqrt(spread / (double)n) : NAN;
    s->whole &= n > 0;
    s->rises &= n > 1;
    s->distinct = count_distinct(numbers, n);
    free(numbers);
    return 0;
}

/* The mean of rows from .. to - 1; NaN. */
static double mean_of(const tl_csv *c, size_t column, size_t from, size_t to)
{
    double sum = 0;
    size_t n = 0;
    for (size_t row = from; row < to; row++)
        if (!isnan(cell(c, row, column))) {
            sum += cell(c, row, column);
            n++;
        }
    return n ? sum / (double)n : NAN;
}

const char *tl_column_sparkline(const tl_csv *c, size_t column, const tl_column_stats *s, char text[3 * TL_SPARKS + 1])
{
    static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    const size_t n = c->rows < TL_SPARKS ? c->rows : TL_SPARKS;
    text[0] = '\0';
    for (size_t k = 0; k < n; k++) {
        const double x = mean_of(c, column, k * c->rows / n, (k + 1) * c->rows / n), range = s->most - s->least;
        strcat(text, isnan(x) ? "." : blocks[range > 0 ? (int)fmin(7, floor(8 * ((x - s->least) / range))) : 3]);
    }
    return text;
}
