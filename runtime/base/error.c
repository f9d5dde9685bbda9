#include "error.h"

#include <stdarg.h>
#include <stdio.h>

int tl_fail(tl_error *e, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(e->text, sizeof e->text, format, ap);
    va_end(ap);
    return -1;
}
