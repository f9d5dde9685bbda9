/* classes_plot.h - which class is taken for which, as a picture. */
#ifndef TAPELESS_CLASSES_PLOT_H
#define TAPELESS_CLASSES_PLOT_H

#include "classes.h"
#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* A panel for each of the first four, which have matrices, of the classes that occur; titles: of each. */
int tl_classes_draw(const char *path, const tl_class_list *, const tl_coding *, const char *const *title, tl_error *e);

TL_C_END

#endif
