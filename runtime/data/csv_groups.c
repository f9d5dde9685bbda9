#include "csv_groups.h"

#include <stdlib.h>
#include <string.h>

int tl_csv_groups_add(tl_csv_groups *g, const char *label, size_t size)
{
    if (g->rows == g->room) {
        size_t room = g->room ? 2 * g->room : 256;
        size_t *more = reallocarray(g->of, room, sizeof *more);
        if (!more)
            return -1;
        g->of = more;
        g->room = room;
    }
    if (tl_name_list_add(&g->label, label, size, &g->of[g->rows]) < 0)
        return -1;
    g->rows++;
    return 0;
}

static int stand_together(const tl_csv_groups *g)
{
    for (size_t i = 1; i < g->rows; i++)
        if (g->of[i] < g->of[i - 1])
            return 0;
    return 1;
}

/* A counting sort, which keeps the order of the file within a sequence. */
static int sort_rows(tl_csv_groups *g)
{
    size_t *next = calloc(g->label.count + 1, sizeof *next);
    g->row = calloc(g->rows + 1, sizeof *g->row);
    if (next && g->row) {
        memcpy(next, g->start, g->label.count * sizeof *next);
        for (size_t i = 0; i < g->rows; i++)
            g->row[next[g->of[i]]++] = i;
    }
    free(next);
    return next && g->row ? 0 : -1;
}

int tl_csv_groups_finish(tl_csv_groups *g)
{
    if (!(g->start = calloc(g->label.count + 2, sizeof *g->start)))
        return -1;
    g->count = g->label.count;
    for (size_t i = 0; i < g->rows; i++)
        g->start[g->of[i] + 1]++;
    for (size_t k = 0; k < g->label.count; k++)
        g->start[k + 1] += g->start[k];
    int bad = stand_together(g) ? 0 : sort_rows(g);
    free(g->of);
    g->of = NULL;
    return bad;
}

void tl_csv_groups_free(tl_csv_groups *g)
{
    tl_name_list_free(&g->label);
    free(g->start);
    free(g->row);
    free(g->of);
    free(g->named);
    *g = (tl_csv_groups){ 0 };
}
