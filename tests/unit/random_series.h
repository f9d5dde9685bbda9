/* random_series.h - random examples for a model, for tests. */
#ifndef RANDOM_SERIES_H
#define RANDOM_SERIES_H

#include <tapeless/series.h>

typedef struct random_series {
    tl_examples x;
    tl_series s;
} random_series;

/* `steps` steps in the model's batch of lanes. The series points into *r: do not move it. */
void random_series_new(random_series *r, const tl_model *m, size_t steps, uint64_t seed);
void random_series_free(random_series *r);

#endif
