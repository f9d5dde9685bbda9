/* Weights to and from safetensors files with PyTorch's names, which the model's names are. */
#include <stdio.h>

#include "checkpoint.h"
#include "commands.h"
#include "file.h"
#include "lock.h"
#include "output.h"
#include "weights.h"

typedef struct Options {
    const char *checkpoint, *out, *like;
    int overwrite;
} Options;

static int check_target(const char *path, const Options *o, tl_error *e)
{
    if (tl_file_check(path, e) || tl_output_check_weights(path, e))
        return -1;
    if (!tl_file_exists(path) || o->overwrite)
        return 0;
    return tl_fail(e, "%s: it exists; --overwrite replaces it", path);
}

typedef int write_weights(const char *, const tl_model *, const void *, const tl_coding *, tl_error *);

/* Not under the hands of a training that saves there. */
static int save(const char *path, const tl_model *m, const tl_weights *w, write_weights *write, tl_error *e)
{
    tl_lock lock;
    int bad = tl_lock_take(&lock, path, e) || write(path, m, w->params, &w->coding, e);
    tl_lock_release(&lock);
    return bad ? -1 : 0;
}

static int export(const tl_model *m, const Options *o, tl_error *e)
{
    char text[512];
    tl_weights w;
    if (!o->out)
        return tl_fail(e, "say where to write: --output FILE");
    const char *checkpoint = tl_checkpoint_path(m, o->checkpoint, text, sizeof text);
    const tl_list read = { .item = &checkpoint, .count = 1 }, *const inputs[] = { &read };
    const tl_output output = { "--output", o->out };
    if (tl_outputs_check(&output, 1, inputs, 1, e) || check_target(o->out, o, e) || tl_weights_open(&w, m, checkpoint, e))
        return -1;
    int bad = save(o->out, m, &w, tl_weights_export, e);
    tl_weights_free(&w);
    return bad;
}

/* How data are read, from another file. */
static int take_coding(tl_weights *w, const tl_model *m, const char *path, tl_error *e)
{
    tl_coding c = { 0 };
    tl_st *st = tl_st_open(path, e);
    int bad = !st || tl_coding_load(&c, m, st, e);
    tl_st_free(st);
    if (!bad && c.kind == TL_CODING_NONE)
        bad = tl_fail(e, "--like %s: it does not say how data are read: it is of a training on tensors, or was not "
                      "written by one", path);
    if (bad)
        return -1;
    tl_coding_free(&w->coding);
    w->coding = c;
    return 0;
}

static int import(const tl_model *m, const char *from, const Options *o, tl_error *e)
{
    char text[512];
    const char *path = tl_checkpoint_path(m, o->checkpoint, text, sizeof text);
    tl_weights w;
    if (check_target(path, o, e) || tl_weights_open(&w, m, from, e))
        return -1;
    int bad = (o->like && take_coding(&w, m, o->like, e)) || save(path, m, &w, tl_weights_save, e);
    if (!bad && w.coding.kind == TL_CODING_NONE)
        fprintf(stderr, "%s: %s does not say how data are read (columns and their scales, or a vocabulary); --like "
                "CHECKPOINT takes that from a checkpoint\n", m->name, from);
    tl_weights_free(&w);
    return bad;
}

static int finish(const tl_model *m, int bad, const tl_error *e)
{
    return bad ? tl_command_fail(m, e, TL_EXIT_WRONG) : TL_EXIT_DONE;
}

#define EXPORT_TABLE(o)                                                                           \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_OUTPUT(&(o).out, "FILE", "the file of weights to write"),                              \
        TL_FLAG("overwrite", 0, &(o).overwrite, "although it exists"),                            \
        TL_END,                                                                                   \
    }

int tl_export_table(tl_see_table *see, void *context)
{
    Options o = { 0 };
    const tl_option table[] = EXPORT_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_export(const tl_engine *engine, int argc, char **argv)
{
    Options o = { 0 };
    const tl_option table[] = EXPORT_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "export", "-o FILE",
                                         "Writes the parameters under PyTorch's names, and as metadata how data are read.",
                                         argc, argv, 0, &nargs);
    tl_error e;
    return status >= 0 ? status : finish(engine->model, export(engine->model, &o, &e), &e);
}

#define IMPORT_TABLE(o)                                                                           \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "to write (NAME.safetensors)"),     \
        TL_STRING("like", 0, &(o).like, "CHECKPOINT",                                             \
                  "data are read as those of this one: its columns and scales, or vocabulary"),   \
        TL_FLAG("overwrite", 0, &(o).overwrite, "although it exists"),                            \
        TL_END,                                                                                   \
    }

int tl_import_table(tl_see_table *see, void *context)
{
    Options o = { 0 };
    const tl_option table[] = IMPORT_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_import(const tl_engine *engine, int argc, char **argv)
{
    Options o = { 0 };
    const tl_option table[] = IMPORT_TABLE(o);
    tl_error e;
    int nargs, status = tl_command_parse(table, engine->model, "import", "FILE",
                                         "Makes a checkpoint of a safetensors file of weights; "
                                         "eval, sample, predict and train --start take it.", argc,
                                         argv, 1, &nargs);
    if (status >= 0)
        return status;
    int bad = nargs ? import(engine->model, argv[0], &o, &e)
                    : tl_fail(&e, "say what to import: import FILE");
    return finish(engine->model, bad, &e);
}
