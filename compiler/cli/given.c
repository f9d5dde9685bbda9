#include "cli/given.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/number.h>
#include <tapeless/safetensors.h>
#include <tapeless/version.h>

#include "graph/user_error.h"

/* What is set stands in comments and strings of what is generated. */
enum { LONGEST_VALUE = 60, LONGEST_PATTERNS = 600 };

static SpecDefine *find_define(const Given *g, const char *name)
{
    for (int i = 0; i < g->ndefines; i++)
        if (!strcmp(g->defines[i].name, name))
            return &g->defines[i];
    return NULL;
}

static SpecSet *find_set(const Given *g, const char *name)
{
    for (int i = 0; i < g->nsets; i++)
        if (!strcmp(g->sets[i].name, name))
            return &g->sets[i];
    return NULL;
}

/* "name=value", split; false if it is not. The value of an option may be empty. */
static bool split(Arena *arena, const char *text, const char **name, const char **value)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return false;
    char *copy = arena_strdup(arena, text);
    copy[equals - text] = '\0';
    *name = copy;
    *value = copy + (equals - text) + 1;
    return true;
}

/* ---- the command line ---- */

static char *add_define(Given *g, const char *text)
{
    SpecDefine d = { 0 };
    if (!split(g->arena, text, &d.name, &d.value))
        return user_sentence("-D %s: write -D name=value", text);
    const SpecDefine *before = find_define(g, d.name);
    if (before)
        return user_sentence("-D %s is given twice, %s=%s and %s; give it once", d.name, d.name, before->value, text);
    g->defines[g->ndefines++] = d;
    return NULL;
}

/* Only --group and --freeze make them: train.group, train.freeze. */
static bool are_patterns(const char *name) { return !strcmp(name, "train.group") || !strcmp(name, "train.freeze"); }

static bool has_only(const char *v, const char *others, size_t longest)
{
    size_t n = 0;
    for (; v[n]; n++)
        if (!isalnum((unsigned char)v[n]) && !strchr(others, v[n]))
            return false;
    return n <= longest;
}

/* The field that a name without its beginning, or with another's, is of: "; did you mean tbptt.k2?" or "". */
static const char *meant(Given *g, const char *name)
{
    static const char *const fields[] = { "tbptt.k1", "tbptt.k2", "tbptt.batch", "tbptt.carry", "tbptt.overlap", "tbptt.loss",
                                          "train.optimizer", "train.schedule", "train.clip_norm", "train.clip_value",
                                          "train.optimizer.lr", "train.optimizer.weight_decay", "train.schedule.total" };
    const char *last = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!strcmp(strrchr(fields[i], '.') + 1, last))
            return arena_printf(g->arena, "; did you mean %s?", fields[i]);
    return "";
}

static char *add_set(Given *g, const char *given, const char *name, const char *value)
{
    const SpecSet *before = find_set(g, name);
    if (strncmp(name, "tbptt.", 6) && strncmp(name, "train.", 6))
        return user_sentence("%s: a field that can be set begins with tbptt. or train., such as tbptt.k2 or "
                             "train.clip_norm%s", given, meant(g, name));
    if (are_patterns(name) && !has_only(value, "_.,:+-*?[]!=;", LONGEST_PATTERNS))
        return user_sentence("%s: it has letters, digits and _ . , : + - * ? [ ] ! = in it, %d at most of all together", given,
                             LONGEST_PATTERNS);
    if (!are_patterns(name) && !has_only(value, "_.,:+-", LONGEST_VALUE))
        return user_sentence("%s: a value has letters, digits and _ . , : + - in it, %d at most", given, LONGEST_VALUE);
    if (before)
        return user_sentence("%s is set twice, by %s and by %s; set it once", name, before->given, given);
    int i = g->nsets++;
    for (; i > 0 && strcmp(g->sets[i - 1].name, name) > 0; i--)
        g->sets[i] = g->sets[i - 1];
    g->sets[i] = (SpecSet){ name, value, given };
    return NULL;
}

static char *add_assignment(Given *g, const char *text)
{
    const char *name, *value;
    if (!strncmp(text, "train.group=", 12) || !strncmp(text, "train.freeze=", 13))
        return user_sentence("--set %s: write --group and --freeze", text);
    if (!split(g->arena, text, &name, &value) || !*value)
        return user_sentence("--set %s: write --set FIELD=VALUE, such as --set tbptt.k2=60", text);
    return add_set(g, arena_printf(g->arena, "--set %s", text), name, value);
}

static char *add_whole(Given *g, const char *field, int64_t x)
{
    const char *value = arena_printf(g->arena, "%lld", (long long)x);
    return x ? add_set(g, arena_printf(g->arena, "--%s %s", field, value), arena_printf(g->arena, "tbptt.%s", field),
                       value) : NULL;
}

/* With as few digits as give the number again. */
static char *add_lr(Given *g, double x)
{
    char text[40];
    int digits = 1;
    do
        snprintf(text, sizeof text, "%.*g", digits, x);
    while (strtod(text, NULL) != x && digits++ < 17);
    return x >= 0 ? add_set(g, arena_printf(g->arena, "--lr %s", text), "train.optimizer.lr",
                            arena_strdup(g->arena, text)) : NULL;
}

/* All of one option as one value. */
static char *add_patterns(Given *g, const char *option, const char *name, const tl_list *list, char separator)
{
    const char *all = "", *given = "";
    for (size_t i = 0; i < list->count; i++) {
        if (!strcmp(option, "--group") && strchr(list->item[i], separator))
            return user_sentence("%s %s: it has a '%c' in it, which no name has", option, list->item[i], separator);
        all = i ? arena_printf(g->arena, "%s%c%s", all, separator, list->item[i]) : list->item[i];
        given = arena_printf(g->arena, "%s%s%s %s", given, i ? " " : "", option, list->item[i]);
    }
    return list->count ? add_set(g, given, name, all) : NULL;
}

static char *add_learn(Given *g, const char *name)
{
    return name ? add_set(g, arena_printf(g->arena, "--learn %s", name), "tbptt.learn", name) : NULL;
}

static char *add_optimizer(Given *g, const char *name)
{
    return name ? add_set(g, arena_printf(g->arena, "--optimizer %s", name), "train.optimizer", name) : NULL;
}

enum { MORE = 128 }; /* at most, from a checkpoint or from options that are short for --set */

bool given_read(Given *g, const Common *c, char **error)
{
    *g = (Given){ .arena = arena_new(), .f64 = real_of(c) == TL_F64 };
    g->defines = arena_array(g->arena, SpecDefine, c->defines.count + MORE);
    g->sets = arena_array(g->arena, SpecSet, c->sets.count + MORE);
    char *wrong = NULL;
    for (size_t i = 0; i < c->defines.count && !wrong; i++)
        wrong = add_define(g, c->defines.item[i]);
    for (size_t i = 0; i < c->sets.count && !wrong; i++)
        wrong = add_assignment(g, c->sets.item[i]);
    wrong = wrong ? wrong : add_whole(g, "k1", c->k1);
    wrong = wrong ? wrong : add_whole(g, "k2", c->k2);
    wrong = wrong ? wrong : add_whole(g, "batch", c->batch);
    wrong = wrong ? wrong : add_whole(g, "shards", c->shards);
    wrong = wrong ? wrong : add_lr(g, c->lr);
    wrong = wrong ? wrong : add_optimizer(g, c->optimizer);
    wrong = wrong ? wrong : add_learn(g, c->learn);
    wrong = wrong ? wrong : add_patterns(g, "--group", "train.group", &c->groups, ';');
    wrong = wrong ? wrong : add_patterns(g, "--freeze", "train.freeze", &c->frozen, ',');
    if (wrong) {
        *error = wrong;
        given_free(g);
    }
    return !wrong;
}

/* ---- a checkpoint ---- */

static bool same_value(const char *a, const char *b)
{
    double x, y;
    return !strcmp(a, b) || (tl_parse_number(a, &x) && tl_parse_number(b, &y) && x == y);
}

static void say_other(const char *path, const char *given, const char *value)
{
    fprintf(stderr, "tapeless: %s, though the checkpoint %s has %s\n", given, path, value);
}

static void take_define(Given *g, const char *path, const char *name, const char *value)
{
    const SpecDefine *d = find_define(g, name);
    if (!d)
        g->defines[g->ndefines++] = (SpecDefine){ name, value, path };
    else if (!same_value(d->value, value))
        say_other(path, arena_printf(g->arena, "-D %s=%s", name, d->value), value);
}

static void take_set(Given *g, const char *path, const char *name, const char *value)
{
    const SpecSet *s = find_set(g, name);
    if (s && !same_value(s->value, value))
        say_other(path, s->given, value);
    else if (!s)
        free(add_set(g, arena_printf(g->arena, "%s: %s=%s", path, name, value), name, value));
}

/* "hidden=128 tbptt.k2=60", as a generated model holds it: a name with a dot is a field's. */
static void take_options(Given *g, const char *path, const char *text)
{
    for (int taken = 0; *text && taken < MORE - 8; taken++) {
        size_t n = strcspn(text, " ");
        const char *name, *value;
        if (split(g->arena, arena_printf(g->arena, "%.*s", (int)n, text), &name, &value)) {
            if (strchr(name, '.'))
                take_set(g, path, name, value);
            else
                take_define(g, path, name, value);
        }
        text += n + strspn(text + n, " ");
    }
}

void given_add_checkpoint(Given *g, const Common *c, const char *path)
{
    tl_error ignored; /* whoever reads it next says what is wrong with it */
    tl_st *st = tl_st_open(path, &ignored);
    const char *options = st ? tl_st_meta(st, "options") : NULL, *real = st ? tl_st_meta(st, "real") : NULL;
    path = arena_strdup(g->arena, path);
    if (options)
        take_options(g, path, options);
    if (real && c->precision && strcmp(c->precision, real))
        say_other(path, arena_printf(g->arena, "--precision %s", c->precision), real);
    else if (real)
        g->f64 = !strcmp(real, "f64");
    tl_st_free(st);
}

void given_free(Given *g) { arena_free(g->arena); }

Model *given_load(const Given *g, const char *spec)
{
    char *error = NULL;
    SpecOptions options = { g->defines, g->ndefines, g->sets, g->nsets, TL_VERSION };
    Model *m = spec_load(spec, &options, &error);
    if (!m)
        complain(error);
    return m;
}
