/* commands.c - what the commands share. */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "user_error.h"
#include "version.h"

int complain(char *sentence)
{
    fprintf(stderr, "%s\n", sentence);
    free(sentence);
    return EXIT_WRONG;
}

static bool known_precision(const char *s) { return !strcmp(s, "f32") || !strcmp(s, "f64"); }

int parse_command(const tl_option *table, Common *c, const char *command, const char *about, int argc, char **argv)
{
    tl_error e;
    int nargs = 0;
    char usage[128];
    snprintf(usage, sizeof usage, "tapeless %s SPEC [options]", command);
    c->precision = c->precision ? c->precision : "f32";
    switch (tl_cli_parse(table, argc, argv, 1, &nargs, &e)) {
    case TL_CLI_HELP:
        tl_cli_help(table, usage, about, stdout);
        return EXIT_DONE;
    case TL_CLI_WRONG:
        return complain(user_sentence("tapeless %s: %s", command, e.text));
    case TL_CLI_OK:
        break;
    }
    if (!nargs)
        return complain(user_sentence("tapeless %s: which spec? usage: %s", command, usage));
    if (!known_precision(c->precision))
        return complain(user_sentence("tapeless %s: --precision %s: it is f32 or f64", command, c->precision));
    c->spec = argv[0];
    return -1;
}

tl_type real_of(const Common *c) { return strcmp(c->precision, "f64") ? TL_F32 : TL_F64; }

CompileOptions compile_options(const Common *c)
{
    return (CompileOptions){ .real = real_of(c), .fuse = !c->no_fuse };
}

/* "name=value", split. */
static bool split_define(Arena *arena, const char *text, SpecDefine *out)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return false;
    char *name = arena_strdup(arena, text);
    name[equals - text] = '\0';
    *out = (SpecDefine){ name, equals + 1 };
    return true;
}

Model *load_model(const Common *c)
{
    Arena *arena = arena_new();
    SpecDefine *defines = arena_array(arena, SpecDefine, c->defines.count + 1);
    char *error = NULL;
    for (size_t i = 0; i < c->defines.count && !error; i++)
        if (!split_define(arena, c->defines.item[i], &defines[i]))
            error = user_sentence("-D %s: write -D name=value", c->defines.item[i]);
    SpecOptions options = { defines, (int)c->defines.count, TAPELESS_VERSION };
    Model *m = error ? NULL : spec_load(c->spec, &options, &error);
    if (!m)
        complain(error);
    arena_free(arena);
    return m;
}
