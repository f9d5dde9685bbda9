/* select_slide.c - a window that slides over an image {C, H, W}: patches and max_pool, and their adjoints. */
#include <string.h>

#include "schedule/select_internal.h"

static void walk_image(Selector *s, Access *a, Ref r)
{
    const Layout *l = layout_of(s, r);
    const Slide *slide = &s->kernel.slide;
    const int64_t *extent = s->kernel.nest.extent;
    const int64_t size[] = { extent[DIM_LANES], extent[DIM_CHANNELS], slide->high, slide->wide };
    const int64_t stride[] = { l->lane, l->stride[0], l->stride[1], l->stride[2] };
    a->image = true;
    for (int d = DIM_LANES; d <= DIM_COL; d++)
        a->stride[d] = size[d] == 1 ? 0 : stride[d];
}

/* {C KH KW, OH OW} */
static void walk_columns(Selector *s, Access *a, Ref r)
{
    const Layout *l = layout_of(s, r);
    const int64_t *n = s->kernel.nest.extent;
    const int64_t stride[] = { l->lane,
                               l->stride[0] * n[DIM_ELEMENT_U] * n[DIM_ELEMENT_V],
                               l->stride[1] * n[DIM_PLACE_J],
                               l->stride[1],
                               l->stride[0] * n[DIM_ELEMENT_V],
                               l->stride[0] };
    memcpy(a->stride, stride, sizeof stride);
    nest_still(&s->kernel.nest, a, 1);
}

/* {C, OH, OW} */
static void walk_places(Selector *s, Access *a, Ref r)
{
    const Layout *l = layout_of(s, r);
    const int64_t stride[MOST_DIMS] = { l->lane, l->stride[0], l->stride[1], l->stride[2] };
    memcpy(a->stride, stride, sizeof stride);
    nest_still(&s->kernel.nest, a, 1);
}

static Slide slide_over(const Node *n, const Shape *image)
{
    const int32_t *a = n->attr;
    return (Slide){ image->dim[1], image->dim[2], { a[0], a[1] }, { a[2], a[3] }, { a[4], a[5] } };
}

static Nest nest_of(const Selector *s, const Node *n, const Shape *image, const Slide *w)
{
    return (Nest){ MOST_DIMS,
                   { lanes_of(s, n->batched), image->dim[0], tl_patch_places(w->high, w->size[0], w->step[0], w->padding[0]),
                     tl_patch_places(w->wide, w->size[1], w->step[1], w->padding[1]), w->size[0], w->size[1] }, 0 };
}

void select_slide(Selector *s, Ref r)
{
    static void (*const walk[TL_OP_COUNT][MOST_OPERANDS])(Selector *, Access *, Ref) = {
        [OP_PATCHES] = { walk_columns, walk_image },
        [OP_UNPATCHES] = { walk_image, walk_columns },
        [OP_MAX_POOL] = { walk_places, walk_image },
        [OP_UNPOOL] = { walk_image, walk_image, walk_places },
    };
    const Node *n = node_at(s->g, r);
    const Shape *image = &node_at(s->g, n->op == OP_UNPATCHES ? r : arg_at(s->g, r, 0))->shape;
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_SLIDE, (tl_op)n->op);
    k->slide = slide_over(n, image);
    k->nest = nest_of(s, n, image, &k->slide);
    for (uint32_t i = 0; i <= n->nargs; i++) { /* an image may be its own adjoint: one argument */
        Ref value = i ? arg_at(s->g, r, i - 1) : r;
        walk[n->op][i](s, access_value(s, value, !i), value);
    }
}
