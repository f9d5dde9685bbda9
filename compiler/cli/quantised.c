#include "cli/quantised.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tapeless/blas.h>
#include <tapeless/commands.h>
#include <tapeless/eval.h>
#include <tapeless/real.h>
#include <tapeless/report.h>
#include <tapeless/trainer.h>
#include "cli/build.h"
#include "cli/engine.h"
#include "cli/toolchain.h"
#include "cli/workdir.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/lower.h"

/* ---- C ---- */

static bool write_fixed(Model *m, Trained *t, FixedProgram *f, WriteSingle *write, const char *path, char **error)
{
    const Single single = { .no_libm = true, .fixed = f, .coding = &t->weights.coding, .input = t->input, .target = t->target,
                            .output = t->output };
    Program p = { .model = m, .real = TL_F32, .target = target_named("plain"), .single = &single };
    return write(&p, path, error);
}

static void remark(const Model *m, const FixedProgram *f)
{
    if (f && f->remark)
        fprintf(stderr, "%s: %s\n", m->name, f->remark);
}

char *write_quantised(Model *m, Trained *t, const tl_list *calibration, bool narrow, WriteSingle *write, const char *path)
{
    char *error = NULL;
    const tl_data_options data = { .data = *calibration, .table = { .ahead = TL_AHEAD_UNSAID, .known = 1 } };
    FixedProgram *f = calibrate(m, t, &data, narrow, &error);
    if (f)
        write_fixed(m, t, f, write, path, &error);
    remark(m, f);
    fixed_free(f);
    return error;
}

/* ---- an engine ---- */

/* A step in fixed point beside the same step in floating point, whose outputs were run before. The loss, which is not
 * quantised, is the interpreter's, of outputs that are put in the place of its own. */
typedef struct Fixed {
    const FixedProgram *f;
    Engine *engine;           /* the interpreter's */
    const tl_program *program;
    void *library;
    void (*step)(const void *const *input, void *const *output, int16_t *state, int16_t *work);
    void **input, **output;   /* int16_t, or a token's int32_t */
    int16_t *state, *work;
    /* What the float step put out, of all steps, one after the other; where the quantised step is in them. */
    double *wanted;
    size_t nwanted, capacity, at;
    double *squares, *most, *mean, *spread, *seen; /* [noutputs] */
    const StepUnits *units;   /* [noutputs], or NULL */
} Fixed;

static void enter(Fixed *x, const tl_step *s)
{
    const tl_model *m = x->engine->model;
    for (int32_t i = 0; i < m->ninputs; i++)
        for (size_t e = 0; e < tl_size(&m->inputs[i]); e++)
            if (m->inputs[i].vocab)
                ((int32_t *)x->input[i])[e] = ((const int32_t *)s->input[i])[e];
            else
                ((int16_t *)x->input[i])[e] = fixed_quantum(tl_real_get(m->real, s->input[i], e), x->f->input_bits[i]);
    for (int32_t i = 0; i < tl_step_tensors(m); i++)
        for (size_t e = 0; e < tl_size(tl_step_tensor(m, i)); e++) {
            const size_t at = (size_t)x->f->state_at[i] + e;
            x->state[at] = fixed_quantum(tl_real_get(m->real, s->state, at), x->f->state_bits[i]);
        }
}

static double put_out(const Fixed *x, int32_t i, size_t e)
{
    return ldexp(((const int16_t *)x->output[i])[e], -x->f->output_bits[i]);
}

/* What the loss is made of. A number that is found where the caller has it is not ours to change. */
static void replace(void *context, int32_t slot, int32_t instr, int backward)
{
    Fixed *x = context;
    const tl_model *m = x->engine->model;
    const tl_op op = (tl_op)x->program->instr[instr].op;
    (void)slot;
    (void)backward;
    for (int32_t i = 0; i < m->noutputs && op != OP_INPUT && op != OP_PARAM && op != OP_TARGET; i++)
        for (size_t e = 0; x->program->output[i] == instr && e < tl_size(&m->outputs[i]); e++)
            tl_real_set(m->real, tl_interp_value(x->engine->interp, instr), e, put_out(x, i, e));
}

static double unit_of(const Fixed *x, int32_t i, size_t e)
{
    const size_t n = tl_size(&x->engine->model->outputs[i]);
    return x->units && x->units[i].sd ? x->units[i].sd[e % n] : 1;
}

static void compare(Fixed *x, int32_t i, size_t e)
{
    const double unit = unit_of(x, i, e), want = unit * x->wanted[x->at++], off = unit * put_out(x, i, e) - want;
    x->squares[i] += off * off;
    x->most[i] = fmax(x->most[i], fabs(off));
    const double apart = want - x->mean[i];
    x->seen[i]++;
    x->mean[i] += apart / x->seen[i];
    x->spread[i] += apart * (want - x->mean[i]);
}

static void leave(Fixed *x, const tl_step *s)
{
    const tl_model *m = x->engine->model;
    for (int32_t i = 0; i < m->noutputs; i++)
        for (size_t e = 0; e < tl_size(&m->outputs[i]); e++) {
            tl_real_set(m->real, s->output[i], e, put_out(x, i, e));
            if (x->at < x->nwanted)
                compare(x, i, e);
        }
    for (int32_t i = 0; i < tl_step_tensors(m); i++)
        for (size_t e = 0; e < tl_size(tl_step_tensor(m, i)); e++) {
            const size_t at = (size_t)x->f->state_at[i] + e;
            tl_real_set(m->real, s->next_state, at, ldexp(x->state[at], -x->f->state_bits[i]));
        }
}

static void step_fixed(void *self, const tl_step *s)
{
    Fixed *x = self;
    enter(x, s);
    x->step((const void *const *)x->input, x->output, x->state, x->work);
    tl_interp_set_watch(x->engine->interp, replace, x);
    x->engine->run.step(x->engine->run.self, s);
    tl_interp_set_watch(x->engine->interp, NULL, NULL);
    leave(x, s);
}

/* In floating point, noting what is put out. */
static void step_float(void *self, const tl_step *s)
{
    Fixed *x = self;
    const tl_model *m = x->engine->model;
    x->engine->run.step(x->engine->run.self, s);
    for (int32_t i = 0; i < m->noutputs; i++)
        for (size_t e = 0; e < tl_size(&m->outputs[i]); e++) {
            if (x->nwanted == x->capacity) {
                x->capacity = 2 * x->capacity + 1024;
                x->wanted = checked(realloc(x->wanted, x->capacity * sizeof *x->wanted));
            }
            x->wanted[x->nwanted++] = tl_real_get(m->real, s->output[i], e);
        }
}

/* ---- built ---- */

static bool load(Fixed *x, const WorkDir *w, const char *name, Arena *arena, char **error)
{
    x->library = dlopen(arena_printf(arena, "%s/lib%s.so", w->path, name), RTLD_NOW | RTLD_LOCAL);
    void *step = x->library ? dlsym(x->library, arena_printf(arena, "%s_fixed_step", name)) : NULL;
    if (!step) {
        *error = user_sentence("cannot load the quantised step: %s", dlerror());
        return false;
    }
    memcpy(&x->step, &step, sizeof step);
    return true;
}

static bool build_and_load(Fixed *x, Model *m, Trained *t, FixedProgram *f, char **error)
{
    Toolchain tools;
    WorkDir w;
    Arena *arena = t->arena;
    const char *temporary = getenv("TMPDIR");
    const char *directory = temporary && *temporary ? temporary : "/tmp";
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        *error = user_sentence("%s: %s", directory, strerror(errno));
        return false;
    }
    bool fine = workdir_make(&w, arena, fd, directory, error);
    if (fine) {
        fine = toolchain_find(&tools, arena, error) && write_fixed(m, t, f, write_single, w.path, error) &&
               toolchain_build_alone(&tools, arena, w.path, m->name, NULL, error) && load(x, &w, m->name, arena, error);
        workdir_remove(&w);
    }
    close(fd);
    return fine;
}

static void **arrays(Arena *arena, const tl_tensor *t, int32_t n)
{
    void **all = arena_array(arena, void *, n + 1);
    for (int32_t i = 0; i < n; i++)
        all[i] = arena_array(arena, int32_t, tl_size(&t[i]) + 1);
    return all;
}

static void take_memory(Fixed *x, Arena *arena, const tl_model *m)
{
    x->input = arrays(arena, m->inputs, m->ninputs);
    x->output = arrays(arena, m->outputs, m->noutputs);
    x->state = arena_array(arena, int16_t, x->f->states + 1);
    x->work = arena_array(arena, int16_t, x->f->values + 1);
    double **const sums[] = { &x->squares, &x->most, &x->mean, &x->spread, &x->seen };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        *sums[i] = arena_array(arena, double, m->noutputs + 1);
}

/* ---- what is said ---- */

static void report(void *context, json_t *j, int json)
{
    const Fixed *x = context;
    const tl_model *m = x->engine->model;
    json_t *list = json_array();
    for (int32_t i = 0; i < m->noutputs; i++) {
        char key[256], text[160];
        const char *name = m->outputs[i].name[0] ? m->outputs[i].name : "output";
        const double rms = sqrt(x->squares[i] / x->seen[i]), sd = sqrt(x->spread[i] / x->seen[i]);
        snprintf(key, sizeof key, "off by, %.200s", name);
        int n = snprintf(text, sizeof text, "RMS %.4g, at most %.4g over all steps", rms, x->most[i]);
        if (sd > 0)
            snprintf(text + n, sizeof text - (size_t)n, "; %.3g %% of its standard deviation", 100 * rms / sd);
        if (!json)
            tl_report_text(j, key, text);
        json_t *one = json_pack("{s:s}", "name", name);
        tl_report_number(one, "root_mean_square", rms);
        tl_report_number(one, "largest", x->most[i]);
        tl_report_number(one, "standard_deviation", sd);
        json_array_append_new(list, one);
    }
    if (json)
        json_object_set(j, "off_by", list);
    json_decref(list);
    tl_report_count(j, json ? "flash_weights" : "bytes of weights", (uint64_t)x->f->weight_bytes);
    tl_report_count(j, json ? "flash_tables" : "bytes of tables", (uint64_t)x->f->table_bytes);
    tl_report_count(j, json ? "ram_state" : "bytes of state", 2 * (uint64_t)x->f->states);
    tl_report_count(j, json ? "ram_work" : "bytes of work", 2 * (uint64_t)x->f->values);
}

/* ---- the commands ---- */

static int start(Fixed *x, const char *command, const tl_words *words)
{
    tl_error e;
    const tl_model *m = x->engine->model;
    tl_engine fixed = { .model = m, .self = x, .step = step_fixed, .serial = 1 }, beside = fixed;
    char **argv = checked(malloc((words->count + 1) * sizeof *argv)); /* parsing reorders them */
    int status;
    memcpy(argv, words->word, words->count * sizeof *argv);
    argv[words->count] = NULL;
    beside.step = step_float;
    const tl_beside with = { &beside, m->real == TL_F32 ? "f32" : "f64", report, x };
    if (m->calls_blas && tl_blas_load(&e))
        status = complain(user_sentence("%s", e.text));
    else if (!strcmp(command, "eval"))
        status = tl_eval_beside(&fixed, &with, (int)words->count - 2, argv + 2);
    else
        status = tl_run(&fixed, (int)words->count, argv);
    free(argv);
    return status;
}

static int run_fixed(const QuantisedArguments *a, Common *c, Model *m, const char *command, Trained *t, const tl_data_options *o,
                     const tl_words *words)
{
    char *error = NULL;
    Fixed x = { 0 };
    FixedProgram *f = calibrate(m, t, o, narrow_of(a->kind) == 1, &error);
    remark(m, f);
    x.f = f;
    x.units = t->output;
    x.engine = f ? engine_beside(m, real_of(c), &error) : NULL;
    bool fine = x.engine && build_and_load(&x, m, t, f, &error);
    int status = EXIT_WRONG;
    if (fine) {
        x.program = lower_step(t->arena, m);
        take_memory(&x, t->arena, x.engine->model);
        status = start(&x, command, words);
    }
    if (x.library)
        dlclose(x.library);
    engine_free(x.engine);
    fixed_free(f);
    free(x.wanted);
    return error ? complain(error) : status;
}

/* Those of the command's words that say how data are read, and which. */
static int parse_data(const tl_option *table, const tl_words *words, char **argv, tl_error *e)
{
    int n = 0, nargs;
    for (size_t i = 2; i < words->count; i++) {
        const char *word = words->word[i], *end = strchr(word, '=');
        const size_t length = strlen(word) > 2 ? (end ? (size_t)(end - word) : strlen(word)) - 2 : 0;
        if (!strncmp(word, "--", 2) && length && tl_cli_find(table, word + 2, length, 0))
            argv[n++] = words->word[i];
    }
    return tl_cli_parse(table, n, argv, 0, &nargs, e) == TL_CLI_OK ? 0 : -1;
}

int run_quantised(const QuantisedArguments *a, Common *c, Model *m, const char *command, const char *checkpoint, const tl_words *words)
{
    tl_data_options o = { .table = { .ahead = TL_AHEAD_UNSAID, .known = 1 } };
    const tl_option table[] = { TL_FILES("data", 0, &o.data, "FILE", ""), TL_DATA_OPTIONS(o), TL_END };
    Trained t = { 0 };
    tl_error e;
    char *error = NULL, **argv = checked(calloc(words->count + 1, sizeof *argv));
    int status = EXIT_WRONG;
    one_lane(m);
    if (parse_data(table, words, argv, &e))
        error = user_sentence("tapeless %s: %s", command, e.text);
    else if (trained_open(&t, m, checkpoint, &error)) {
        const tl_list own = o.data;
        if (a->calibrate.count)
            o.data = a->calibrate;
        trained_units(&t, m);
        if (!own.count && (m->ninputs || m->ntargets))
            error = user_sentence("tapeless %s: say of what: --data FILE", command);
        else
            status = run_fixed(a, c, m, command, &t, &o, words);
        o.data = own;
    }
    if (t.arena)
        trained_close(&t);
    tl_cli_free(table);
    free(argv);
    return error ? complain(error) : status;
}
