#include "schedule/cost.h"

static uint64_t flops(const Kernel *k)
{
    uint64_t n = 2;
    for (int32_t d = 0; d < k->nest.rank; d++)
        n *= (uint64_t)k->nest.extent[d];
    return n;
}

static uint64_t slots_of(const Units *units, uint32_t u)
{
    const Unit *unit = &units->unit[u];
    return unit->low < 0 ? 1 : (uint64_t)(unit->high - unit->low + 1);
}

uint64_t call_flops(const Selected *s, const Units *units, uint32_t u)
{
    const Kernel *k = kernel_of(s, u);
    return k->kind == KERNEL_PRODUCT ? flops(k) * slots_of(units, u) : 0;
}

uint64_t window_flops(const Selected *s, const Units *units)
{
    uint64_t sum = 0;
    for (uint32_t u = 0; u < s->count; u++)
        sum += call_flops(s, units, u);
    return sum;
}
