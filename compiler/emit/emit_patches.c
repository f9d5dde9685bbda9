/* emit_patches.c - a window that slides over an image {C, H, W}: patches and max_pool, and their
 * adjoints. One loop nest a kernel: lanes b and channels c; places i, j of the window; its elements
 * u, v. Element (u, v) at place (i, j) is the image's at
 *     row = i * step + u - padding,  col = j * step + v - padding
 * Loops of one turn are not printed, nor what they would add to an index, nor a test of row or col
 * where the image has no padding along it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"

/* A variable of an index: how often it turns, and what a turn is worth. */
typedef struct Term {
    const char *name;
    int64_t extent, stride;
} Term;

enum { LANE, CHANNEL, PLACE_I, PLACE_J, ELEMENT_U, ELEMENT_V, VARIABLES };

static const char *const names[VARIABLES] = { "b", "c", "i", "j", "u", "v" };

typedef struct Slide {
    FILE *f;
    const Node *n;
    tl_type real;
    int64_t extent[VARIABLES];
    int32_t high, wide;  /* of the image */
    bool add;            /* to what stands in the result */
    Layout image, columns, small; /* {C, H, W}; {C KH KW, OH OW}; {C, OH, OW} */
} Slide;

static void print_sum(const Slide *s, const Term *terms, int count)
{
    const char *plus = "";
    for (int i = 0; i < count; i++) {
        if (terms[i].extent == 1 || !terms[i].stride)
            continue;
        fprintf(s->f, terms[i].stride == 1 ? "%s%s" : "%s%s * %" PRId64, plus, terms[i].name,
                terms[i].stride);
        plus = " + ";
    }
    if (!*plus)
        fputc('0', s->f);
}

static void print_element(const Slide *s, const char *of, const Term *terms, int count)
{
    fprintf(s->f, "%s[", of);
    print_sum(s, terms, count);
    fputc(']', s->f);
}

/* Loops over `count` variables, the last with a brace; returns how many were printed. */
static int open_loops(const Slide *s, const int *variable, int count, int indent)
{
    int printed = 0;
    while (count && s->extent[variable[count - 1]] == 1)
        count--;
    for (int i = 0; i < count; i++) {
        const char *name = names[variable[i]];
        int64_t extent = s->extent[variable[i]];
        if (extent > 1)
            fprintf(s->f, "%sfor (int %s = 0; %s < %" PRId64 "; %s++)%s\n",
                    indent_text(indent + printed++), name, name, extent, name,
                    i == count - 1 ? " {" : "");
    }
    return printed;
}

static const int channels[] = { LANE, CHANNEL };
static const int places[] = { PLACE_I, PLACE_J };
static const int window[] = { ELEMENT_U, ELEMENT_V };
/* The window's elements outside: then neighbours in the columns are neighbours in the image. */
static const int columns[] = { ELEMENT_U, ELEMENT_V, PLACE_I, PLACE_J };

/* ---- where things stand ---- */

/* "const real *x = x1 + b * 48 + c * 16;": the channel's part of an argument. */
static void print_channel(const Slide *s, int indent, const char *name, const char *argument,
                          const Layout *l, int64_t channel_stride)
{
    const char *type = *argument == 'y' ? "real" : "const real";
    fprintf(s->f, "%s%s *%s = %s", indent_text(indent), type, name, argument);
    if (l->lane && s->extent[LANE] > 1)
        fprintf(s->f, " + b * %" PRId64, l->lane);
    if (channel_stride && s->extent[CHANNEL] > 1)
        fprintf(s->f, " + c * %" PRId64, channel_stride);
    fputs(";\n", s->f);
}

typedef struct Pixel {
    Term terms[2];
} Pixel;

static Pixel pixel(const Slide *s, const Layout *image)
{
    return (Pixel){ { { "row", s->high, image->stride[1] }, { "col", s->wide, image->stride[2] } } };
}

static void print_pixel(const Slide *s, const char *of)
{
    print_element(s, of, pixel(s, &s->image).terms, 2);
}

static void print_column_element(const Slide *s, const char *of)
{
    const int64_t *n = s->extent, *stride = s->columns.stride;
    const Term terms[] = {
        { "u", n[ELEMENT_U], stride[0] * n[ELEMENT_V] }, { "v", n[ELEMENT_V], stride[0] },
        { "i", n[PLACE_I], stride[1] * n[PLACE_J] },     { "j", n[PLACE_J], stride[1] },
    };
    print_element(s, of, terms, 4);
}

static void print_place(const Slide *s, const char *of)
{
    const Term terms[] = { { "i", s->extent[PLACE_I], s->small.stride[1] },
                           { "j", s->extent[PLACE_J], s->small.stride[2] } };
    print_element(s, of, terms, 2);
}

/* Which of the window's dims has padding: 0 along rows, 1 along columns. */
static bool padded(const Slide *s, int d) { return s->n->attr[4 + d] > 0; }

/* The image may be broadcast along a dim; the result that unpool writes is not. */
static bool in_index(const Slide *s, int d)
{
    return (d ? s->wide : s->high) > 1 && (s->image.stride[1 + d] || s->n->op == OP_UNPOOL);
}

/* "const int row = i * 2 + u - 1;", where something names it */
static void print_position(const Slide *s, int indent, int d)
{
    const int32_t *a = s->n->attr;
    const char *plus = "";
    if (!padded(s, d) && !in_index(s, d))
        return;
    fprintf(s->f, "%sconst int %s = ", indent_text(indent), d ? "col" : "row");
    if (s->extent[PLACE_I + d] > 1) {
        fputs(names[PLACE_I + d], s->f);
        if (a[2 + d] > 1)
            fprintf(s->f, " * %d", a[2 + d]);
        plus = " + ";
    }
    if (a[d] > 1)
        fprintf(s->f, "%s%s", plus, names[ELEMENT_U + d]);
    if (padded(s, d))
        fprintf(s->f, " - %d;\n", a[4 + d]);
    else
        fputs(a[d] > 1 || *plus ? ";\n" : "0;\n", s->f);
}

static void print_positions(const Slide *s, int indent)
{
    print_position(s, indent, 0);
    print_position(s, indent, 1);
}

static bool any_padding(const Slide *s) { return padded(s, 0) || padded(s, 1); }

static void print_inside(const Slide *s)
{
    if (padded(s, 0))
        fprintf(s->f, "row >= 0 && row < %d%s", s->high, padded(s, 1) ? " && " : "");
    if (padded(s, 1))
        fprintf(s->f, "col >= 0 && col < %d", s->wide);
}

/* ---- bodies: within one channel of one lane ---- */

static void print_patches(const Slide *s, int indent)
{
    int loops = open_loops(s, columns, 4, indent), at = indent + loops;
    print_positions(s, at);
    if (any_padding(s)) {
        fprintf(s->f, "%sconst int inside = ", indent_text(at));
        print_inside(s);
        fputs(";\n", s->f);
    }
    fputs(indent_text(at), s->f);
    print_column_element(s, "y");
    fprintf(s->f, "%s%s", s->add ? " += " : " = ", any_padding(s) ? "inside ? " : "");
    print_pixel(s, "x");
    fputs(any_padding(s) ? " : 0;\n" : ";\n", s->f);
    nest_close(s->f, loops, indent);
}

/* The whole channel of the result to 0, unless what is there is to be added to. */
static void print_clear(const Slide *s, const Layout *result, int indent)
{
    if (s->add)
        return;
    int depth = indent;
    if (s->high > 1)
        fprintf(s->f, "%sfor (int row = 0; row < %d; row++)\n", indent_text(depth++), s->high);
    if (s->wide > 1)
        fprintf(s->f, "%sfor (int col = 0; col < %d; col++)\n", indent_text(depth++), s->wide);
    fputs(indent_text(depth), s->f);
    print_element(s, "y", pixel(s, result).terms, 2);
    fputs(" = 0;\n", s->f);
}

static void print_unpatches(const Slide *s, int indent)
{
    print_clear(s, &s->image, indent);
    int loops = open_loops(s, columns, 4, indent), body = indent + loops;
    print_positions(s, body);
    if (any_padding(s)) {
        fprintf(s->f, "%sif (", indent_text(body++));
        print_inside(s);
        fputs(")\n", s->f);
    }
    fputs(indent_text(body), s->f);
    print_pixel(s, "y");
    fputs(" += ", s->f);
    print_column_element(s, "x");
    fputs(";\n", s->f);
    nest_close(s->f, loops, indent);
}

/* The element of the window at hand, as `a`; the loop goes on where it is padding. */
static void print_candidate(const Slide *s, int indent)
{
    print_positions(s, indent);
    if (any_padding(s)) {
        fprintf(s->f, "%sif (!(", indent_text(indent));
        print_inside(s);
        fprintf(s->f, "))\n%scontinue;\n", indent_text(indent + 1));
    }
    fprintf(s->f, "%sconst real a = ", indent_text(indent));
    print_pixel(s, "x");
    fputs(";\n", s->f);
}

/* NaN goes through. */
static void print_max_pool(const Slide *s, int indent)
{
    int outer = open_loops(s, places, 2, indent), at = indent + outer;
    fprintf(s->f, "%sreal most = -%s;\n", indent_text(at), infinity_word(s->real));
    int inner = open_loops(s, window, 2, at);
    print_candidate(s, at + inner);
    fprintf(s->f, "%smost = a > most || a != a ? a : most;\n", indent_text(at + inner));
    nest_close(s->f, inner, at);
    fputs(indent_text(at), s->f);
    print_place(s, "y");
    fputs(s->add ? " += most;\n" : " = most;\n", s->f);
    nest_close(s->f, outer, indent);
}

/* `best` is where in the image's adjoint the first of the largest elements stands. */
static void print_unpool(const Slide *s, const Layout *result, int indent)
{
    print_clear(s, result, indent);
    int outer = open_loops(s, places, 2, indent), at = indent + outer;
    fprintf(s->f, "%sreal most = -%s;\n%sint best = -1;\n", indent_text(at), infinity_word(s->real), indent_text(at));
    int inner = open_loops(s, window, 2, at), body = at + inner;
    print_candidate(s, body);
    fprintf(s->f, "%sif (best < 0 || a > most || a != a) {\n", indent_text(body));
    fprintf(s->f, "%smost = a;\n%sbest = ", indent_text(body + 1), indent_text(body + 1));
    print_sum(s, pixel(s, result).terms, 2);
    fprintf(s->f, ";\n%s}\n", indent_text(body));
    nest_close(s->f, inner, at);
    fprintf(s->f, "%sy[best] += ", indent_text(at));
    print_place(s, "g");
    fputs(";\n", s->f);
    nest_close(s->f, outer, indent);
}

/* ---- the kernel ---- */

static Slide slide(const Emitter *e, Ref r, FILE *f)
{
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r);
    bool forward = n->op == OP_PATCHES || n->op == OP_MAX_POOL;
    bool pool = n->op == OP_MAX_POOL || n->op == OP_UNPOOL;
    const Node *image = n->op == OP_UNPATCHES ? n : node_at(g, arg_at(g, r, 0));
    const Layout *first = layout_of(e, arg_at(g, r, 0)), *result = layout_of(e, r);
    Slide s = { .f = f, .n = n, .real = e->program->real, .high = image->shape.dim[1], .wide = image->shape.dim[2],
                .add = result->add,
                .image = n->op == OP_UNPATCHES ? *result : *first };
    const int32_t *a = n->attr;
    const int64_t extent[VARIABLES] = {
        n->batched ? g->lanes : 1, image->shape.dim[0], tl_patch_places(s.high, a[0], a[2], a[4]),
        tl_patch_places(s.wide, a[1], a[3], a[5]), a[0], a[1],
    };
    memcpy(s.extent, extent, sizeof extent);
    if (pool)
        s.small = forward ? *result : *layout_of(e, arg_at(g, r, 1));
    else
        s.columns = forward ? *result : *first;
    return s;
}

static void print_title(const Slide *s)
{
    const int32_t *a = s->n->attr;
    fprintf(s->f, "/* %s {%" PRId64 ", %d, %d}: %d x %d, step %d x %d, padding %d x %d */\n",
            tl_op_table[s->n->op].word, s->extent[CHANNEL], s->high, s->wide, a[0], a[1], a[2], a[3],
            a[4], a[5]);
}

static void print_body(const Slide *s, const Layout *result, const char *adjoint)
{
    int depth = open_loops(s, channels, 2, 1), indent = 1 + depth;
    int64_t rows = s->extent[ELEMENT_U] * s->extent[ELEMENT_V] * s->columns.stride[0];
    switch (s->n->op) {
    case OP_PATCHES:
        print_channel(s, indent, "y", "y0", &s->columns, rows);
        print_channel(s, indent, "x", "x1", &s->image, s->image.stride[0]);
        print_patches(s, indent);
        break;
    case OP_UNPATCHES:
        print_channel(s, indent, "y", "y0", &s->image, s->image.stride[0]);
        print_channel(s, indent, "x", "x1", &s->columns, rows);
        print_unpatches(s, indent);
        break;
    case OP_MAX_POOL:
        print_channel(s, indent, "y", "y0", &s->small, s->small.stride[0]);
        print_channel(s, indent, "x", "x1", &s->image, s->image.stride[0]);
        print_max_pool(s, indent);
        break;
    default:
        print_channel(s, indent, "y", "y0", result, result->stride[0]);
        print_channel(s, indent, "x", "x1", &s->image, s->image.stride[0]);
        print_channel(s, indent, "g", adjoint, &s->small, s->small.stride[0]);
        print_unpool(s, result, indent);
    }
    nest_close(s->f, depth, 1);
}

void emit_patches(Emitter *e, Ref r)
{
    static const int64_t none[MOST_DIMS];
    char *text = NULL;
    size_t size = 0;
    const Graph *g = graph_of(e);
    const Node *n = node_at(g, r);
    FILE *f = text_open(&text, &size);
    Slide s = slide(e, r, f);
    uint32_t last = 1;
    begin_kernel(e);
    add_pointer(e, *layout_of(e, r), true, false, none, MOST_DIMS);
    for (uint32_t i = 0; i < n->nargs; i++) /* an image may be its own adjoint: one pointer */
        last = add_pointer(e, *layout_of(e, arg_at(g, r, i)), false, false, none, MOST_DIMS);
    print_title(&s);
    print_parameters(e, f);
    fputs("{\n", f);
    print_body(&s, layout_of(e, r), last == 2 ? "x2" : "x1");
    fputs("}\n", f);
    text_close(f, &text);
    call_kernel(e, tl_op_table[n->op].word, text);
}
