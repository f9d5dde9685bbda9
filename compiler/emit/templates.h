/* templates.h - headers of the runtime that code which stands alone has in it, embedded by scripts/embed.cmake; the last has
 * no name. */
#ifndef TEMPLATES_H
#define TEMPLATES_H

#include <stddef.h>

typedef struct TemplateFile {
    const char *name; /* "product.h" */
    const char *text;
    size_t length;
} TemplateFile;

extern const TemplateFile template_files[];

#endif
