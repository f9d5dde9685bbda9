#include "passes/colours.h"

#include <stdint.h>

enum { MOST_RANKS = 64 };

/* The only element that is set; -1: none is, -2: several. */
static int32_t only(const bool *row, int64_t n)
{
    int32_t found = -1;
    for (int64_t k = 0; k < n; k++)
        if (row[k])
            found = found == -1 ? (int32_t)k : -2;
    return found;
}

/* All elements of a row move the same. */
static bool find_moves(const Colours *c, const bool *pattern, int64_t elements, int32_t *moves)
{
    for (int32_t r = 0; r < c->rows; r++) {
        moves[r] = -1;
        for (int32_t k = 0; k < c->columns; k++) {
            int32_t at = only(pattern + ((int64_t)r * c->columns + k) * elements, elements);
            if (at == -2 || (k && at != moves[r]))
                return false;
            moves[r] = at;
        }
    }
    return true;
}

/* Rows that move the same element of some state have different ranks. */
static bool find_ranks(Colours *c, const int64_t *elements, int32_t nstates, int32_t *rank, Arena *arena)
{
    uint64_t **taken = arena_array(arena, uint64_t *, nstates + 1);
    for (int32_t i = 0; i < nstates; i++)
        taken[i] = arena_array(arena, uint64_t, elements[i] + 1);
    c->ranks = 1;
    for (int32_t r = 0; r < c->rows; r++) {
        uint64_t used = 0;
        for (int32_t i = 0; i < nstates; i++)
            if (c->moves[i] && c->moves[i][r] >= 0)
                used |= taken[i][c->moves[i][r]];
        if (used == UINT64_MAX)
            return false;
        rank[r] = __builtin_ctzll(~used);
        c->ranks = rank[r] >= c->ranks ? rank[r] + 1 : c->ranks;
        for (int32_t i = 0; i < nstates; i++)
            if (c->moves[i] && c->moves[i][r] >= 0)
                taken[i][c->moves[i][r]] |= (uint64_t)1 << rank[r];
    }
    return c->ranks <= MOST_RANKS;
}

static bool try(Colours *c, bool *const *pattern, const int64_t *elements, int32_t nstates, Arena *arena)
{
    const int32_t **moves = arena_array(arena, const int32_t *, nstates + 1);
    int32_t *rank = arena_array(arena, int32_t, c->rows);
    for (int32_t i = 0; i < nstates; i++) {
        int32_t *of = pattern[i] ? arena_array(arena, int32_t, c->rows) : NULL;
        if (of && !find_moves(c, pattern[i], elements[i], of))
            return false;
        moves[i] = of;
    }
    c->moves = moves;
    c->rank = rank;
    return find_ranks(c, elements, nstates, rank, arena);
}

/* By rows of a matrix; where these do not move one element each, element by element. */
bool find_colours(Colours *c, const Shape *param, bool *const *pattern, const int64_t *elements, int32_t nstates, Arena *arena)
{
    int32_t size = (int32_t)shape_size(param), rows = param->rank ? param->dim[0] : 1;
    *c = (Colours){ .rows = rows, .columns = size / rows };
    if (try(c, pattern, elements, nstates, arena))
        return true;
    *c = (Colours){ .rows = size, .columns = 1 };
    return try(c, pattern, elements, nstates, arena);
}
