#include "classes_plot.h"

#include <stdlib.h>
#include <string.h>

#include "plot.h"

enum { MOST_PANELS = 4, NAME = 16 };

/* What a panel is made of; all in one block, names behind numbers behind pointers. */
typedef struct Drawn {
    tl_plot_matrix matrix;
    const char **name;
    double *value;
    char *text;
} Drawn;

static int allocate(Drawn *d, size_t n, tl_error *e)
{
    d->name = calloc(n + 1, sizeof *d->name);
    d->value = calloc(n * n + 1, sizeof *d->value); /* n is at most that of a matrix there is */
    d->text = calloc(n + 1, NAME);
    return d->name && d->value && d->text ? 0 : tl_fail(e, "no memory for a picture of %zu classes", n);
}

static int fill(Drawn *d, const tl_classes *c, const tl_coding *coding, tl_error *e)
{
    const size_t all = (size_t)c->n;
    size_t n = 0, row = 0;
    for (size_t i = 0; i < all; i++)
        n += (size_t)tl_class_occurs(&c->each[i]);
    if (allocate(d, n, e))
        return -1;
    for (size_t i = 0; i < all; i++) {
        if (!tl_class_occurs(&c->each[i]))
            continue;
        d->name[row] = tl_class_name(coding, c, (int32_t)i, d->text + row * NAME, NAME);
        for (size_t k = 0, column = 0; k < all; k++)
            if (tl_class_occurs(&c->each[k]))
                d->value[row * n + column++] = c->confusion[i * all + k];
        row++;
    }
    d->matrix = (tl_plot_matrix){ n, d->value, d->name };
    return 0;
}

int tl_classes_draw(const char *path, const tl_class_list *l, const tl_coding *coding, const char *const *title, tl_error *e)
{
    Drawn drawn[MOST_PANELS] = { 0 };
    tl_plot_panel panel[MOST_PANELS];
    size_t n = l->n < MOST_PANELS ? l->n : MOST_PANELS;
    int bad = 0;
    for (size_t i = 0; i < n && !bad; i++) {
        bad = fill(&drawn[i], &l->item[i], coding, e);
        panel[i] = (tl_plot_panel){ title[i], "said", "true", NULL, .matrix = &drawn[i].matrix };
    }
    bad = bad || tl_plot_write(path, panel, n, e);
    for (size_t i = 0; i < n; i++) {
        free(drawn[i].name);
        free(drawn[i].value);
        free(drawn[i].text);
    }
    return bad ? -1 : 0;
}
