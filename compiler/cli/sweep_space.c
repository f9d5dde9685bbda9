#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/number.h>
#include <tapeless/random.h>
#include "cli/sweep.h"

/* ---- what is varied ---- */

/* The values of a list, between bars if there are any, else between commas. */
static void read_choices(Axis *a, Arena *arena, const char *text)
{
    const char mark = strchr(text, '|') ? '|' : ',';
    a->kind = AXIS_CHOICES;
    a->choice = arena_array(arena, const char *, strlen(text) + 1);
    for (const char *s = text, *end; s; s = *end ? end + 1 : NULL) {
        end = s + strcspn(s, mark == '|' ? "|" : ",");
        if (end > s)
            a->choice[a->choices++] = arena_printf(arena, "%.*s", (int)(end - s), s);
    }
}

static bool is_whole(const char *text) { return text[strspn(text, "+-0123456789")] == '\0'; }

/* "1e-4..1e-1" */
static bool read_range(Axis *a, Arena *arena, const char *text)
{
    const char *dots = strstr(text, "..");
    const char *low = dots ? arena_printf(arena, "%.*s", (int)(dots - text), text) : NULL;
    if (!low || !tl_parse_number(low, &a->low) || !tl_parse_number(dots + 2, &a->high))
        return false;
    a->whole = is_whole(low) && is_whole(dots + 2);
    return true;
}

/* NULL, or what is wrong. */
static char *check_range(const Axis *a, const char *given)
{
    if (!(a->low < a->high) || !isfinite(a->low) || !isfinite(a->high))
        return user_sentence("%s: a range goes from a number to a larger one, such as 0.1..0.5", given);
    if (a->kind == AXIS_LOGARITHMIC && !(a->low > 0))
        return user_sentence("%s: a logarithmic range begins above 0", given);
    return NULL;
}

static char *read_axis(Axis *a, Arena *arena, const char *given, const char *value)
{
    const bool log = !strncmp(value, "log:", 4);
    if (read_range(a, arena, log ? value + 4 : value)) {
        a->kind = log ? AXIS_LOGARITHMIC : AXIS_UNIFORM;
        return check_range(a, given);
    }
    if (log)
        return user_sentence("%s: write log:LOW..HIGH, such as log:1e-4..1e-1", given);
    read_choices(a, arena, value);
    return a->choices ? NULL : user_sentence("%s: there is no value in it", given);
}

/* Short names stand for fields as options of that name do. */
static const char *field_of(Arena *arena, const char *name)
{
    static const char *const tbptt[] = { "k1", "k2", "batch", "shards", "learn", "loss", "overlap" };
    if (!strcmp(name, "lr"))
        return "train.optimizer.lr";
    if (!strcmp(name, "optimizer") || !strcmp(name, "clip_norm") || !strcmp(name, "schedule"))
        return arena_printf(arena, "train.%s", name);
    for (size_t i = 0; i < sizeof tbptt / sizeof *tbptt; i++)
        if (!strcmp(name, tbptt[i]))
            return arena_printf(arena, "tbptt.%s", name);
    return name;
}

static const char *short_name(const char *field)
{
    static const char *const prefixes[] = { "train.optimizer.", "train.", "tbptt." };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(field, prefixes[i], strlen(prefixes[i])))
            return field + strlen(prefixes[i]);
    return field;
}

/* -D or --set: a further axis, or a word for all. */
static char *add(Space *s, Arena *arena, const char *option, const char *text, bool field)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return user_sentence("%s %s: write NAME=VALUE, NAME=VALUE,VALUE,..., NAME=LOW..HIGH or NAME=log:LOW..HIGH", field ? "--set" : "-D", text);
    const char *given = arena_printf(arena, "%s %s", field ? "--set" : "-D", text);
    const char *name = arena_printf(arena, "%.*s", (int)(equals - text), text);
    name = field ? field_of(arena, name) : name;
    Axis a = { .option = arena_printf(arena, "%s=%s", option, name), .name = field ? short_name(name) : name };
    char *wrong = read_axis(&a, arena, given, equals + 1);
    for (int i = 0; i < s->axes && !wrong; i++)
        if (!strcmp(s->axis[i].option, a.option))
            wrong = user_sentence("%s: %s is given twice", given, name);
    if (!wrong && a.kind == AXIS_CHOICES && a.choices == 1)
        words_push(&s->fixed, arena_printf(arena, "%s=%s", a.option, a.choice[0]));
    else if (!wrong)
        s->axis[s->axes++] = a;
    return wrong;
}

bool space_read(Space *s, Arena *arena, const Common *c, char **error)
{
    *s = (Space){ .axis = arena_array(arena, Axis, c->defines.count + c->sets.count + 1), .fixed = { .arena = arena } };
    *error = NULL;
    for (size_t i = 0; i < c->defines.count && !*error; i++)
        *error = add(s, arena, "--define", c->defines.item[i], false);
    for (size_t i = 0; i < c->sets.count && !*error; i++)
        *error = add(s, arena, "--set", c->sets.item[i], true);
    return !*error;
}

/* ---- points ---- */

long space_grid(const Space *s)
{
    long n = 1;
    for (int i = 0; i < s->axes; i++) {
        if (s->axis[i].kind != AXIS_CHOICES || __builtin_mul_overflow(n, (long)s->axis[i].choices, &n) || n > INT32_MAX)
            return 0;
    }
    return n;
}

/* The last axis moves first. */
static void grid_point(const Space *s, long index, const char **value)
{
    for (int i = s->axes - 1; i >= 0; i--) {
        value[i] = s->axis[i].choice[index % s->axis[i].choices];
        index /= s->axis[i].choices;
    }
}

/* Four digits, so that what is printed is what is used. */
static const char *drawn(const Axis *a, Arena *arena, double u)
{
    if (a->kind == AXIS_CHOICES)
        return a->choice[(int)(u * a->choices)];
    const double one = a->whole ? 1 : 0; /* both ends of whole numbers are as likely as those between */
    const double x = a->kind == AXIS_UNIFORM ? a->low + u * (a->high - a->low + one) : a->low * pow((a->high + one) / a->low, u);
    return a->whole ? arena_printf(arena, "%.0f", floor(x)) : arena_printf(arena, "%.4g", x);
}

/* Different points of the grid, by the first steps of a shuffle (Durstenfeld, 1964). */
static void shuffled_points(const Space *s, Arena *arena, long grid, const char ***point, long trials, tl_random *r)
{
    long *order = arena_array(arena, long, grid);
    for (long i = 0; i < grid; i++)
        order[i] = i;
    for (long i = 0; i < trials; i++) {
        const long k = i + (long)(tl_uniform(r) * (double)(grid - i)), was = order[i];
        order[i] = order[k];
        order[k] = was;
        grid_point(s, order[i], point[i]);
    }
}

const char ***space_points(const Space *s, Arena *arena, long trials, uint64_t seed)
{
    tl_random r = { tl_random_seed_of(seed, "sweep"), 0 };
    const char ***point = arena_array(arena, const char **, trials);
    const long grid = space_grid(s);
    for (long i = 0; i < trials; i++)
        point[i] = arena_array(arena, const char *, s->axes + 1);
    if (grid && trials >= grid)
        for (long i = 0; i < trials; i++)
            grid_point(s, i, point[i]);
    else if (grid && grid <= 1 << 22)
        shuffled_points(s, arena, grid, point, trials, &r);
    else
        for (long i = 0; i < trials; i++)
            for (int k = 0; k < s->axes; k++)
                point[i][k] = drawn(&s->axis[k], arena, tl_uniform(&r));
    return point;
}

double axis_place(const Axis *a, const char *value)
{
    double x;
    if (a->kind == AXIS_CHOICES) {
        int k = 0;
        while (k < a->choices - 1 && strcmp(a->choice[k], value))
            k++;
        return a->choices > 1 ? (double)k / (a->choices - 1) : 0.5;
    }
    if (!tl_parse_number(value, &x))
        return 0.5;
    return a->kind == AXIS_UNIFORM ? (x - a->low) / (a->high - a->low) : log(x / a->low) / log(a->high / a->low);
}
