/* snap.c - what of the sensitivities is kept: the pattern that one step has (SnAp-1; Menick, Elsen, Evci, Osindero, Simonyan &
 * Graves, "Practical real time recurrent learning with a sparse approximation", 2021), and whether a recurrence ever leaves it. */
#include "graph/user_error.h"
#include "passes/pattern.h"
#include "passes/sensitivity_internal.h"

/* By state: what one step has moved by itself, its sensitivities having been 0 or of pattern `before`. */
static bool **patterns(Builder *b, int32_t p, bool *const *before)
{
    const bool **given = arena_array(b->arena, const bool *, b->g->count);
    bool **pattern = arena_array(b->arena, bool *, b->nown + 1);
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p) && b->leaf[i]) { /* else no node reads it, and there is no leaf */
            Ref leaf = sensitivity_leaf(b, i, p);
            given[leaf] = before ? before[i] : arena_array(b->arena, bool, shape_size(&node_at(b->g, leaf)->shape));
        }
    for (int32_t i = 0; i < b->nown; i++)
        if (next_of(b, i, p))
            pattern[i] = find_pattern(b->g, *next_of(b, i, p), given, b->arena);
    return pattern;
}

/* A state that starts as the parameter does. */
static void add_start(Builder *b, int32_t p, bool **pattern)
{
    const int64_t n = (int64_t)tl_size(&b->m->params[p]);
    for (int32_t i = 0; i < b->nown; i++)
        for (int64_t k = 0; b->m->states[i].learned == p && k < n; k++)
            pattern[i][k * n + k] = true;
}

/* SnAp-1: S' is 0 where one step from S = 0 leaves 0 (Menick et al., 2021), before the loss or the next step
 * see it; the start of a learned state is a step, too. */
static void mask(Builder *b, int32_t p, bool *const *pattern)
{
    for (int32_t i = 0; i < b->nown; i++) {
        Ref *next = next_of(b, i, p);
        if (!next)
            continue;
        Shape s = node_at(b->g, *next)->shape;
        double *ones = arena_array(b->arena, double, shape_size(&s));
        for (int64_t k = 0; k < shape_size(&s); k++)
            ones[k] = pattern[i][k];
        *next = graph_op2(b->g, OP_MUL, *next, graph_numbers(b->g, ones, s));
    }
}

static bool any(const bool *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (x[i])
            return true;
    return false;
}

/* Adds to a state's pattern {directions, elements} what another step leads to; whether that is more. *spread: a direction
 * that had moved elements now moves others. */
static bool widen_state(bool *pattern, const bool *further, int64_t directions, int64_t elements, bool *spread)
{
    bool more = false;
    for (int64_t d = 0; d < directions; d++) {
        bool *row = pattern + d * elements, had = any(row, elements);
        for (int64_t k = 0; k < elements; k++) {
            bool added = further[d * elements + k] && !row[k];
            more |= added;
            *spread |= added && had;
        }
        for (int64_t k = 0; k < elements; k++)
            row[k] |= further[d * elements + k];
    }
    return more;
}

/* The state in which the parameter spreads; -1: none, and what all is moved is in pattern. */
static int32_t spreads_in(Builder *b, int32_t p, bool **pattern)
{
    const Model *m = b->m;
    for (bool more = true; more;) {
        bool **further = patterns(b, p, pattern), spread = false;
        more = false;
        for (int32_t i = 0; i < b->nown; i++) {
            if (next_of(b, i, p))
                more |= widen_state(pattern[i], further[i], (int64_t)tl_size(&m->params[p]), (int64_t)tl_size(&m->states[i]),
                                    &spread);
            if (spread)
                return i;
        }
    }
    return -1;
}

/* All is carried, within the pattern; where a state's elements move themselves alone it stays as narrow as it begins. */
static char *check_diagonal(Builder *b, int32_t p, bool **pattern)
{
    const Model *m = b->m;
    const int32_t i = spreads_in(b, p, pattern);
    if (i < 0)
        return NULL;
    return user_sentence("%s: learn = 'diagonal' is for recurrences in which no element of a state moves another of "
                         "it: here what %s does to an element of %s is carried to others; 'snap1' leaves that out, "
                         "'rtrl' carries all", m->spec, m->params[p].name, m->states[i].name);
}

/* What `of` makes of the next states sees their sensitivities as they are kept: dL/ds' S' + dL/dtheta. */
static Ref row_of_kept(Builder *b, int32_t p)
{
    Tangents t = tangents_new(b->g, b->count, param_node(b, p), (int32_t)tl_size(&b->m->params[p]), b->arena);
    t.wanted = b->wanted;
    seed_states(b, &t, p);
    for (int32_t i = 0; i < b->nown; i++) {
        Ref left = b->m->next_state[i];
        if (next_of(b, i, p) && node_at(b->g, left)->op != OP_STATE) /* a delay hands on what was kept before */
            t.of[left] = *next_of(b, i, p);
    }
    return tangents_sweep(&t) ? tangent_at(&t, b->of) : 0;
}

char *keep_pattern(Builder *b, int32_t p, Ref *row)
{
    bool **pattern;
    if (b->m->tbptt.learn == TL_LEARN_DIAGONAL)
        return find_diagonal(b, p, &pattern);
    if (b->m->tbptt.learn != TL_LEARN_SNAP1)
        return NULL;
    pattern = patterns(b, p, NULL);
    add_start(b, p, pattern);
    mask(b, p, pattern);
    *row = *row ? row_of_kept(b, p) : 0;
    return b->g->error ? user_sentence("%s: %s", b->m->spec, b->g->error) : NULL;
}

char *find_diagonal(Builder *b, int32_t p, bool ***pattern)
{
    *pattern = patterns(b, p, NULL);
    add_start(b, p, *pattern);
    return check_diagonal(b, p, *pattern);
}
