#include "json_memory.h"

#include <jansson.h>

static json_malloc_t allocate; /* what jansson had before */
static _Thread_local int lost;

static void *watched(size_t n)
{
    void *p = allocate(n);
    lost |= !p;
    return p;
}

void tl_json_watch(void)
{
    json_malloc_t now;
    json_free_t release;
    json_get_alloc_funcs(&now, &release);
    if (now != watched) {
        allocate = now;
        json_set_alloc_funcs(watched, release);
    }
    lost = 0;
}

int tl_json_lost(void) { return lost; }
