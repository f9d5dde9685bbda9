#include "schedule/layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/layout_time.h"
#include "schedule/memory.h"

const BlockInfo block_table[NBLOCKS] = {
#define X(NAME, word, pointers, window_const, window, step_const, step)                          \
    { word, pointers, { window_const, window }, { step_const, step } },
    BLOCKS(X)
#undef X
};

int64_t row_major(const Shape *s, int64_t *stride)
{
    int64_t n = 1;
    for (int32_t d = s->rank - 1; d >= 0; d--) {
        stride[d] = n;
        n *= s->dim[d];
    }
    return n;
}

bool is_contiguous(const Layout *l, const Shape *s)
{
    int64_t want[TL_MAX_RANK];
    row_major(s, want);
    for (int32_t d = 0; d < s->rank; d++)
        if (s->dim[d] > 1 && l->stride[d] != want[d])
            return false;
    return true;
}

bool is_computed(const Node *n)
{
    bool computed = tl_kind_table[tl_op_table[n->op].kind].computed;
    return n->op == OP_DROPMASK || (computed && n->op != OP_CONCAT && n->op != OP_ACC);
}

static Layout contiguous(Block block, const Shape *shape, bool batched)
{
    Layout l = { .block = block };
    int64_t size = row_major(shape, l.stride);
    l.lane = batched ? size : 0;
    return l;
}

/* ---- the caller's blocks ---- */

static bool keeps_steps(const Window *w) { return w->training && tl_keeps_steps(&w->model->tbptt); }

static int64_t slot_offset(const Window *w, const tl_tensor *t, int64_t slot)
{
    return (int64_t)t->offset + slot * w->graph->lanes * (int64_t)tl_size(t);
}

static Layout tensor_layout(Block block, int32_t index, const tl_tensor *t, bool batched)
{
    Shape shape = shape_make(t->rank, t->dim);
    Layout l = contiguous(block, &shape, batched);
    l.index = index;
    return l;
}

/* A parameter or a gradient; also of several that stand side by side, of which `t` is the first, with the shape of all. */
static Layout param_layout(Block block, const tl_tensor *t, const Shape *shape)
{
    Layout l = contiguous(block, shape, false);
    l.offset = (int64_t)t->offset;
    if (t->column) {
        l.stride[0] = 1;
        l.stride[1] = t->column;
    }
    return l;
}

static Layout state_layout(const Window *w, Block block, int32_t index, int32_t slot)
{
    const tl_tensor *t = &w->model->states[index];
    Layout l = tensor_layout(block, 0, t, true);
    l.offset = w->training ? slot_offset(w, t, slot) : w->graph->lanes * step_state_offset(w->model, index);
    return l;
}

/* Behind the states of an evaluation step. */
static Layout past_layout(const Window *w, Block block, int32_t index, int32_t slot)
{
    const tl_tensor *t = &w->model->past[index];
    Layout l = tensor_layout(block, 0, t, true);
    l.offset = w->graph->lanes * (step_past_offset(w->model, index) + slot * (int64_t)tl_size(t));
    return l;
}

static Layout slot_scalar(const Window *w, Block block, int32_t slot)
{
    return (Layout){ .block = block, .lane = 1, .offset = (int64_t)slot * w->graph->lanes };
}

Layout root_layout(const Window *w, const Root *r)
{
    const Model *m = w->model;
    Layout l;
    Shape shape;
    switch (r->kind) {
    case ROOT_STATE:
        return w->training ? state_layout(w, BLOCK_STATES, r->index, r->slot + 1)
                           : state_layout(w, BLOCK_NEXT_STATE, r->index, 0);
    case ROOT_STATE_GRAD:
        return state_layout(w, BLOCK_STATE_GRADS, r->index, r->slot);
    case ROOT_PAST:
        return past_layout(w, BLOCK_NEXT_STATE, r->index, r->slot);
    case ROOT_LOSS:
        return slot_scalar(w, BLOCK_LOSSES, r->slot);
    case ROOT_NAMED:
        return slot_scalar(w, BLOCK_NAMED, r->index * w->graph->k + r->slot);
    case ROOT_OUTPUT:
        return tensor_layout(BLOCK_OUTPUT, r->index, &m->outputs[r->index], true);
    case ROOT_PROBE:
    case ROOT_PROBE_GRAD:
        l = tensor_layout(r->kind == ROOT_PROBE ? BLOCK_PROBES : BLOCK_PROBE_GRADS, 0, &m->probes[r->index], true);
        l.offset = slot_offset(w, &m->probes[r->index], r->slot);
        return l;
    case ROOT_GRAD:
        shape = shape_make(m->params[r->index].rank, m->params[r->index].dim);
        return param_layout(BLOCK_GRADS, &m->params[r->index], &shape);
    case ROOT_KEEP:
        break;
    }
    abort();
}

/* Data arrays are [slots][lanes][...]. */
static Layout data_layout(const Window *w, Block block, const Node *n, int32_t slot)
{
    Layout l = contiguous(block, &n->shape, true);
    l.index = n->attr[0];
    l.offset = slot * w->graph->lanes * shape_size(&n->shape);
    return l;
}

static Layout leaf_layout(const Window *w, Ref r)
{
    const Node *n = node_at(w->graph, r);
    int32_t slot = w->training ? slot_of_section(w->graph, n->section) : 0;
    switch (n->op) {
    case OP_CONST:
        return (Layout){ .block = BLOCK_CONST, .value = n->num[0] };
    case OP_TABLE: {
        Layout l = contiguous(BLOCK_TABLE, &n->shape, false);
        l.index = n->attr[0];
        return l;
    }
    case OP_PARAM: {
        Layout l = param_layout(n->section ? BLOCK_VERSION : BLOCK_PARAMS, &w->model->params[n->attr[0]], &n->shape);
        l.index = n->section ? slot : 0;
        return l;
    }
    case OP_STATE:
        return state_layout(w, BLOCK_STATES, n->attr[0], slot);
    case OP_PAST:
        return past_layout(w, BLOCK_STATES, n->attr[0], n->attr[1]);
    case OP_INPUT:
        return data_layout(w, BLOCK_INPUT, n, slot);
    case OP_TARGET:
        return data_layout(w, BLOCK_TARGET, n, slot);
    case OP_WEIGHT:
        return slot_scalar(w, BLOCK_WEIGHT, slot);
    case OP_RESET:
        return slot_scalar(w, BLOCK_RESET, slot);
    case OP_MASK:
        return slot_scalar(w, BLOCK_MASK, slot);
    default:
        assume(n->op == OP_DROPMASK, "a leaf without storage: %s", tl_op_table[n->op].word);
        return contiguous(BLOCK_WORK, &n->shape, true);
    }
}

/* ---- claims: users, latest first, offer their operands a place ---- */

static void add_misfit(Layouts *s, Ref user, uint32_t index)
{
    if (s->nmisfits == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 64;
        s->misfits = checked(reallocarray(s->misfits, s->capacity, sizeof *s->misfits));
    }
    s->misfits[s->nmisfits++] = (Misfit){ user, index };
}

/* A product wants the elements of a row next to each other; or of a column, which are a row of the transposed. */
static bool can_stand(const Node *n, const Layout *l)
{
    return n->op != OP_MATMUL || n->shape.dim[1] == 1 || l->stride[1] == 1 || l->stride[0] == 1;
}

/* Lets v be computed at l, which must happen in `section` (or, if that is negative, in any). Views
 * that keep the order of elements are looked through. */
static bool claim(Layouts *s, const Graph *g, Ref v, Layout l, int32_t section)
{
    const Node *n = node_at(g, v);
    while ((n->op == OP_RESHAPE || n->op == OP_STOP) && is_contiguous(&l, &n->shape)) {
        bool only_lane = n->op == OP_RESHAPE && n->attr[0];
        v = arg_at(g, v, 0);
        n = node_at(g, v);
        row_major(&n->shape, l.stride);
        if (only_lane && n->batched)
            l.lane = shape_size(&n->shape);
    }
    bool elsewhere = section >= 0 && n->section != section;
    if (s->claimed[v] || elsewhere || n->op == OP_DROPMASK || !n->batched != !l.lane || !can_stand(n, &l) ||
        (!is_computed(n) && n->op != OP_CONCAT))
        return false;
    s->at[v] = l;
    s->claimed[v] = true;
    return true;
}

/* The value that joins a running sum: only this sum may read it, and it must come after what was
 * summed before it. */
static bool can_join(const Layouts *s, const Graph *g, Ref acc, Ref v)
{
    const Node *n = node_at(g, acc);
    const Node *m = node_at(g, v);
    bool after = n->nargs == 1 || v > arg_at(g, acc, 0);
    return after && s->uses[v] == 1 && m->op != OP_CONCAT && m->op != OP_RESHAPE &&
           m->op != OP_STOP && tl_op_table[m->op].kind != TL_ROWWISE;
}

static void offer_acc(Layouts *s, const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    Layout l = s->at[r];
    uint32_t last = n->nargs - 1;
    Ref more = arg_at(g, r, last);
    if (last) {
        Ref before = arg_at(g, r, 0);
        assume(node_at(g, before)->op == OP_ACC && s->uses[before] == 1, "a running sum is read once");
        s->at[before] = l;
        s->claimed[before] = true;
    }
    l.add = last != 0;
    if (!can_join(s, g, r, more) || !claim(s, g, more, l, n->section))
        add_misfit(s, r, last);
}

/* By node: its value is kept for windows to come (keep_alike.c). */
static bool *kept_roots(const Layouts *s, const Window *w)
{
    bool *kept = arena_array(s->arena, bool, w->graph->count);
    for (int32_t i = 0; i < w->nroots; i++)
        kept[w->roots[i].node] |= w->roots[i].kind == ROOT_KEEP;
    return kept;
}

/* Behind views that keep the order of elements. */
static Ref behind_views(const Graph *g, Ref r)
{
    while (node_at(g, r)->op == OP_RESHAPE || node_at(g, r)->op == OP_STOP)
        r = arg_at(g, r, 0);
    return r;
}

/* A step that is kept must not compute into what the head sees of this window alone; nor into what the newest slot alone
 * has, for the same value of other slots then stands elsewhere. */
static void offer_concat(Layouts *s, const Window *w, const bool *kept, Ref r)
{
    const Graph *g = w->graph;
    const Node *n = node_at(g, r);
    int32_t section = g->head && keeps_steps(w) && n->section > g->k ? n->section : -1;
    Layout l = s->at[r];
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref part = arg_at(g, r, i);
        const Node *m = node_at(g, part);
        bool apart = kept[behind_views(g, part)] && !kept[r];
        if (apart || n->batched != m->batched || !claim(s, g, part, l, section))
            add_misfit(s, r, i);
        l.offset += l.stride[n->attr[0]] * m->shape.dim[n->attr[0]];
    }
}

/* The running sum of a concat of parameters, of which the root is the slice that one of them gets; else 0. */
static Ref sliced_sum(const Graph *g, const Root *root)
{
    const Node *n = node_at(g, root->node);
    Ref sum = root->kind == ROOT_GRAD && n->op == OP_SLICE && n->attr[0] == 0 ? arg_at(g, root->node, 0) : 0;
    return node_at(g, sum)->op == OP_ACC ? sum : 0;
}

/* Where the sum must stand for this slice to be where the root must be. */
static Layout sum_layout(const Window *w, const Root *root, Ref sum)
{
    Layout l = param_layout(BLOCK_GRADS, &w->model->params[root->index], &node_at(w->graph, sum)->shape);
    l.offset -= node_at(w->graph, root->node)->attr[1] * l.stride[0];
    return l;
}

/* True if roots that stand right there have all of it. */
static bool all_stand(const Window *w, Ref sum, int64_t offset)
{
    int32_t rows = 0;
    for (int32_t i = 0; i < w->nroots; i++) {
        const Root *root = &w->roots[i];
        if (sliced_sum(w->graph, root) == sum && sum_layout(w, root, sum).offset == offset)
            rows += node_at(w->graph, root->node)->shape.dim[0];
    }
    return rows == node_at(w->graph, sum)->shape.dim[0];
}

/* Parameters that stand side by side have gradients that do. */
static bool claim_slice(Layouts *s, const Window *w, const Root *root, Ref sum)
{
    Layout l = sum_layout(w, root, sum);
    if (s->claimed[sum])
        return s->at[sum].block == BLOCK_GRADS && s->at[sum].offset == l.offset;
    if (!all_stand(w, sum, l.offset))
        return false;
    s->at[sum] = l;
    return s->claimed[sum] = true;
}

/* A root's value may be computed in place if it is computed when the root must be there: a value
 * of the prologue is shared by slots and needs a copy for each. */
static bool claim_root(Layouts *s, const Window *w, const Root *root)
{
    const Graph *g = w->graph;
    const Node *n = node_at(g, root->node);
    Layout l = root_layout(w, root);
    if (root->kind == ROOT_GRAD && n->op == OP_ACC && !s->claimed[root->node]) {
        s->at[root->node] = l;
        return s->claimed[root->node] = true;
    }
    Ref sum = sliced_sum(g, root);
    return sum ? claim_slice(s, w, root, sum) : claim(s, g, root->node, l, root->section);
}

/* What already stands among the parameters is nobody's to place. */
static void place_parts_of_params(Layouts *s, const Window *w)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        if (!is_part_of_params(w, r))
            continue;
        s->at[r] = param_layout(BLOCK_PARAMS, &w->model->params[node_at(g, arg_at(g, r, 0))->attr[0]], &node_at(g, r)->shape);
        s->claimed[r] = true;
    }
}

static void offer_places(Layouts *s, const Window *w)
{
    const Graph *g = w->graph;
    const bool *kept = kept_roots(s, w);
    place_parts_of_params(s, w);
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind != ROOT_KEEP && !claim_root(s, w, &w->roots[i]))
            add_misfit(s, 0, (uint32_t)i);
    for (Ref r = g->count - 1; r; r--) {
        const Node *n = node_at(g, r);
        bool computed = is_computed(n) || n->op == OP_CONCAT || n->op == OP_ACC;
        if (computed && !s->claimed[r]) {
            s->at[r] = contiguous(BLOCK_WORK, &n->shape, n->batched);
            s->at[r].owner = r;
        }
        if (n->op == OP_ACC)
            offer_acc(s, g, r);
        else if (n->op == OP_CONCAT && !is_part_of_params(w, r))
            offer_concat(s, w, kept, r);
    }
}

/* ---- views ---- */

static Layout view_layout(const Graph *g, Ref r, const Layout *of)
{
    const Node *n = node_at(g, r), *m = node_at(g, arg_at(g, r, 0));
    Layout l = *of;
    int32_t rank = n->shape.rank, shift = rank - m->shape.rank;
    l.add = false;
    switch (n->op) {
    case OP_RESHAPE:
        row_major(&n->shape, l.stride);
        if (!n->batched)
            l.lane = 0;
        break;
    case OP_TRANSPOSE:
        l.stride[rank - 2] = of->stride[rank - 1];
        l.stride[rank - 1] = of->stride[rank - 2];
        break;
    case OP_SLICE:
        l.offset += n->attr[1] * of->stride[n->attr[0]];
        break;
    case OP_EXPAND:
        for (int32_t d = 0; d < rank; d++)
            l.stride[d] = d < shift || m->shape.dim[d - shift] == 1 ? 0 : of->stride[d - shift];
        break;
    default:
        break;
    }
    return l;
}

/* Neighbours along one dim stand next to each other (BLAS takes either one), and no element stands
 * for several. */
static bool fits_blas(const Layout *l, const Shape *s)
{
    bool next = false, apart = true;
    for (int32_t d = 0; d < 2; d++) {
        next |= s->dim[d] == 1 || l->stride[d] == 1;
        apart &= s->dim[d] == 1 || l->stride[d] > 0;
    }
    return l->block != BLOCK_CONST && next && apart;
}

/* What a product begins with: the elements of a row stand next to each other. */
static bool may_begin_rows(const Layout *l, const Shape *s)
{
    return l->block != BLOCK_CONST && (s->dim[1] == 1 || l->stride[1] == 1);
}

static void check_operands(Layouts *s, const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref a = arg_at(g, r, i);
        bool fits = true;
        if (n->op == OP_MATMUL)
            fits = i < 2 ? fits_blas(&s->at[a], &node_at(g, a)->shape) : may_begin_rows(&s->at[a], &node_at(g, a)->shape);
        else if (tl_kind_table[tl_op_table[n->op].kind].stands)
            fits = s->at[a].block != BLOCK_CONST;
        else if (n->op == OP_RESHAPE)
            fits = s->at[a].block == BLOCK_CONST || is_contiguous(&s->at[a], &node_at(g, a)->shape);
        if (!fits)
            add_misfit(s, r, i);
    }
}

static void follow_views(Layouts *s, const Window *w)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        tl_kind kind = tl_op_table[n->op].kind;
        if (kind == TL_VIEW)
            s->at[r] = view_layout(g, r, &s->at[arg_at(g, r, 0)]);
        else if (kind == TL_LEAF && n->op != OP_DROPMASK)
            s->at[r] = leaf_layout(w, r);
        check_operands(s, g, r);
    }
}

Layouts *layouts_new(const Window *w, const Segments *t)
{
    Arena *arena = arena_new();
    Layouts *s = arena_array(arena, Layouts, 1);
    s->arena = arena;
    s->at = arena_array(arena, Layout, w->graph->count);
    s->claimed = arena_array(arena, bool, w->graph->count);
    s->uses = arena_array(arena, uint32_t, w->graph->count);
    count_uses(w, s->uses);
    offer_places(s, w);
    follow_views(s, w);
    s->span = arena_array(s->arena, int32_t, w->graph->count);
    for (Ref r = 1; r < w->graph->count; r++)
        s->span[r] = 1;
    if (keeps_steps(w) && !s->nmisfits)
        use_frames(s, w);
    else if (t)
        use_strides(s, w, t);
    return s;
}

void layouts_free(Layouts *s)
{
    if (!s)
        return;
    free(s->misfits);
    arena_free(s->arena);
}
