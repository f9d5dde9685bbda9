/* exported.h - `export` of a trained model as C: its weights, or a library for Arduino or ESP-IDF. */
#ifndef EXPORTED_H
#define EXPORTED_H

#include "cli/single.h"

typedef struct ExportArguments {
    const char *arduino, *esp_idf; /* directories; NULL */
    SingleArguments single;
    /* of the trainer's options: */
    const char *checkpoint, *output;
    bool overwrite;
} ExportArguments;

#define EXPORT_OPTIONS(a)                                                                                                 \
    TL_STRING("arduino", 0, &(a).arduino, "DIR", "a library for Arduino, of code that stands alone, in place of weights"),  \
        TL_STRING("esp-idf", 0, &(a).esp_idf, "DIR", "a component for ESP-IDF, likewise"),                                  \
        TL_FLAG("online", 0, &(a).single.online, "of these two: with the optimizer, to learn from a stream"),               \
        TL_FLAG("no-libm", 0, &(a).single.no_libm, "of these two: no <math.h>, and the same bits on every processor"),      \
        TL_STRING("quantise", 0, &(a).single.quantise, QUANTISED_KINDS, "of these two: the step in fixed point"),           \
        TL_FILES("calibrate", 0, &(a).single.calibrate, "FILE", "of --quantise: data to find the ranges of values by")

/* Whether C is asked for: one of the libraries, or an --output that is called .h. */
bool exports_c(const ExportArguments *);
int run_export(const ExportArguments *, Common *);

#endif
