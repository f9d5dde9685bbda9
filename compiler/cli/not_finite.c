#include "cli/not_finite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/real.h>

#include "graph/checked.h"
#include "graph/names.h"
#include "graph/user_error.h"

enum { OPERANDS = 3 };

/* Something that is not finite, where it arose. Node r of the step is instruction r - 1 of the interpreter. */
typedef struct Event {
    Ref node;              /* 0: nothing has been seen */
    int32_t slot;
    size_t lane, element;
    double value;          /* what it is */
    double arrived;        /* backward: the gradient that reached the operation */
    bool exact;            /* operand[k] are the numbers that it was made of */
    double operand[OPERANDS];
} Event;

struct NotFinite {
    const Model *model;
    Engine *engine;
    Event nan, infinity, back; /* the first of each */
    Ref hidden;                /* the first choice that leaves out what is not finite, or 0 */
    int32_t first;             /* the oldest slot that was run */
};

/* ---- numbers of the slot at hand ---- */

static size_t size_of(const Node *n)
{
    size_t size = 1;
    for (int32_t d = 0; d < n->shape.rank; d++)
        size *= (size_t)n->shape.dim[d];
    return size;
}

static size_t lanes_of(const NotFinite *f, const Node *n) { return n->batched ? (size_t)tl_lanes(&f->model->tbptt) : 1; }

/* Element e of a lane; of a shared value every lane has the same. */
static double number(const NotFinite *f, const void *block, const Node *n, size_t lane, size_t e)
{
    return tl_real_get(f->engine->model->real, block, (n->batched ? lane * size_of(n) : 0) + e);
}

static double value_of(const NotFinite *f, Ref r, size_t lane, size_t e)
{
    const Node *n = node_at(f->model->step, r);
    const void *block = tl_interp_value(f->engine->interp, (int32_t)r - 1);
    if (n->token)
        return ((const int32_t *)block)[(n->batched ? lane : 0) + e];
    return number(f, block, n, lane, e);
}

/* The element of an operand that is broadcast to element e of `space`: shapes are matched from the right. */
static size_t broadcast_from(const Node *space, const Node *operand, size_t e)
{
    size_t at = 0, stride = 1;
    for (int32_t d = space->shape.rank - 1, k = operand->shape.rank - 1; k >= 0; d--, k--) {
        size_t extent = (size_t)space->shape.dim[d], i = e % extent;
        e /= extent;
        at += operand->shape.dim[k] == 1 ? 0 : i * stride;
        stride *= (size_t)operand->shape.dim[k];
    }
    return at;
}

static bool any(const NotFinite *f, const void *block, const Node *n, bool (*is)(double), size_t *lane, size_t *e)
{
    size_t size = size_of(n), lanes = lanes_of(f, n);
    for (*lane = 0; block && !n->token && *lane < lanes; ++*lane)
        for (*e = 0; *e < size; ++*e)
            if (is(number(f, block, n, *lane, *e)))
                return true;
    return false;
}

static bool is_nan(double x) { return isnan(x); }
static bool is_infinite(double x) { return isinf(x); }
static bool is_not_finite(double x) { return !isfinite(x); }

static bool has(const NotFinite *f, Ref r, bool (*is)(double))
{
    size_t lane, e;
    return any(f, tl_interp_value(f->engine->interp, (int32_t)r - 1), node_at(f->model->step, r), is, &lane, &e);
}

static bool operand_has(const NotFinite *f, Ref r, bool (*is)(double))
{
    for (uint32_t k = 0; k < node_at(f->model->step, r)->nargs; k++)
        if (has(f, arg_at(f->model->step, r, k), is))
            return true;
    return false;
}

/* ---- watching ---- */

/* The numbers that element e of an operation element by element was made of. */
static void note_operands(const NotFinite *f, Event *v)
{
    const Graph *g = f->model->step;
    const Node *n = node_at(g, v->node);
    v->exact = tl_op_table[n->op].kind == TL_POINTWISE && n->nargs <= OPERANDS;
    for (uint32_t k = 0; v->exact && k < n->nargs; k++) {
        Ref r = arg_at(g, v->node, k);
        v->operand[k] = value_of(f, r, v->lane, broadcast_from(n, node_at(g, r), v->element));
    }
}

/* A value that is as it must not be, made of operands none of which is. */
static void look_at_value(NotFinite *f, Event *v, Ref r, int32_t slot, bool (*is)(double), bool (*before)(double))
{
    const Node *n = node_at(f->model->step, r);
    size_t lane, e;
    const void *block = tl_interp_value(f->engine->interp, (int32_t)r - 1);
    if (v->node || !any(f, block, n, is, &lane, &e) || operand_has(f, r, before))
        return;
    *v = (Event){ .node = r, .slot = slot, .lane = lane, .element = e, .value = number(f, block, n, lane, e) };
    note_operands(f, v);
}

static bool chooses(tl_op op) { return op == OP_WHERE || op == OP_MAX || op == OP_MIN || op == OP_CLAMP; }

static void look_forward(NotFinite *f, Ref r, int32_t slot)
{
    const Node *n = node_at(f->model->step, r);
    look_at_value(f, &f->nan, r, slot, is_nan, is_nan);
    look_at_value(f, &f->infinity, r, slot, is_infinite, is_not_finite);
    if (!f->hidden && chooses(n->op) && operand_has(f, r, is_not_finite) && !has(f, r, is_not_finite))
        f->hidden = r;
}

/* An element of the operation whose element of the operand is e; the first, if it is broadcast. */
static size_t element_above(const Node *n, const Node *operand, size_t e)
{
    size_t i = 0, size = size_of(n);
    while (i < size && broadcast_from(n, operand, i) != e)
        i++;
    return i < size ? i : 0;
}

static void look_backward(NotFinite *f, Ref r, int32_t slot)
{
    const Graph *g = f->model->step;
    const Node *n = node_at(g, r);
    const void *arrived = tl_interp_adjoint(f->engine->interp, (int32_t)r - 1);
    size_t lane, e;
    if (f->back.node || any(f, arrived, n, is_not_finite, &lane, &e))
        return;
    for (uint32_t k = 0; k < n->nargs && !f->back.node; k++) {
        Ref to = arg_at(g, r, k);
        const Node *operand = node_at(g, to);
        const void *sent = tl_interp_adjoint(f->engine->interp, (int32_t)to - 1);
        if (!any(f, sent, operand, is_not_finite, &lane, &e))
            continue;
        bool pointwise = tl_op_table[n->op].kind == TL_POINTWISE;
        size_t above = pointwise ? element_above(n, operand, e) : 0;
        f->back = (Event){ .node = r, .slot = slot, .lane = lane, .element = above,
                           .value = number(f, sent, operand, lane, e),
                           .arrived = pointwise ? number(f, arrived, n, lane, above) : NAN };
        note_operands(f, &f->back);
    }
}

static void look(void *context, int32_t slot, int32_t instr, int backward)
{
    NotFinite *f = context;
    f->first = slot < f->first ? slot : f->first;
    if (backward)
        look_backward(context, (Ref)instr + 1, slot);
    else
        look_forward(context, (Ref)instr + 1, slot);
}

NotFinite *not_finite_watch(const Model *m, Engine *engine)
{
    NotFinite *f = checked(calloc(1, sizeof *f));
    f->model = m;
    f->engine = engine;
    f->first = INT32_MAX;
    tl_interp_set_watch(engine->interp, look, f);
    return f;
}

void not_finite_forget(NotFinite *f)
{
    f->nan = f->infinity = f->back = (Event){ 0 };
    f->hidden = 0;
    f->first = INT32_MAX;
}

void not_finite_free(NotFinite *f)
{
    tl_interp_set_watch(f->engine->interp, NULL, NULL);
    free(f);
}

/* ---- words ---- */

static const char *word(double x) { return isnan(x) ? "NaN" : x > 0 ? "inf" : "-inf"; }

static void print_place(FILE *out, const Model *m, Ref r)
{
    const Graph *g = m->step;
    const Node *n = node_at(g, r);
    if (tl_op_table[n->op].kind == TL_LEAF)
        fputs(model_node_name(m, g, r), out);
    else
        fprintf(out, "%s at %s:%d", tl_op_table[n->op].word, n->file < g->nfiles ? g->files[n->file] : "", n->line);
}

/* Each operand once, with the number that it has there. */
static void print_operands(FILE *out, const NotFinite *f, const Event *v)
{
    const Graph *g = f->model->step;
    const Node *n = node_at(g, v->node);
    for (uint32_t k = 0; k < n->nargs && k < 4; k++) {
        Ref r = arg_at(g, v->node, k);
        fprintf(out, "%s%s", k ? k + 1 == n->nargs ? " and " : ", " : ", of ", model_node_name(f->model, g, r));
        if (v->exact && node_at(g, r)->op != OP_CONST)
            fprintf(out, " = %.6g", v->operand[k]);
    }
}

static void print_where(FILE *out, const NotFinite *f, const Event *v)
{
    const Node *n = node_at(f->model->step, v->node);
    const Model *m = f->model;
    fprintf(out, ", in step %d of a window of %d", v->slot - f->first + 1, m->tbptt.k2 - f->first);
    if (n->batched && tl_lanes(&m->tbptt) > 1)
        fprintf(out, ", lane %zu", v->lane + 1);
    if (v->exact && size_of(n) > 1)
        fprintf(out, ", element %zu", v->element);
}

static void print_forward(FILE *out, const NotFinite *f, const Event *v)
{
    print_place(out, f->model, v->node);
    fprintf(out, " is %s", word(v->value));
    print_operands(out, f, v);
    print_where(out, f, v);
}

/* Infinity that nothing took, as it seemed: 0 times it is what goes back. */
static void print_hidden(FILE *out, const NotFinite *f)
{
    fputs("; ", out);
    print_place(out, f->model, f->hidden);
    fputs(" does not take that value, but what goes back to it is 0 times infinity, which is NaN, as in PyTorch: keep it "
          "finite where it is not taken, too", out);
}

static void print_backward(FILE *out, const NotFinite *f, const Event *v)
{
    bool zero = v->exact && v->arrived == 0;
    fputs("going back through ", out);
    print_place(out, f->model, v->node);
    print_operands(out, f, v);
    if (v->exact)
        fprintf(out, ", the gradient %.6g becomes %s", v->arrived, word(v->value));
    else
        fprintf(out, " the gradient becomes %s", word(v->value));
    print_where(out, f, v);
    if (zero && f->hidden)
        print_hidden(out, f);
    else if (v->exact)
        fputs(zero ? "; 0 times an infinite derivative is NaN" : "; its derivative there is infinite, or too large", out);
}

/* Values: a NaN where there is one, else an infinity. */
static const Event *chosen(const NotFinite *f, bool values)
{
    const Event *v = !values ? &f->back : f->nan.node ? &f->nan : &f->infinity;
    return v->node ? v : NULL;
}

char *not_finite_sentence(const NotFinite *f, bool values)
{
    char *text = NULL;
    size_t size;
    const Event *v = chosen(f, values);
    if (!v)
        return NULL;
    FILE *out = text_open(&text, &size);
    if (values)
        print_forward(out, f, v);
    else
        print_backward(out, f, v);
    text_close(out);
    return text;
}

/* The leaves that a node is made of, within its step. */
static void mark_sources(const Graph *g, bool *of, Ref r)
{
    of[r] = true;
    for (; r > 0; r--)
        for (uint32_t k = 0; of[r] && k < node_at(g, r)->nargs; k++)
            of[arg_at(g, r, k)] = true;
}

char *not_finite_advice(const NotFinite *f, bool values)
{
    const Model *m = f->model;
    const Event *v = chosen(f, values);
    char *text = NULL;
    size_t size;
    bool *of = checked(calloc(m->step->count, sizeof *of));
    FILE *out = text_open(&text, &size);
    if (v)
        mark_sources(m->step, of, v->node);
    int said = 0;
    for (Ref r = 1; r < m->step->count && said < 4; r++)
        if (of[r] && node_at(m->step, r)->op == OP_STATE) {
            fprintf(out, "--state %s=LOW..HIGH, ", m->states[node_at(m->step, r)->attr[0]].name);
            said++;
        }
    fputs("--range TENSOR=LOW..HIGH, --params F or --data F", out);
    text_close(out);
    free(of);
    return text;
}
