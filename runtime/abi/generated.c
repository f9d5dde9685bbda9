#include "generated.h"

static void generated_window(void *self, const tl_window *w)
{
    ((const tl_model *)self)->window(w);
}

static void generated_step(void *self, const tl_step *s)
{
    ((const tl_model *)self)->step(s);
}

tl_engine tl_generated_engine(const tl_model *model)
{
    return (tl_engine){ model, (void *)(uintptr_t)model, generated_window, generated_step, 0 };
}
