/* command_init.c - init: a folder to begin in. A spec, a sample of data, what editors need, and the next three commands. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/file.h>
#include <tapeless/output.h>
#include "cli/commands.h"
#include "cli/starter.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"

#define DEFAULT_MODEL "elman"

typedef struct Arguments {
    const char *model, *directory;
    int overwrite;
} Arguments;

/* ---- the files ---- */

typedef struct File {
    char *path, *text;
    size_t size;
    bool there; /* as it is to be */
} File;

enum { FILES = 5 };

typedef struct Folder {
    const Starter *starter;
    const char *directory;
    const char *spec, *data; /* names */
    Arena *arena;
    File file[FILES];
    int nfiles;
} Folder;

static FILE *add_file(Folder *d, const char *name)
{
    File *file = &d->file[d->nfiles++];
    file->path = strcmp(d->directory, ".") ? arena_printf(d->arena, "%s/%s", d->directory, name)
                                           : arena_strdup(d->arena, name);
    return text_open(&file->text, &file->size);
}

static void add_embedded(Folder *d, const char *name, const EmbeddedFile *e)
{
    FILE *f = add_file(d, name);
    fwrite(e->text, 1, e->length, f);
    text_close(f);
}

static void add_sample(Folder *d)
{
    FILE *f = add_file(d, d->data);
    d->starter->sample(d->starter, f);
    text_close(f);
}

/* What a spec may use of Lua (front/sandbox.c, lua/sandbox.lua); requires begin at the spec. */
static void add_settings(Folder *d)
{
    static const char *const absent[] = { "bit", "bit32", "coroutine", "debug", "ffi", "io", "jit", "os", "package" };
    enum { ABSENT = sizeof absent / sizeof *absent };
    FILE *f = add_file(d, ".luarc.json");
    fputs("{\n  \"runtime.version\": \"Lua 5.4\",\n  \"runtime.path\": [\"?.lua\"],\n  \"runtime.builtin\": {\n", f);
    for (int i = 0; i < ABSENT; i++)
        fprintf(f, "    \"%s\": \"disable\"%s\n", absent[i], i + 1 < ABSENT ? "," : "");
    fputs("  },\n  \"workspace.library\": [\"tapeless.d.lua\"],\n  \"workspace.checkThirdParty\": false\n}\n", f);
    text_close(f);
}

/* The next three, a line each behind `indent`. */
static void print_commands(const Folder *d, const char *indent, FILE *f)
{
    const Starter *s = d->starter;
    const char *word = strstr(s->use, "DATA"), *rest = strchr(s->use, ' ');
    fprintf(f, "%stapeless train %s --data %s %s\n", indent, d->spec, d->data, s->train);
    if (word)
        fprintf(f, "%stapeless %.*s%s --data %s%s\n", indent, (int)(word - s->use), s->use, d->spec, d->data, word + 4);
    else
        fprintf(f, "%stapeless %.*s %s%s\n", indent, (int)(rest - s->use), s->use, d->spec, rest);
    fprintf(f, "%stapeless build %s -o build\n", indent, d->spec);
}

static void add_readme(Folder *d)
{
    const Starter *s = d->starter;
    FILE *f = add_file(d, "README.md");
    fprintf(f, "# %s: %s\n\n", s->model, s->about);
    print_commands(d, "    ", f);
    fprintf(f, "\nThe first trains the model: what it learned is `%s.safetensors`, and `--resume` goes on from there. The second\n"
               "gives %s. The third makes a program and a library of it, with their C, in `build/`.\n\n", s->model, s->use_about);
    fprintf(f, "| file | is |\n|---|---|\n| `%s` | the model: one step of it. Change it |\n", d->spec);
    fprintf(f, "| `%s` | a sample to begin with, in place of your own data |\n", d->data);
    fputs("| `tapeless.d.lua`, `.luarc.json` | what editors with lua-language-server need to complete and check specs |\n\n"
          "`tapeless help COMMAND` lists what a command can be told, `tapeless help` the commands.\n", f);
    text_close(f);
}

static void fill(Folder *d)
{
    d->spec = arena_printf(d->arena, "%s.lua", d->starter->model);
    d->data = arena_printf(d->arena, "data.%s", d->starter->suffix);
    add_embedded(d, d->spec, starter_file(d->spec));
    add_sample(d);
    add_embedded(d, "tapeless.d.lua", starter_file("tapeless.lua"));
    add_settings(d);
    add_readme(d);
}

/* ---- writing ---- */

/* Whether the file has these bytes already, so that it need not be written. */
static bool has_text(const File *file)
{
    tl_error e;
    size_t size = 0;
    char *text = tl_file_read(file->path, file->size, &size, &e);
    bool same = text && size == file->size && !memcmp(text, file->text, size);
    free(text);
    return same;
}

/* Before anything is written. */
static char *check_files(Folder *d, bool overwrite)
{
    for (int i = 0; i < d->nfiles; i++) {
        File *file = &d->file[i];
        if (!tl_file_exists(file->path))
            continue;
        file->there = has_text(file);
        if (!file->there && !overwrite)
            return user_sentence("%s: it exists; --overwrite replaces it, or take another directory: tapeless init DIR",
                                 file->path);
    }
    return NULL;
}

static char *write_files(Folder *d, bool overwrite)
{
    char *error = NULL;
    if ((error = check_files(d, overwrite)) || !make_directories(d->arena, d->directory, 0777, &error))
        return error;
    for (int i = 0; i < d->nfiles; i++) {
        const File *file = &d->file[i];
        tl_error e;
        if (!file->there && tl_file_replace(file->path, &(tl_chunk){ file->text, file->size }, 1, &e))
            return user_sentence("%s", e.text);
    }
    return NULL;
}

/* ---- what is said ---- */

/* As a shell takes it for one word. */
static void print_word(const char *word, FILE *f)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,:@%=-";
    if (*word && *word != '-' && strspn(word, plain) == strlen(word)) {
        fputs(word, f);
        return;
    }
    fputs(*word == '-' ? "./'" : "'", f);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){ *word, 0 }, f);
    fputc('\'', f);
}

static void print_next(const Folder *d)
{
    for (int i = 0; i < d->nfiles; i++)
        fprintf(stderr, "%s%s\n", d->file[i].path, d->file[i].there ? ": as it was" : "");
    fprintf(stderr, "\nnext:\n");
    if (strcmp(d->directory, ".")) {
        fputs("cd ", stdout);
        print_word(d->directory, stdout);
        fputc('\n', stdout);
    }
    print_commands(d, "", stdout);
}

static int run(const Arguments *a)
{
    Folder d = { .starter = starter_named(a->model), .directory = a->directory, .arena = arena_new() };
    fill(&d);
    char *error = write_files(&d, a->overwrite);
    if (!error)
        print_next(&d);
    for (int i = 0; i < d.nfiles; i++)
        free(d.file[i].text);
    arena_free(d.arena);
    return error ? complain(error) : EXIT_DONE;
}

/* ---- the command line ---- */

#define INIT_TABLE(a)                                                                                    \
    {                                                                                                    \
        TL_STRING("model", 0, &(a).model, "NAME", "the model to begin with, one of those above"),        \
        TL_FLAG("overwrite", 0, &(a).overwrite, "although files are there"),                             \
        TL_END,                                                                                          \
    }

static const Arguments defaults = { .model = DEFAULT_MODEL, .directory = "." };

int init_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = INIT_TABLE(a);
    return see(table, context);
}

static void print_help(const tl_option *table)
{
    char *about = NULL;
    size_t size = 0;
    FILE *f = text_open(&about, &size);
    fputs("Makes a folder to begin in, DIR or the one at hand: a model, data that it trains on, the language for editors,\n"
          "and a page with the next three commands. The models:\n\n", f);
    for (const Starter *s = starters; s->model; s++)
        fprintf(f, "  %-12s %s%s", s->model, s->about, s[1].model ? "\n" : "");
    text_close(f);
    tl_cli_help(table, "tapeless init [DIR] [options]", about, stdout);
    free(about);
}

static int wrong_model(const char *model)
{
    const char *names[64] = { NULL };
    char list[512] = "";
    size_t length = 0;
    for (int i = 0; starters[i].model && i < 63; i++) {
        names[i] = starters[i].model;
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", names[i]);
    }
    const char *nearest = tl_cli_nearest(model, names);
    if (nearest)
        return complain(user_sentence("tapeless init: --model %s: did you mean %s?", model, nearest));
    return complain(user_sentence("tapeless init: --model %s: it is one of %s", model, list));
}

int command_init(int argc, char **argv)
{
    Arguments a = defaults;
    tl_error e;
    int nargs = 0;
    const tl_option table[] = INIT_TABLE(a);
    switch (tl_cli_parse(table, argc, argv, 1, &nargs, &e)) {
    case TL_CLI_HELP:
        print_help(table);
        return EXIT_DONE;
    case TL_CLI_WRONG:
        return complain(user_sentence("tapeless init: %s", e.text));
    case TL_CLI_OK:
        break;
    }
    if (!starter_named(a.model))
        return wrong_model(a.model);
    if (nargs)
        a.directory = argv[0];
    return run(&a);
}
