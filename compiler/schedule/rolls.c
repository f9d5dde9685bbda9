#include "schedule/rolls.h"

/* The first of lo .. hi - 1 that is of this segment, and of this slot where it goes `way`, or would follow. */
static uint32_t first_unit(const Units *s, uint32_t lo, uint32_t hi, int32_t segment, int32_t slot, int32_t way)
{
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const Unit *u = &s->unit[mid];
        if (u->segment != segment ? u->segment < segment : way * u->high < way * slot)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Units are sorted by segment, and where it runs slot by slot by these, up or down. */
UnitRange units_of_segment(const Units *s, int32_t segment, int32_t slot)
{
    UnitRange all = { .first = first_unit(s, 0, s->count, segment, 0, 0) };
    all.end = first_unit(s, all.first, s->count, segment + 1, 0, 0);
    if (slot < 0 || all.first == all.end)
        return all;
    int32_t way = s->unit[all.first].high > s->unit[all.end - 1].high ? -1 : 1;
    return (UnitRange){ first_unit(s, all.first, all.end, segment, slot, way),
                        first_unit(s, all.first, all.end, segment, slot + way, way) };
}

int64_t place_offset(const Compiled *c, const Place *p)
{
    return p->offset + (p->block == BLOCK_WORK ? c->plan->offset[p->owner] : 0);
}

static bool same_call(const Selected *s, uint32_t u, uint32_t v)
{
    const Call *a = &s->call[u], *b = &s->call[v];
    if (a->kernel != b->kernel || a->how != CALL_ALONE || b->how != CALL_ALONE)
        return false;
    for (uint32_t i = 0; i < kernel_of(s, u)->narguments; i++)
        if (places_of(s, u)[i].block != places_of(s, v)[i].block || places_of(s, u)[i].index != places_of(s, v)[i].index)
            return false;
    return true;
}

static bool same_calls(const Selected *s, UnitRange a, UnitRange b)
{
    bool same = a.end - a.first == b.end - b.first;
    for (uint32_t i = 0; same && i < a.end - a.first; i++)
        same = same_call(s, a.first + i, b.first + i);
    return same;
}

/* From a to b as from b to c, for each argument of each call; the calls are the same. */
static bool same_distances(const Compiled *k, UnitRange a, UnitRange b, UnitRange c)
{
    const Selected *s = k->selected;
    for (uint32_t i = 0; i < a.end - a.first; i++)
        for (uint32_t j = 0; j < kernel_of(s, a.first + i)->narguments; j++) {
            int64_t x = place_offset(k, &places_of(s, a.first + i)[j]), y = place_offset(k, &places_of(s, b.first + i)[j]);
            if (y - x != place_offset(k, &places_of(s, c.first + i)[j]) - y)
                return false;
        }
    return true;
}

/* Two steps alone may stand anywhere: it takes a third to show that their distance is a stride. */
int32_t roll_end(const Compiled *c, int32_t segment, int32_t slot, int32_t way)
{
    int32_t k = c->window->graph->k, next = slot + way, n = 1;
    UnitRange before = { 0 }, last = units_of_segment(c->units, segment, slot);
    for (; next >= 0 && next < k; next += way, n++) {
        UnitRange units = units_of_segment(c->units, segment, next);
        if (!same_calls(c->selected, last, units) || (n > 1 && !same_distances(c, before, last, units)))
            break;
        before = last;
        last = units;
    }
    return n > 2 ? next - way : slot;
}
