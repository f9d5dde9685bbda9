#include "time_ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "time_cell.h"

enum { CHARACTER = 8, ROOM = 16 }; /* pixels of a label's character, and between two labels */

typedef enum Detail { YEARS, MONTHS, DAYS, MINUTES, SECONDS } Detail;

/* Of a label, the date below it included. */
static const double characters[] = { [YEARS] = 4, [MONTHS] = 7, [DAYS] = 5, [MINUTES] = 7, [SECONDS] = 8 };

typedef struct Unit {
    Detail detail;
    tl_time_step step;
    double many[10]; /* of it may stand between two ticks; 0 behind the last */
} Unit;

typedef struct Choice {
    Detail detail;
    tl_time_step step; /* from tick to tick */
    double origin;     /* steps are counted from here */
} Choice;

static double length(tl_time_step s) { return s.months ? s.months * 365.2425 / 12 * 86400 : s.seconds; }

static Choice choose(double span, double pixels)
{
    static const Unit unit[] = {
        { SECONDS, { 1, 0 }, { 1, 2, 5, 10, 15, 30 } }, { MINUTES, { 60, 0 }, { 1, 2, 5, 10, 15, 30 } },
        { MINUTES, { 3600, 0 }, { 1, 2, 3, 6, 12 } },   { DAYS, { 86400, 0 }, { 1, 2, 5, 7, 14 } },
        { MONTHS, { 0, 1 }, { 1, 2, 3, 6 } },           { YEARS, { 0, 12 }, { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 } },
    };
    Choice c = { YEARS, { 0, 12000 }, 0 };
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
        for (size_t k = 0; k < 10 && unit[i].many[k] > 0; k++) {
            c = (Choice){ unit[i].detail, { unit[i].step.seconds * unit[i].many[k], unit[i].step.months * (int)unit[i].many[k] }, 0 };
            if (length(c.step) * pixels >= span * (characters[c.detail] * CHARACTER + ROOM))
                return c;
        }
    return c;
}

/* From where on whole steps are years of round numbers, Mondays, midnights. */
static double origin_of(const Choice *c)
{
    if (c->step.months)
        return tl_time_add(0, (tl_time_step){ 0, 12 }, -1970);
    return fmod(c->step.seconds, 7 * 86400) == 0 ? 4 * 86400 : 0;
}

/* Of a time, written as 2024-02-29T13:30:05. Of the tick before: "", where this is the first. */
static void label(char *to, size_t size, Detail detail, const char *text, const char *before)
{
    const int first = !before[0], day = strncmp(text, before, 10) != 0, year = strncmp(text, before, 4) != 0;
    switch (detail) {
    case YEARS: snprintf(to, size, "%.4s", text); break;
    case MONTHS: snprintf(to, size, "%.7s", text); break;
    case DAYS: snprintf(to, size, "%.5s%s%.4s", text + 5, year ? "\n" : "", year ? text : ""); break;
    default:
        snprintf(to, size, "%.*s%s%.10s", detail == SECONDS ? 8 : 5, text + 11, day ? "\n" : "", !day ? "" : first ? text : "");
        if (day && !first)
            snprintf(to + strlen(to), size - strlen(to), "%.5s", text + 5);
    }
}

size_t tl_time_ticks(double first, double last, double pixels, tl_time_tick tick[TL_TIME_TICKS])
{
    size_t n = 0;
    char before[TL_TIME_SIZE] = "", text[TL_TIME_SIZE];
    if (!isfinite(first) || !isfinite(last))
        return 0;
    Choice c = choose(last - first, pixels);
    c.origin = origin_of(&c);
    for (double k = floor(tl_time_between(c.origin, first, c.step)); n < TL_TIME_TICKS; k++) {
        const double at = tl_time_add(c.origin, c.step, k);
        if (at > last)
            break;
        if (at < first)
            continue;
        tl_time_write(at, TL_TIME_SECOND, 1, text);
        tick[n].at = at;
        label(tick[n++].label, sizeof tick->label, c.detail, text, before);
        memcpy(before, text, sizeof before);
    }
    return n;
}
