#include "graph/user_error.h"

#include <stdarg.h>

#include "graph/checked.h"

char *user_sentence(const char *format, ...)
{
    char *s = NULL;
    va_list ap;
    va_start(ap, format);
    checked_print(vasprintf(&s, format, ap));
    va_end(ap);
    return s;
}
