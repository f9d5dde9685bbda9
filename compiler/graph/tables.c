#include "graph/tables.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "graph/user_error.h"

Tables *tables_new(Arena *arena)
{
    Tables *t = arena_array(arena, Tables, 1);
    t->arena = arena;
    return t;
}

static tl_table *grow(Tables *t)
{
    /* A power of two was reached: the next one. */
    if ((t->n & (t->n - 1)) == 0) {
        tl_table *bigger = arena_array(t->arena, tl_table, t->n ? 2 * t->n : 1);
        if (t->n)
            memcpy(bigger, t->table, (size_t)t->n * sizeof *bigger);
        t->table = bigger;
    }
    return &t->table[t->n++];
}

int32_t tables_add(Tables *t, const double *values, size_t count)
{
    for (int32_t i = 0; i < t->n; i++)
        if (t->table[i].count == count && !memcmp(t->table[i].value, values, count * sizeof *values))
            return i;
    if (t->n == MOST_TABLES || count > MOST_NUMBERS - t->numbers)
        return -1;
    double *copy = arena_array(t->arena, double, count);
    memcpy(copy, values, count * sizeof *copy);
    *grow(t) = (tl_table){ copy, count };
    t->numbers += count;
    return t->n - 1;
}

char *tables_misfit(const Tables *t, tl_type real, const char *spec)
{
    for (int32_t i = 0; t && real == TL_F32 && i < t->n; i++)
        for (size_t j = 0; j < t->table[i].count; j++)
            if (fabs(t->table[i].value[j]) > FLT_MAX)
                return user_sentence("%s: %g stands in a table of numbers, and f32 ends at %g; --precision f64 holds it",
                                     spec, t->table[i].value[j], (double)FLT_MAX);
    return NULL;
}
