/* command_compile.c - compile: C into a directory. build: C, trainer and library. --casadi: of a step alone. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/commands.h>
#include "cli/build.h"
#include "cli/casadi.h"
#include "cli/commands.h"
#include "cli/depfile.h"
#include "cli/jacobian.h"
#include "cli/single.h"
#include "front/identifier.h"
#include "graph/user_error.h"
#include "passes/jacobian_cost.h"
#include "passes/jacobian_model.h"

typedef struct Arguments {
    Common common;
    const char *directory, *dump, *jacobian, *depfile;
    int64_t block;
    int list;
    CasadiArguments casadi;
    SingleArguments single;
} Arguments;

/* The Jacobian's model has a name of its own. */
static const char *model_name(const Arguments *a, Arena *arena)
{
    return arena_printf(arena, "%s%s", model_identifier(arena, a->common.spec), a->jacobian ? "_jacobian" : "");
}

static char *make_jacobian(const Arguments *a, Model *m)
{
    tl_jacobian_mode mode = jacobian_mode(a->jacobian);
    m->name = model_name(a, m->arena);
    return make_jacobian_model_by(m, mode, a->block ? (int32_t)a->block : cheapest_block(m));
}

static Model *load(Arguments *a)
{
    Model *m = a->jacobian ? load_step(&a->common) : load_model(&a->common);
    char *error = m && a->jacobian ? make_jacobian(a, m) : NULL;
    if (!error)
        return m;
    model_free(m);
    complain(error);
    return NULL;
}

/* For who has to know before a spec is evaluated, or without. */
static int list(const Arguments *a, bool build)
{
    Arena *arena = arena_new();
    for (const char *const *path = output_paths(arena, model_name(a, arena), a->directory, build); *path; path++)
        puts(*path);
    arena_free(arena);
    return EXIT_DONE;
}

static bool write_model(const Arguments *a, const Program *p, const Model *m, bool build, char **error)
{
    if (!(build ? build_in(p, a->directory, error) : write_sources(p, a->directory, error)))
        return false;
    return !a->depfile || write_depfile(m, output_paths(m->arena, m->name, a->directory, build), a->depfile, error);
}

static int run(Arguments *a, bool build)
{
    Model *m = load(a);
    if (!m)
        return EXIT_WRONG;
    CompileOptions o = compile_options(&a->common);
    o.dump = a->dump;
    o.dump_to = stdout;
    char *error = NULL;
    Program *p = compile(m, &o, &error);
    bool fine = p && (!a->directory || write_model(a, p, m, build, &error));
    program_free(p);
    model_free(m);
    return fine ? EXIT_DONE : complain(error);
}

#define COMPILE_TABLE(a)                                                                                    \
    {                                                                                                       \
        TL_OUTPUT(&(a).directory, "DIR", "where NAME.c and NAME.h go"),                                     \
        TL_STRING("jacobian", 0, &(a).jacobian, "MODE",                                                     \
                  "NAME_jacobian.c in its place, for <tapeless/jacobian.h>: " JACOBIAN_MODES),   \
        TL_INT("block", 0, &(a).block, "N", 1, MOST_BLOCK, "of --jacobian blocks: steps of one [whichever cost least]"), \
        TL_STRING("depfile", 0, &(a).depfile, "FILE", "write there, for make and ninja, which files the C was made of"), \
        TL_FLAG("list", 0, &(a).list, "print the paths of what would be written, and write nothing"),       \
        TL_STRING("dump", 'd', &(a).dump, "PASS", "print the graph after PASS to stdout"),                  \
        CASADI_OPTIONS((a).casadi),                                                                         \
        SINGLE_OPTIONS((a).single),                                                                         \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS };

int compile_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = COMPILE_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

static int compile_or_build(int argc, char **argv, bool build)
{
    Arguments a = defaults;
    const tl_option table[] = COMPILE_TABLE(a);
    const char *about = build ? "Writes the C of a model, and builds its trainer DIR/NAME and DIR/libNAME.so."
                              : "Writes the C of a model: NAME.c, NAME.h, NAME_main.c; and NAME_ffi.lua for LuaJIT.";
    const char *command = build ? "build" : "compile";
    int status = parse_command(table, &a.common, command, about, argc, argv);
    if (status < 0 && a.dump && !is_pass(a.dump))
        status = complain(user_sentence("tapeless %s: -d %s: the passes are %s", command, a.dump, pass_names));
    if (status < 0 && !a.directory && (!a.dump || a.list || a.depfile))
        status = complain(user_sentence("tapeless %s: where to? give -o DIR", command));
    if (status < 0 && a.jacobian && !jacobian_mode(a.jacobian))
        status = complain(user_sentence("tapeless %s: --jacobian %s: it is " JACOBIAN_MODES, command, a.jacobian));
    if (status < 0 && a.block && (!a.jacobian || jacobian_mode(a.jacobian) != TL_JACOBIAN_BLOCKS))
        status = complain(user_sentence("tapeless %s: --block is of --jacobian blocks", command));
    if (status < 0 && a.casadi.casadi && (a.list || a.depfile))
        status = complain(user_sentence("tapeless %s: --casadi writes NAME_casadi.c alone; leave out --%s", command,
                                        a.list ? "list" : "depfile"));
    if (status < 0)
        status = check_casadi(&a.casadi, &a.common, command, a.single.single);
    if (status < 0)
        status = check_single(&a.single, &a.common, a.casadi.params, command);
    if (status < 0 && a.single.single && (a.casadi.casadi || a.jacobian || a.dump || a.list || a.depfile))
        status = complain(user_sentence("tapeless %s: --single-file and %s: take one of them", command,
                                        a.casadi.casadi ? "--casadi" : a.jacobian ? "--jacobian" : a.dump ? "-d"
                                        : a.list ? "--list" : "--depfile"));
    if (status < 0 && a.single.single)
        status = run_single(&a.single, &a.common, a.casadi.params, a.directory);
    if (status < 0 && a.casadi.casadi && a.jacobian)
        status = complain(user_sentence("tapeless %s: --casadi and --jacobian are two files; take one of them", command));
    if (status < 0 && a.casadi.casadi && a.dump)
        status = complain(user_sentence("tapeless %s: --casadi: -d prints the passes of a window; leave it out", command));
    if (status < 0 && a.list)
        status = list(&a, build);
    if (status < 0)
        status = a.casadi.casadi ? run_casadi(&a.casadi, &a.common, a.directory, build) : run(&a, build);
    tl_cli_free(table);
    return status;
}

int command_compile(int argc, char **argv) { return compile_or_build(argc, argv, false); }
int command_build(int argc, char **argv) { return compile_or_build(argc, argv, true); }
