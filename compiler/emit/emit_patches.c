/* emit_patches.c - a window that slides over an image {C, H, W}: patches and max_pool, and their
 * adjoints. One loop nest a kernel: lanes b and channels c; places i, j of the window; its elements
 * u, v. Element (u, v) at place (i, j) is the image's at
 *     row = i * step + u - padding,  col = j * step + v - padding
 * Loops of one turn are not printed, nor what they would add to an index, nor a test of row or col
 * where the image has no padding along it. */
#include <inttypes.h>

#include "emit/emit_internal.h"

static const char *const loop_names[] = { "b", "c", "i", "j", "u", "v" };
static const char *const image_names[] = { "b", "c", "row", "col" };

/* A kernel being printed. */
typedef struct Printer {
    FILE *f;
    const Kernel *k;
    const int64_t *extent;
    const Slide *slide;
    const Access *y, *x, *g; /* g: unpool's second operand */
    const Access *image;     /* whose elements the window is laid over */
    tl_type real;
} Printer;

/* Dims in the order in which their loops are opened or an index names them. */
static const int channels[] = { DIM_LANES, DIM_CHANNELS };
static const int places[] = { DIM_PLACE_I, DIM_PLACE_J };
static const int window[] = { DIM_ELEMENT_U, DIM_ELEMENT_V };
/* The window's elements outside: then neighbours in the columns are neighbours in the image. */
static const int columns[] = { DIM_ELEMENT_U, DIM_ELEMENT_V, DIM_PLACE_I, DIM_PLACE_J };
static const int pixel[] = { DIM_ROW, DIM_COL };

/* "row * 4 + col" */
static void print_terms(const Printer *p, const Access *a, const int *dim, int count)
{
    const char *const *names = a->image ? image_names : loop_names;
    const char *plus = "";
    for (int i = 0; i < count; i++) {
        int64_t stride = a->stride[dim[i]];
        if (!stride)
            continue;
        fprintf(p->f, stride == 1 ? "%s%s" : "%s%s * %" PRId64, plus, names[dim[i]], stride);
        plus = " + ";
    }
    if (!*plus)
        fputc('0', p->f);
}

/* "x[row * 4 + col]", within a channel of a lane */
static void print_at(const Printer *p, const char *of, const Access *a, const int *dim, int count)
{
    fprintf(p->f, "%s[", of);
    print_terms(p, a, dim, count);
    fputc(']', p->f);
}

/* Loops over `count` dims, the last with a brace; returns how many were printed. */
static int open_loops(const Printer *p, const int *dim, int count, int indent)
{
    int printed = 0;
    while (count && p->extent[dim[count - 1]] == 1)
        count--;
    for (int i = 0; i < count; i++) {
        const char *name = loop_names[dim[i]];
        int64_t extent = p->extent[dim[i]];
        if (extent > 1)
            fprintf(p->f, "%sfor (int %s = 0; %s < %" PRId64 "; %s++)%s\n", indent_text(indent + printed++),
                    name, name, extent, name, i == count - 1 ? " {" : "");
    }
    return printed;
}

/* ---- where things stand ---- */

/* "const real *x = x1 + b * 48 + c * 16;": the channel's part of an argument. */
static void print_channel(const Printer *p, int indent, const char *name, const Access *a)
{
    fprintf(p->f, "%s%s *%s = %c%u", indent_text(indent), a->written ? "real" : "const real", name,
            argument_letter(a), a->argument);
    for (int i = 0; i < 2; i++)
        if (a->stride[channels[i]])
            fprintf(p->f, " + %s * %" PRId64, loop_names[channels[i]], a->stride[channels[i]]);
    fputs(";\n", p->f);
}

/* Which of the window's dims has padding: 0 along rows, 1 along columns. */
static bool padded(const Printer *p, int d) { return p->slide->padding[d] > 0; }
static bool any_padding(const Printer *p) { return padded(p, 0) || padded(p, 1); }

static int32_t image_size(const Printer *p, int d) { return d ? p->slide->wide : p->slide->high; }

/* The image may be broadcast along a dim; the result that unpool writes is not. */
static bool in_index(const Printer *p, int d)
{
    return p->image->stride[pixel[d]] || (p->k->op == OP_UNPOOL && image_size(p, d) > 1);
}

/* "const int row = i * 2 + u - 1;", where something names it */
static void print_position(const Printer *p, int indent, int d)
{
    const Slide *s = p->slide;
    const char *plus = "";
    if (!padded(p, d) && !in_index(p, d))
        return;
    fprintf(p->f, "%sconst int %s = ", indent_text(indent), image_names[pixel[d]]);
    if (p->extent[places[d]] > 1) {
        fputs(loop_names[places[d]], p->f);
        if (s->step[d] > 1)
            fprintf(p->f, " * %d", s->step[d]);
        plus = " + ";
    }
    if (s->size[d] > 1)
        fprintf(p->f, "%s%s", plus, loop_names[window[d]]);
    if (padded(p, d))
        fprintf(p->f, " - %d;\n", s->padding[d]);
    else
        fputs(s->size[d] > 1 || *plus ? ";\n" : "0;\n", p->f);
}

static void print_positions(const Printer *p, int indent)
{
    print_position(p, indent, 0);
    print_position(p, indent, 1);
}

static void print_inside(const Printer *p)
{
    for (int d = 0; d < 2; d++)
        if (padded(p, d)) {
            const char *name = image_names[pixel[d]];
            fprintf(p->f, "%s%s >= 0 && %s < %d", d && padded(p, 0) ? " && " : "", name, name,
                    image_size(p, d));
        }
}

/* ---- bodies: within one channel of one lane ---- */

static void print_patches(const Printer *p, int indent)
{
    int loops = open_loops(p, columns, 4, indent), at = indent + loops;
    print_positions(p, at);
    if (any_padding(p)) {
        fprintf(p->f, "%sconst int inside = ", indent_text(at));
        print_inside(p);
        fputs(";\n", p->f);
    }
    fputs(indent_text(at), p->f);
    print_at(p, "y", p->y, columns, 4);
    fprintf(p->f, "%s%s", p->y->add ? " += " : " = ", any_padding(p) ? "inside ? " : "");
    print_at(p, "x", p->x, pixel, 2);
    fputs(any_padding(p) ? " : 0;\n" : ";\n", p->f);
    nest_close(p->f, loops, indent);
}

/* The whole channel of the result to 0, unless what is there is to be added to. */
static void print_clear(const Printer *p, int indent)
{
    if (p->y->add)
        return;
    int depth = indent;
    for (int d = 0; d < 2; d++)
        if (image_size(p, d) > 1) {
            const char *name = image_names[pixel[d]];
            fprintf(p->f, "%sfor (int %s = 0; %s < %d; %s++)\n", indent_text(depth++), name, name,
                    image_size(p, d), name);
        }
    fputs(indent_text(depth), p->f);
    print_at(p, "y", p->y, pixel, 2);
    fputs(" = 0;\n", p->f);
}

static void print_unpatches(const Printer *p, int indent)
{
    print_clear(p, indent);
    int loops = open_loops(p, columns, 4, indent), body = indent + loops;
    print_positions(p, body);
    if (any_padding(p)) {
        fprintf(p->f, "%sif (", indent_text(body++));
        print_inside(p);
        fputs(")\n", p->f);
    }
    fputs(indent_text(body), p->f);
    print_at(p, "y", p->y, pixel, 2);
    fputs(" += ", p->f);
    print_at(p, "x", p->x, columns, 4);
    fputs(";\n", p->f);
    nest_close(p->f, loops, indent);
}

/* The element of the window at hand, as `a`; the loop goes on where it is padding. */
static void print_candidate(const Printer *p, int indent)
{
    print_positions(p, indent);
    if (any_padding(p)) {
        fprintf(p->f, "%sif (!(", indent_text(indent));
        print_inside(p);
        fprintf(p->f, "))\n%scontinue;\n", indent_text(indent + 1));
    }
    fprintf(p->f, "%sconst real a = ", indent_text(indent));
    print_at(p, "x", p->x, pixel, 2);
    fputs(";\n", p->f);
}

/* NaN goes through. */
static void print_max_pool(const Printer *p, int indent)
{
    int outer = open_loops(p, places, 2, indent), at = indent + outer;
    fprintf(p->f, "%sreal most = -%s;\n", indent_text(at), infinity_word(p->real));
    int inner = open_loops(p, window, 2, at);
    print_candidate(p, at + inner);
    fprintf(p->f, "%smost = a > most || a != a ? a : most;\n", indent_text(at + inner));
    nest_close(p->f, inner, at);
    fputs(indent_text(at), p->f);
    print_at(p, "y", p->y, places, 2);
    fputs(p->y->add ? " += most;\n" : " = most;\n", p->f);
    nest_close(p->f, outer, indent);
}

/* `best` is where in the image's adjoint the first of the largest elements stands. */
static void print_unpool(const Printer *p, int indent)
{
    print_clear(p, indent);
    int outer = open_loops(p, places, 2, indent), at = indent + outer;
    fprintf(p->f, "%sreal most = -%s;\n%sint best = -1;\n", indent_text(at), infinity_word(p->real),
            indent_text(at));
    int inner = open_loops(p, window, 2, at), body = at + inner;
    print_candidate(p, body);
    fprintf(p->f, "%sif (best < 0 || a > most || a != a) {\n", indent_text(body));
    fprintf(p->f, "%smost = a;\n%sbest = ", indent_text(body + 1), indent_text(body + 1));
    print_terms(p, p->y, pixel, 2);
    fprintf(p->f, ";\n%s}\n", indent_text(body));
    nest_close(p->f, inner, at);
    fprintf(p->f, "%sy[best] += ", indent_text(at));
    print_at(p, "g", p->g, places, 2);
    fputs(";\n", p->f);
    nest_close(p->f, outer, indent);
}

/* ---- the kernel ---- */

void print_slide_title(FILE *f, const Kernel *k)
{
    const Slide *s = &k->slide;
    fprintf(f, "/* %s {%" PRId64 ", %d, %d}: %d x %d, step %d x %d, padding %d x %d */\n",
            tl_op_table[k->op].word, k->nest.extent[DIM_CHANNELS], s->high, s->wide, s->size[0], s->size[1],
            s->step[0], s->step[1], s->padding[0], s->padding[1]);
}

void print_slide(FILE *f, const Kernel *k, tl_type real)
{
    const Access *g = k->naccesses > 2 ? &k->access[2] : NULL;
    const Printer p = { .f = f,
                        .k = k,
                        .extent = k->nest.extent,
                        .slide = &k->slide,
                        .y = &k->access[0],
                        .x = &k->access[1],
                        .g = g,
                        .image = &k->access[k->op == OP_UNPATCHES ? 0 : 1],
                        .real = real };
    int depth = open_loops(&p, channels, 2, 1), indent = 1 + depth;
    print_channel(&p, indent, "y", p.y);
    print_channel(&p, indent, "x", p.x);
    if (g)
        print_channel(&p, indent, "g", g);
    switch (k->op) {
    case OP_PATCHES: print_patches(&p, indent); break;
    case OP_UNPATCHES: print_unpatches(&p, indent); break;
    case OP_MAX_POOL: print_max_pool(&p, indent); break;
    default: print_unpool(&p, indent);
    }
    nest_close(f, depth, 1);
}
