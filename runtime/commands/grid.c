#include "grid.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "standard_output.h"

void tl_grid_add(tl_grid *g, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    if (g->count == g->room) {
        size_t room = g->room ? 2 * g->room : 64;
        char **more = reallocarray(g->cell, room, sizeof *more);
        g->lost |= !more;
        if (!more)
            return;
        g->cell = more;
        g->room = room;
    }
    va_start(arguments, format);
    g->lost |= vasprintf(&text, format, arguments) < 0;
    va_end(arguments);
    if (!g->lost)
        g->cell[g->count++] = text;
}

void tl_grid_number(tl_grid *g, double x)
{
    if (!isfinite(x))
        tl_grid_add(g, "-");
    else
        tl_grid_add(g, fabs(x) < 1e15 && x == floor(x) ? "%.0f" : "%.6g", x);
}

/* Characters of UTF-8. */
static int width_of(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static int column_width(const tl_grid *g, size_t column)
{
    int most = 0;
    for (size_t i = column; i < g->count; i += g->columns)
        most = width_of(g->cell[i]) > most ? width_of(g->cell[i]) : most;
    return most;
}

static void print_cell(const char *text, int width, int first)
{
    int pad = width - width_of(text);
    if (first)
        printf("  %s%*s", text, pad, "");
    else
        printf("  %*s%s", pad, "", text);
}

void tl_grid_print(tl_grid *g)
{
    int *width = calloc(g->columns + 1, sizeof *width);
    g->lost |= !width;
    for (size_t k = 0; k < g->columns && !g->lost; k++)
        width[k] = column_width(g, k);
    for (size_t i = 0; i < g->count && !g->lost; i++) {
        print_cell(g->cell[i], width[i % g->columns], i % g->columns == 0);
        if (i % g->columns == g->columns - 1)
            putchar('\n');
    }
    if (g->lost)
        tl_output_unmade();
    for (size_t i = 0; i < g->count; i++)
        free(g->cell[i]);
    free(g->cell);
    free(width);
    *g = (tl_grid){ .columns = g->columns };
    fflush(stdout);
}
