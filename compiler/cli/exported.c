#include "cli/exported.h"

#include <string.h>

#include <tapeless/file.h>
#include "cli/build.h"
#include "front/identifier.h"
#include "graph/user_error.h"

static bool is_header(const char *path)
{
    const size_t n = path ? strlen(path) : 0;
    return n > 2 && !strcmp(path + n - 2, ".h");
}

bool exports_c(const ExportArguments *a)
{
    return a->arduino || a->esp_idf || is_header(a->output) || a->single.online || a->single.no_libm || a->single.quantise ||
           a->single.calibrate.count;
}

static char *check(const ExportArguments *a)
{
    const SingleArguments *s = &a->single;
    const bool board = a->arduino || a->esp_idf;
    const char *option = s->online ? "--online" : s->no_libm ? "--no-libm" : s->quantise ? "--quantise" : s->calibrate.count ? "--calibrate" : NULL;
    if (a->arduino && a->esp_idf)
        return user_sentence("tapeless export: --arduino and --esp-idf are two libraries; take one of them");
    if (board && a->output)
        return user_sentence("tapeless export: %s DIR and --output are two things; take one of them", a->arduino ? "--arduino" : "--esp-idf");
    if (!board && option)
        return user_sentence("tapeless export: %s is of --arduino and --esp-idf", option);
    if (!board && tl_file_exists(a->output) && !a->overwrite)
        return user_sentence("%s: it exists; --overwrite replaces it", a->output);
    return NULL;
}

/* NAME_weights.h is what its programs include, and the name of the model is in it. */
static const char *default_checkpoint(const ExportArguments *a, const Common *c, Arena *arena)
{
    return a->checkpoint ? a->checkpoint : arena_printf(arena, "%s.safetensors", model_identifier(arena, c->spec));
}

int run_export(const ExportArguments *a, Common *c)
{
    char *error = check(a);
    if (error)
        return complain(error);
    Arena *arena = arena_new();
    SingleArguments single = a->single;
    single.single = single.no_blas = 1;
    single.write = a->arduino ? write_arduino : a->esp_idf ? write_esp_idf : write_weights;
    const char *checkpoint = default_checkpoint(a, c, arena), *to = a->arduino ? a->arduino : a->esp_idf ? a->esp_idf : a->output;
    int status = check_single(&single, c, checkpoint, "export");
    if (status < 0)
        status = run_single(&single, c, checkpoint, to);
    arena_free(arena);
    return status;
}
