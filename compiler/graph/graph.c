/* graph.c - storage, hash-consing, and the constructors. */
#include "graph/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/fold.h"
#include "graph/shape.h"
#include "graph/user_error.h"

static void *grow(void *p, uint32_t *capacity, size_t size)
{
    uint32_t bigger = *capacity ? *capacity * 2 : 1024;
    p = checked(reallocarray(p, bigger, size));
    *capacity = bigger;
    return p;
}

Graph *graph_new(int32_t k, int32_t lanes)
{
    Arena *arena = arena_new();
    Graph *g = arena_array(arena, Graph, 1);
    g->arena = arena;
    g->k = k;
    g->lanes = lanes;
    g->derived = k > 0;
    g->limit = 1u << 24;
    g->node = grow(NULL, &g->capacity, sizeof *g->node);
    memset(&g->node[0], 0, sizeof g->node[0]);
    g->count = 1;
    g->args = grow(NULL, &g->args_capacity, sizeof *g->args);
    g->hash_size = 4096;
    g->hash = checked(calloc(g->hash_size, sizeof *g->hash));
    return g;
}

void graph_free(Graph *g)
{
    if (!g)
        return;
    free(g->node);
    free(g->args);
    free(g->hash);
    free(g->files);
    arena_free(g->arena);
}

int32_t graph_file(Graph *g, const char *name)
{
    for (int32_t i = 0; i < g->nfiles; i++)
        if (!strcmp(g->files[i], name))
            return i;
    g->files = checked(reallocarray(g->files, (size_t)g->nfiles + 1, sizeof *g->files));
    assume(g->nfiles < UINT16_MAX, "%d files", g->nfiles);
    g->files[g->nfiles] = arena_strdup(g->arena, name);
    return g->nfiles++;
}

/* ---- hash-consing ---- */

/* FNV-1a, word by word; a shift brings the high bits down, which a product moves up alone. */
static uint32_t mix(uint32_t h, const void *data, size_t n)
{
    for (size_t i = 0; i < n; i += sizeof h) {
        uint32_t word;
        memcpy(&word, (const char *)data + i, sizeof word);
        h = (h ^ word) * 16777619u;
        h ^= h >> 15;
    }
    return h;
}

static uint32_t hash_node(const Node *n, const Ref *args)
{
    uint32_t h = (2166136261u ^ n->op) * 16777619u;
    h = mix(h, &n->shape, sizeof n->shape);
    h = mix(h, n->attr, sizeof n->attr);
    h = mix(h, n->num, sizeof n->num);
    h = mix(h, args, n->nargs * sizeof *args);
    if (tl_op_table[n->op].kind == TL_LEAF)
        h = mix(h, &n->section, sizeof n->section);
    return h;
}

bool section_runs_before(const Graph *g, int32_t operand, int32_t user)
{
    int32_t newest = g->k, epilogue = section_epilogue(g);
    if (operand == 0 || operand == user)
        return true;
    if (user <= newest) /* forward: only what no slot owns */
        return false;
    if (g->head) /* only a window of all slots comes to its head and goes back */
        return operand < user;
    if (operand == section_backward(g, newest))
        return user > operand;
    if (user == epilogue)
        return operand == newest;
    int32_t slot = section_backward(g, user); /* of the backward section, as a forward section */
    return operand > newest ? operand < user : operand >= slot;
}

static bool is_number(const Node *n) { return n->op == OP_CONST || n->op == OP_TABLE; }

/* Where steps are kept, what an older slot computed of parameters was made of the parameters of its day;
 * what is wanted of them later in the window is of today's. */
static bool has_aged(const Graph *g, const Node *m, const Node *n, const Ref *args)
{
    if (!g->keeps || m->section == 0 || m->section >= g->k || m->section == n->section)
        return false;
    for (uint32_t i = 0; i < n->nargs; i++)
        if (node_at(g, args[i])->section == 0 && !is_number(node_at(g, args[i])))
            return true;
    return false;
}

/* A leaf belongs to its slot. Anything else may stand in for an equal node that is wanted in a
 * section before which it is sure to have run. */
static bool same_node(const Graph *g, const Node *n, const Ref *args, const Node *m)
{
    bool leaf = tl_op_table[n->op].kind == TL_LEAF;
    return n->op == m->op && n->nargs == m->nargs && n->batched == m->batched && n->token == m->token &&
           (leaf ? m->section == n->section : section_runs_before(g, m->section, n->section)) &&
           shape_equal(&n->shape, &m->shape) && !memcmp(n->attr, m->attr, sizeof n->attr) &&
           !memcmp(n->num, m->num, sizeof n->num) &&
           (!n->nargs || !memcmp(args, g->args + m->args, n->nargs * sizeof *args)) &&
           !has_aged(g, m, n, args);
}

static void rehash(Graph *g)
{
    free(g->hash);
    g->hash_size *= 2;
    g->hash = checked(calloc(g->hash_size, sizeof *g->hash));
    for (Ref r = 1; r < g->count; r++) {
        uint32_t i = hash_node(&g->node[r], g->args + g->node[r].args) & (g->hash_size - 1);
        while (g->hash[i])
            i = (i + 1) & (g->hash_size - 1);
        g->hash[i] = r;
    }
}

static Ref append(Graph *g, const Node *n, const Ref *args)
{
    if (g->count == g->capacity)
        g->node = grow(g->node, &g->capacity, sizeof *g->node);
    while (g->nargs + n->nargs > g->args_capacity)
        g->args = grow(g->args, &g->args_capacity, sizeof *g->args);
    Ref r = g->count++;
    g->node[r] = *n;
    g->node[r].args = g->nargs;
    if (n->nargs)
        memcpy(g->args + g->nargs, args, n->nargs * sizeof *args);
    g->nargs += n->nargs;
    return r;
}

static Ref intern(Graph *g, const Node *n, const Ref *args)
{
    if (2 * g->count > g->hash_size)
        rehash(g);
    uint32_t i = hash_node(n, args) & (g->hash_size - 1);
    for (; g->hash[i]; i = (i + 1) & (g->hash_size - 1))
        if (same_node(g, n, args, &g->node[g->hash[i]]))
            return g->hash[i];
    return g->hash[i] = append(g, n, args);
}

/* ---- constructors ---- */

static Ref fail(Graph *g, const char *sentence)
{
    g->error = arena_strdup(g->arena, sentence);
    return 0;
}

/* Every node goes through here: shape rule, fold, hash-consing. `n` has op, attributes, and the
 * shape where it cannot be inferred; a leaf also has its section. */
static Ref make(Graph *g, Node n, const Ref *args, uint32_t nargs)
{
    if (g->count >= g->limit)
        return fail(g, arena_printf(g->arena, "the graph has more than %u operations", g->limit));
    for (uint32_t i = 0; i < nargs; i++)
        if (!args[i])
            return 0; /* an earlier failure: its sentence stands */
    n.nargs = nargs;
    const char *wrong = shape_rule(g, &n, args, nargs);
    if (wrong)
        return fail(g, wrong);
    if (n.section < g->cursor && tl_op_table[n.op].kind != TL_LEAF)
        n.section = g->cursor;
    for (uint32_t i = 0; i < nargs; i++)
        if (node_at(g, args[i])->section > n.section)
            n.section = node_at(g, args[i])->section;
    n.origin = g->origin;
    n.serial = g->serial;
    n.file = g->file;
    n.line = g->line;
    Ref swapped[2];
    if (nargs == 2 && fold_commutes(n.op) && args[0] > args[1]) {
        swapped[0] = args[1];
        swapped[1] = args[0];
        args = swapped;
    }
    Ref folded = fold(g, &n, args);
    return folded ? folded : intern(g, &n, args);
}

Ref graph_const(Graph *g, double value, Shape shape)
{
    return make(g, (Node){ .op = OP_CONST, .num = { value }, .shape = shape }, NULL, 0);
}

Ref graph_table(Graph *g, int32_t index, Shape shape)
{
    return make(g, (Node){ .op = OP_TABLE, .attr = { index }, .shape = shape }, NULL, 0);
}

Ref graph_numbers(Graph *g, const double *values, Shape shape)
{
    int64_t n = shape_size(&shape), same = 1;
    while (same < n && values[same] == values[0])
        same++;
    if (same == n)
        return graph_const(g, values[0], shape);
    if (!g->tables)
        g->tables = tables_new(g->arena);
    int32_t index = tables_add(g->tables, values, (size_t)n);
    if (index < 0)
        return fail(g, arena_printf(g->arena, "a model has at most %d tables of numbers, with %d numbers in all; what "
                                    "is larger can be a parameter that is not trainable, read from a file", MOST_TABLES,
                                    MOST_NUMBERS));
    return graph_table(g, index, shape);
}

Ref graph_leaf(Graph *g, tl_op op, int32_t index, Shape shape, bool batched, bool token,
               int32_t section, Ref arg)
{
    Node n = { .op = (uint8_t)op, .shape = shape, .batched = batched, .token = token, .section = section,
               .attr = { index } };
    return make(g, n, &arg, arg != 0);
}

Ref graph_past(Graph *g, int32_t index, int32_t slot, Shape shape, int32_t section)
{
    Node n = { .op = OP_PAST, .shape = shape, .batched = true, .section = section, .attr = { index, slot } };
    return make(g, n, NULL, 0);
}

Ref graph_dropmask(Graph *g, double p, int32_t stream, Shape shape, int32_t section)
{
    Node n = { .op = OP_DROPMASK, .shape = shape, .batched = true, .section = section,
               .attr = { stream }, .num = { p } };
    return make(g, n, NULL, 0);
}

Ref graph_op1(Graph *g, tl_op op, Ref a)
{
    return make(g, (Node){ .op = (uint8_t)op }, &a, 1);
}

Ref graph_op2(Graph *g, tl_op op, Ref a, Ref b)
{
    return make(g, (Node){ .op = (uint8_t)op }, (Ref[]){ a, b }, 2);
}

Ref graph_where(Graph *g, Ref c, Ref a, Ref b)
{
    return make(g, (Node){ .op = OP_WHERE }, (Ref[]){ c, a, b }, 3);
}

Ref graph_powc(Graph *g, Ref a, double exponent)
{
    return make(g, (Node){ .op = OP_POWC, .num = { exponent } }, &a, 1);
}

Ref graph_clamp(Graph *g, Ref a, double lo, double hi)
{
    return make(g, (Node){ .op = OP_CLAMP, .num = { lo, hi } }, &a, 1);
}

Ref graph_reshape(Graph *g, Ref a, Shape shape)
{
    return make(g, (Node){ .op = OP_RESHAPE, .shape = shape }, &a, 1);
}

Ref graph_only_lane(Graph *g, Ref a, Shape shape)
{
    return make(g, (Node){ .op = OP_RESHAPE, .shape = shape, .attr = { 1 } }, &a, 1);
}

Ref graph_expand(Graph *g, Ref a, Shape shape, bool batched)
{
    return make(g, (Node){ .op = OP_EXPAND, .shape = shape, .batched = batched }, &a, 1);
}

Ref graph_slice(Graph *g, Ref a, int32_t dim, int32_t from, int32_t count)
{
    if (!a)
        return 0;
    Node n = { .op = OP_SLICE, .shape = node_at(g, a)->shape, .attr = { dim, from } };
    if (dim < 0 || dim >= n.shape.rank || count < 1)
        return fail(g, arena_printf(g->arena, "slice: no such part of %s", shape_text(g->arena, &n.shape)));
    n.shape.dim[dim] = count;
    return make(g, n, &a, 1);
}

Ref graph_concat(Graph *g, const Ref *parts, uint32_t n, int32_t dim)
{
    return make(g, (Node){ .op = OP_CONCAT, .attr = { dim } }, parts, n);
}

Ref graph_sum(Graph *g, Ref a, Shape result, bool lanes)
{
    return make(g, (Node){ .op = OP_SUM, .shape = result, .attr = { lanes } }, &a, 1);
}

Ref graph_softmax(Graph *g, tl_op op, Ref a, int32_t dim)
{
    return make(g, (Node){ .op = (uint8_t)op, .attr = { dim } }, &a, 1);
}

Ref graph_matmul(Graph *g, Ref a, Ref b, bool ta, bool tb, bool lanes)
{
    return make(g, (Node){ .op = OP_MATMUL, .attr = { ta, tb, lanes } }, (Ref[]){ a, b }, 2);
}

Ref graph_matmul_from(Graph *g, Ref a, Ref b, bool ta, bool tb, Ref start)
{
    return make(g, (Node){ .op = OP_MATMUL, .attr = { ta, tb } }, (Ref[]){ a, b, start }, 3);
}

Ref graph_probe(Graph *g, Ref a, int32_t index, int32_t slot)
{
    if (!a)
        return 0;
    Shape shape = node_at(g, a)->shape;
    a = graph_expand(g, a, shape, true);
    return make(g, (Node){ .op = OP_PROBE, .attr = { index, slot } }, &a, 1);
}

static Node sliding(tl_op op, const int32_t *window)
{
    Node n = { .op = (uint8_t)op };
    memcpy(n.attr, window, sizeof n.attr);
    return n;
}

Ref graph_patches(Graph *g, Ref image, const int32_t *window)
{
    return make(g, sliding(OP_PATCHES, window), &image, 1);
}

Ref graph_unpatches(Graph *g, Ref columns, Shape image, const int32_t *window)
{
    Node n = sliding(OP_UNPATCHES, window);
    n.shape = image;
    return make(g, n, &columns, 1);
}

Ref graph_max_pool(Graph *g, Ref image, const int32_t *window)
{
    return make(g, sliding(OP_MAX_POOL, window), &image, 1);
}

Ref graph_unpool(Graph *g, Ref image, Ref adjoint, const int32_t *window)
{
    return make(g, sliding(OP_UNPOOL, window), (Ref[]){ image, adjoint }, 2);
}

Ref graph_unpick(Graph *g, Ref value, Ref token, int32_t vocab)
{
    Node n = { .op = OP_UNPICK, .shape = shape_make(1, &vocab) };
    return make(g, n, (Ref[]){ value, token }, 2);
}

Ref graph_scatter(Graph *g, Ref rows, Ref token, int32_t vocab)
{
    if (!rows || node_at(g, rows)->shape.rank != 1)
        return rows ? fail(g, "scatter: takes a vector") : 0;
    Node n = { .op = OP_SCATTER,
               .shape = shape_make(2, (int32_t[]){ vocab, node_at(g, rows)->shape.dim[0] }) };
    return make(g, n, (Ref[]){ rows, token }, 2);
}

Ref graph_acc(Graph *g, Ref of, Ref so_far, Ref more)
{
    Node n = { .op = OP_ACC, .attr = { (int32_t)of } };
    return so_far ? make(g, n, (Ref[]){ so_far, more }, 2) : make(g, n, &more, 1);
}

uint32_t graph_chains_end(const Graph *g)
{
    uint32_t end = 1;
    for (Ref r = 1; r < g->count; r++)
        if (g->node[r].op == OP_ACC && (uint32_t)g->node[r].attr[0] >= end)
            end = (uint32_t)g->node[r].attr[0] + 1;
    return end;
}

Ref graph_copy(Graph *g, Ref a)
{
    return make(g, (Node){ .op = OP_COPY, .attr = { ++g->copies } }, &a, 1);
}

Ref graph_rebuild(Graph *g, const Graph *from, Ref r, const Ref *args)
{
    Node n = *node_at(from, r);
    if (tl_op_table[n.op].kind != TL_LEAF)
        n.section = 0;
    return make(g, n, args, n.nargs);
}

Graph *graph_new_like(const Graph *from)
{
    Graph *g = graph_new(from->k, from->lanes);
    for (int32_t i = 0; i < from->nfiles; i++)
        graph_file(g, from->files[i]);
    g->head = from->head;
    g->tables = from->tables;
    g->keeps = from->keeps;
    g->limit = from->limit;
    g->copies = from->copies;
    return g;
}

Ref graph_rebuild_mapped(Graph *g, const Graph *from, Ref r, const Ref *map)
{
    const Node *n = node_at(from, r);
    Ref few[8] = { 0 }, *args = n->nargs <= 8 ? few : checked(malloc(n->nargs * sizeof *args));
    for (uint32_t i = 0; i < n->nargs; i++)
        args[i] = map[arg_at(from, r, i)];
    g->cursor = n->section;
    g->origin = n->origin;
    g->serial = n->serial;
    g->file = n->file;
    g->line = n->line;
    Ref copy = graph_rebuild(g, from, r, args);
    g->cursor = 0;
    g->serial = 0;
    if (args != few)
        free(args);
    return copy;
}
