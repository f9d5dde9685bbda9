#include "probe.h"

#include <string.h>

#include "real.h"

const tl_tensor *tl_probe_named(const tl_model *m, const char *name)
{
    for (int32_t i = 0; i < m->nprobes; i++)
        if (strcmp(m->probes[i].name, name) == 0)
            return &m->probes[i];
    return NULL;
}

const void *tl_probe_at(const tl_model *m, const tl_tensor *probe, const void *block, int32_t slot)
{
    size_t step = (size_t)tl_lanes(&m->tbptt) * tl_size(probe);
    return tl_real_at_const(m->real, block, probe->offset + (size_t)slot * step);
}
