/* emit_table.c - what surrounds the code: provenance, tables of names, shapes and offsets, the
 * header, the trainer's main. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/version.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "schedule/cost.h"

/* ---- words ---- */

static const char *const init_words[] = { TL_EACH_INIT(TL_SPELLING) };
static const char *const trained_words[] = { TL_EACH_TRAINED(TL_SPELLING) };
static const char *const counted_words[] = { TL_EACH_COUNTED(TL_SPELLING) };
static const char *const reduce_words[] = { TL_EACH_REDUCE(TL_SPELLING) };
static const char *const overlap_words[] = { TL_EACH_OVERLAP(TL_SPELLING) };
static const char *const jacobian_words[] = { TL_EACH_JACOBIAN(TL_SPELLING) };
static const char *const learn_words[] = { TL_EACH_LEARN(TL_SPELLING) };
static const char *const optimizer_words[] = { TL_EACH_OPTIMIZER(TL_SPELLING) };
static const char *const schedule_words[] = { TL_EACH_SCHEDULE(TL_SPELLING) };
static const char *const scale_words[] = { TL_EACH_SCALE(TL_SPELLING) };
static const char *const type_words[] = { "TL_F32", "TL_F64", "TL_I32" };

static void print_string(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (isprint(c) && c != '?')
            fputc(c, f);
        else
            fprintf(f, "\\%03o", c);
    }
    fputc('"', f);
}

const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static char *options_text(const Model *m)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    for (int32_t i = 0; i < m->noptions; i++)
        fprintf(f, "%s%s=%s", i ? " " : "", m->options[i].name, m->options[i].value);
    text_close(f);
    return text;
}

/* A comment must not end early whatever the spec is called. */
static void print_comment_text(FILE *f, const char *s)
{
    for (; *s; s++)
        fputc(*s == '/' && s[1] == '*' ? ' ' : *s == '*' && s[1] == '/' ? ' ' : *s, f);
}

static const char *real_word(const Program *p)
{
    if (p->single && p->single->fixed)
        return p->single->fixed->narrow ? "int8" : "int16";
    return p->real == TL_F32 ? "float" : "double";
}

void print_provenance(const Program *p, FILE *f)
{
    char *options = options_text(p->model);
    fprintf(f, " * Written by tapeless " TL_VERSION " from ");
    print_comment_text(f, base_name(p->model->spec));
    fprintf(f, " (%s), %s, %s", p->model->hash, real_word(p), p->target->name);
    if (tl_shards(&p->model->tbptt) > 1)
        fprintf(f, ", %d shards", p->model->tbptt.shards);
    fputs(*options ? "; " : "", f);
    print_comment_text(f, options);
    fprintf(f, ".\n * Do not edit: change the spec and compile it again. This code is yours.\n");
    free(options);
}

/* ---- numbers ---- */

static void print_numbers(FILE *f, const char *type, const char *word, int32_t index, const tl_table *t, tl_type real)
{
    enum { ROOM = 84 }; /* columns in which a number may begin */
    int column = ROOM + 1;
    fprintf(f, "static const %s %s%d[%zu] = {", type, word, index + 1, t->count);
    for (size_t i = 0; i < t->count; i++) {
        bool next = column > ROOM;
        column = next ? fprintf(f, "\n    ") : column + fprintf(f, " ");
        column += print_number(f, real, t->value[i]) + fprintf(f, ",");
    }
    fputs("\n};\n\n", f);
}

static const Tables *tables_of(const Program *p) { return p->model->step->tables; }

void emit_numbers(const Emitter *e, FILE *f)
{
    const Tables *t = tables_of(e->program);
    for (int32_t i = 0; t && i < t->n; i++)
        if (e->used_table[i])
            print_numbers(f, "real", "constant", i, &t->table[i], e->program->real);
}

/* What parameters and states start at, and the levels of outputs. */
static void print_first_values(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const Tables *t = tables_of(p);
    for (int32_t i = 0; t && i < t->n; i++) {
        bool used = false;
        for (int32_t j = 0; j < m->nparams; j++)
            used |= m->params[j].values == t->table[i].value;
        for (int32_t j = 0; j < m->nstates; j++)
            used |= m->states[j].values == t->table[i].value;
        for (int32_t j = 0; j < m->noutputs; j++)
            used |= m->outputs[j].values == t->table[i].value;
        if (used)
            print_numbers(f, "double", "first", i, &t->table[i], TL_F64);
    }
}

/* ---- tables ---- */

static void print_rule(FILE *f, const tl_rule *r)
{
    const char *const names[] = { "lr", "weight_decay", "min", "max", "max_norm" };
    const double values[] = { r->lr, r->weight_decay, r->min, r->max, r->max_norm };
    fprintf(f, "    { AT(trained) %s", trained_words[r->trained]);
    for (int i = 0; i < 5; i++) {
        fprintf(f, ", AT(%s) ", names[i]);
        print_number(f, TL_F64, values[i]);
    }
    fputs(" },\n", f);
}

/* Of the parameters that have one, in order. */
static void print_rules(const Model *m, FILE *f)
{
    int32_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        if (!m->params[i].rule)
            continue;
        fputs(n++ ? "" : "static const tl_rule rules[] = {\n", f);
        print_rule(f, m->params[i].rule);
    }
    fputs(n ? "};\n\n" : "", f);
}

/* Every field, in the structure's order: C++17 goes by the order alone (see print_words). */
static void print_row(const Program *p, FILE *f, const tl_tensor *t, int32_t *rule)
{
    fputs("    { AT(name) ", f);
    print_string(f, t->name);
    fprintf(f, ", AT(rank) %d, AT(dim) { ", t->rank);
    for (int32_t i = 0; i < t->rank; i++)
        fprintf(f, "%s%d", i ? ", " : "", t->dim[i]);
    fprintf(f, "%s}, AT(offset) %zu, AT(type) %s,\n      AT(vocab) %d, AT(init) { %s, ", t->rank ? " " : "0 ",
            t->offset, type_words[t->vocab ? TL_I32 : p->real], t->vocab, init_words[t->init.kind]);
    print_number(f, TL_F64, t->init.kind == TL_INIT_VALUES ? 0 : t->init.a);
    fputs(" }, AT(values) ", f);
    if (t->values)
        fprintf(f, "first%d", (int32_t)t->init.a + 1);
    else
        fputs("NULL", f);
    fputs(", AT(rule) ", f);
    if (t->rule)
        fprintf(f, "&rules[%d]", (*rule)++);
    else
        fputs("NULL", f);
    fprintf(f, ", AT(learned) %d, AT(scale) %s,\n      AT(column) %d, AT(first_row) %d },\n", t->learned, scale_words[t->scale],
            t->column, t->first_row);
}

static void print_table(const Program *p, FILE *f, const char *word, const tl_tensor *t, int32_t n)
{
    if (!n)
        return;
    int32_t rule = 0;
    fprintf(f, "static const tl_tensor %s[] = {\n", word);
    for (int32_t i = 0; i < n; i++)
        print_row(p, f, &t[i], &rule);
    fputs("};\n\n", f);
}

/* A C++ compiler wants all fields, in order. */
static void print_optimizer(const tl_optimizer_spec *o, FILE *f)
{
    int n = 0;
    fprintf(f, "        AT(optimizer) { AT(kind) %s", optimizer_words[o->kind]);
#define NEXT(name) fprintf(f, n++ % 5 == 4 ? ",\n                        AT(%s) " : ", AT(%s) ", #name);
#define PRINT(name) NEXT(name) print_number(f, TL_F64, o->name);
    TL_EACH_OPTIMIZER_NUMBER(PRINT)
#undef PRINT
#define PRINT(name) NEXT(name) fprintf(f, "%lld", (long long)o->name);
    TL_EACH_OPTIMIZER_WHOLE(PRINT) TL_EACH_OPTIMIZER_FLAG(PRINT)
#undef PRINT
#undef NEXT
    fputs(" },\n", f);
}

static void print_schedule(const tl_schedule_spec *s, FILE *f)
{
    int n = 0;
    fprintf(f, "        AT(schedule) { AT(kind) %s", schedule_words[s->kind]);
#define NEXT(name) fprintf(f, n++ % 4 == 3 ? ",\n                       AT(%s) " : ", AT(%s) ", #name);
#define PRINT(name) NEXT(name) fprintf(f, "%" PRId64, s->name);
    TL_EACH_SCHEDULE_WHOLE(PRINT)
#undef PRINT
#define PRINT(name) NEXT(name) print_number(f, TL_F64, s->name);
    TL_EACH_SCHEDULE_NUMBER(PRINT)
#undef PRINT
#undef NEXT
    fputs(" },\n", f);
}

static void print_train(const tl_train_spec *s, FILE *f)
{
    fputs("    AT(train) {\n", f);
    print_optimizer(&s->optimizer, f);
    print_schedule(&s->schedule, f);
    fputs("        AT(clip_norm) ", f);
    print_number(f, TL_F64, s->clip_norm);
    fputs(", AT(clip_value) ", f);
    print_number(f, TL_F64, s->clip_value);
    fprintf(f, ", AT(accumulate) %" PRId64 ", AT(average) ", s->accumulate);
    print_number(f, TL_F64, s->average);
    fputs(" },\n", f);
}

int64_t work_bytes(const Program *p, const Compiled *c)
{
    return workspace_size(c) * (p->real == TL_F32 ? 4 : 8);
}

int64_t step_work_bytes(const Program *p)
{
    int64_t most = 0;
    for (int32_t i = 0; i < p->nsteps; i++)
        if (work_bytes(p, &p->step[i]) > most)
            most = work_bytes(p, &p->step[i]);
    return most;
}

static void print_strings(const Program *p, FILE *f)
{
    const Model *m = p->model;
    char *options = options_text(m);
    const char *const names[] = { "name", "spec", "hash", "version", "options" };
    const char *const values[] = { m->name, base_name(m->spec), m->hash, TL_VERSION, options };
    for (int i = 0; i < 5; i++) {
        fprintf(f, "    AT(%s) ", names[i]);
        print_string(f, values[i]);
        fputs(",\n", f);
    }
    free(options);
}

/* Products that BLAS computes, or that templates do. */
static bool has_form(const Kernels *all, bool blas)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (all->kernel[i].kind == KERNEL_PRODUCT && all->kernel[i].form.kind != FORM_LOOPS &&
            blas == (all->kernel[i].form.kind == FORM_BLAS))
            return true;
    return false;
}

static void print_counts(const Model *m, FILE *f)
{
    const char *const words[] = { "params", "inputs", "targets", "states", "outputs", "probes", "named", "past" };
    const int32_t counts[] = { m->nparams,  m->ninputs, m->ntargets, m->nstates,
                               m->noutputs, m->nprobes, m->nnamed, m->npast };
    for (int i = 0; i < 8; i++)
        fprintf(f, "%sAT(n%s) %d,%s", i % 4 ? " " : "    ", words[i], counts[i], i % 4 == 3 ? "\n" : "");
    for (int i = 0; i < 8; i++)
        fprintf(f, "%sAT(%s) %s,%s", i % 4 ? " " : "    ", words[i], counts[i] ? words[i] : "NULL", i % 4 == 3 ? "\n" : "");
}

static void print_model(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const tl_tbptt *b = &m->tbptt;
    fprintf(f, "const tl_model %s_model = {\n    AT(abi) TL_ABI,\n", m->name);
    print_strings(p, f);
    fprintf(f, "    AT(real) %s,\n", type_words[p->real]);
    fprintf(f, "    AT(tbptt) { AT(k1) %d, AT(k2) %d, AT(batch) %d, AT(shards) %d, AT(counted) %s, AT(reduce) %s,\n"
            "                AT(overlap) %s, AT(carry) %d, AT(learn) %s },\n", b->k1, b->k2, b->batch, tl_shards(b), counted_words[b->counted],
            reduce_words[b->reduce], overlap_words[b->overlap], b->carry, learn_words[b->learn]);
    print_train(&m->train, f);
    fprintf(f, "    AT(loss) ");
    print_string(f, m->loss_name);
    fprintf(f, ",\n    AT(has_reset) %d, AT(has_mask) %d, AT(has_state_grads) %d, AT(has_head) %d,\n",
            unroll_has_reset(m), m->masks, m->lags, m->head != 0);
    print_counts(m, f);
    fprintf(f, "    AT(nextra) %d, AT(nrows) %d, AT(jacobian) %s, AT(rows_of) %s,\n", m->nextra, m->nrows,
            jacobian_words[m->jacobian], optimizer_words[m->rows_of]);
    fprintf(f, "    AT(param_size) %zu, AT(state_size) %zu, AT(probe_size) %zu, AT(step_state_size) %zu,\n",
            p->memory.param_size, p->memory.state_size, p->memory.probe_size, p->memory.step_state_size);
    fprintf(f, "    AT(frame_size) %" PRId64 ", AT(work_size) %" PRId64 ", AT(step_work_size) %" PRId64
            ", AT(pack_size) %" PRId64 ",\n", p->train.layouts->frame_size, work_bytes(p, &p->train), step_work_bytes(p),
            p->train.selected->packed * (p->real == TL_F32 ? 4 : 8));
    fprintf(f, "    AT(window_flops) %" PRIu64 ", AT(calls_blas) %d,\n", window_flops(p->train.selected, p->train.units),
            has_form(p->kernels, true));
    fprintf(f, "    AT(pack) %s, AT(window) %s_window, AT(step) %s_step,\n};\n",
            p->train.selected->npacks ? "pack_weights" : "NULL", m->name, m->name);
}

void emit_tables(const Program *p, FILE *f)
{
    const Model *m = p->model;
    print_first_values(p, f);
    print_rules(m, f);
    print_table(p, f, "params", m->params, m->nparams);
    print_table(p, f, "inputs", m->inputs, m->ninputs);
    print_table(p, f, "targets", m->targets, m->ntargets);
    print_table(p, f, "states", m->states, m->nstates);
    print_table(p, f, "outputs", m->outputs, m->noutputs);
    print_table(p, f, "probes", m->probes, m->nprobes);
    print_table(p, f, "named", m->named, m->nnamed);
    print_table(p, f, "past", m->past, m->npast);
    print_model(p, f);
}

/* ---- files ---- */

void print_size(const Program *p, FILE *f, const char *suffix, int64_t value, const char *comment)
{
    fputs("#define ", f);
    print_upper(f, p->model->name, suffix);
    fprintf(f, " %" PRId64 "%s\n", value, comment);
}

void emit_header(const Program *p, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "/* %s.h - training windows of %d step%s and %d lane%s.\n *\n", m->name, m->tbptt.k2,
            m->tbptt.k2 == 1 ? "" : "s", tl_lanes(&m->tbptt), tl_lanes(&m->tbptt) == 1 ? "" : "s");
    print_provenance(p, f);
    fputs(" */\n#ifndef ", f);
    print_upper(f, m->name, "_TAPELESS_H\n#define "); /* not NAME_H: a model may be called math */
    print_upper(f, m->name, "_TAPELESS_H\n\n#include <tapeless/tapeless.h>\n\n");
    print_size(p, f, "_K1", m->tbptt.k1, "");
    print_size(p, f, "_K2", m->tbptt.k2, "");
    print_size(p, f, "_BATCH", m->tbptt.batch, "");
    print_size(p, f, "_SHARDS", tl_shards(&m->tbptt), "");
    print_size(p, f, "_LANES", tl_lanes(&m->tbptt), " /* of a shard, which is what a window runs */");
    print_size(p, f, "_PARAM_SIZE", (int64_t)p->memory.param_size, " /* elements, of params and of grads */");
    print_size(p, f, "_STATE_SIZE", (int64_t)p->memory.state_size, " /* elements */");
    print_size(p, f, "_PROBE_SIZE", (int64_t)p->memory.probe_size, " /* elements */");
    print_size(p, f, "_WORK_SIZE", work_bytes(p, &p->train), " /* bytes */");
    print_size(p, f, "_STEP_STATE_SIZE", (int64_t)p->memory.step_state_size, " /* elements a lane */");
    print_size(p, f, "_STEP_WORK_SIZE", step_work_bytes(p), " /* bytes */");
    emit_places(p, f);
    fprintf(f, "\nTL_C_BEGIN\n\ntypedef %s %s_real;\n", p->real == TL_F32 ? "float" : "double", m->name);
    emit_fields(p, f);
    fprintf(f, "\nextern const tl_model %s_model; /* names, shapes, offsets */\n\n", m->name);
    fprintf(f, "/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */\n"
            "void %s_window(const tl_window *);\nvoid %s_step(const tl_step *);\n\nTL_C_END\n\n#endif\n", m->name, m->name);
}

void emit_main(const Program *p, FILE *f)
{
    const char *name = p->model->name;
    fprintf(f, "/* %s_main.c - the trainer: a model and the runtime's command line.\n *\n", name);
    print_provenance(p, f);
    fprintf(f, " */\n#include \"%s.h\"\n#include <tapeless/trainer.h>\n\n"
            "int main(int argc, char **argv)\n{\n    return tl_trainer_main(&%s_model, argc, argv);\n}\n", name, name);
}

static bool has_rows(const Kernels *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (has_dense_rows(&all->kernel[i]))
            return true;
    return false;
}

static bool has_elementary(const Kernels *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const Kernel *k = &all->kernel[i];
        for (uint32_t a = 0; a < k->ninstructions; a++)
            if (is_elementary(k->body[a].op))
                return true;
        if (k->kind == KERNEL_SOFTMAX)
            return true;
    }
    return false;
}

bool has_kind(const Kernels *all, KernelKind kind)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (all->kernel[i].kind == kind)
            return true;
    return false;
}

static bool has_instruction(const Kernels *all, tl_op op)
{
    for (uint32_t i = 0; i < all->count; i++)
        for (uint32_t j = 0; j < all->kernel[i].ninstructions; j++)
            if (all->kernel[i].body[j].op == op)
                return true;
    return false;
}

/* `c != 0 ? a : b` lets gcc load a or b under the condition, and before 13.3 its vectoriser drops the
 * permutation of such loads: other elements are chosen (gcc PR 114375, seen with 12.2 on a {2, 1, 3, 4}
 * value in 3 lanes, AVX2 and AVX-512). Chosen by bits, both are always loaded; that is no slower. */
static void print_choose(const Program *p, FILE *f)
{
    fprintf(f, "/* a where c is not 0, else b; by bits, so that it is never a branch. */\n"
            "static inline real choose(real c, real a, real b)\n{\n"
            "    %s mask = c != 0, x, y;\n    mask = 0 - mask;\n"
            "    memcpy(&x, &a, sizeof x);\n    memcpy(&y, &b, sizeof y);\n"
            "    x = (x & mask) | (y & ~mask);\n    memcpy(&a, &x, sizeof a);\n    return a;\n}\n\n",
            p->real == TL_F32 ? "uint32_t" : "uint64_t");
}

static bool has_halves(const Kernels *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (all->kernel[i].by_halves)
            return true;
    return false;
}

/* What differs between compilers and languages. */
static void print_words(const Program *p, FILE *f)
{
    fputs("/* Kernels stay functions: copied into k2 steps they cost a compiler minutes. */\n#ifdef __GNUC__\n"
          "#define KERNEL static __attribute__((noinline))\n#else\n#define KERNEL static\n#endif\n\n", f);
    if (has_halves(p->kernels))
        fputs("/* A loop over one wide vector, by two of half the width. */\n"
              "#if defined __GNUC__ && !defined __clang__ && defined __x86_64__\n"
              "#define BY_HALVES __attribute__((target(\"prefer-vector-width=256\")))\n#else\n#define BY_HALVES\n#endif\n\n", f);
    fputs("/* C++ has no restrict, and fields by name since 2020; the tables keep to their order. */\n"
          "#ifdef __cplusplus\n#define restrict __restrict\n#endif\n"
          "#if !defined __cplusplus || __cplusplus >= 202002L\n#define AT(field) .field =\n#else\n"
          "#define AT(field)\n#endif\n\n", f);
}

static void print_includes(const Program *p, bool chooses, const char *real, FILE *f)
{
    if (p->single) {
        print_single_includes(p, has_form(p->kernels, true), has_form(p->kernels, false), has_rows(p->kernels), f);
        fprintf(f, "typedef %s real;\n\n", real);
        return;
    }
    if (has_form(p->kernels, true))
        fputs("#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */\n"
              "#define FORCE_OPENBLAS_COMPLEX_STRUCT\n#endif\n#include <cblas.h>\n", f);
    fputs("#include <math.h>\n", f);
    if (chooses)
        fputs("#include <string.h>\n", f);
    if (has_elementary(p->kernels))
        fprintf(f, "\n%s#include <tapeless/elementary.h>\n", p->elementary ? "" : "#define TL_LIBM\n");
    bool products = has_form(p->kernels, false), rows = has_rows(p->kernels);
    if (products || rows)
        fprintf(f, "\n#define TL_REAL_BYTES %d\n#define TL_VECTOR_BYTES %d\n%s%s", p->real == TL_F32 ? 4 : 8,
                p->target->vector_bytes, products ? "#include <tapeless/product.h>\n" : "",
                rows ? "#include <tapeless/rows.h>\n" : "");
    if (has_kind(p->kernels, KERNEL_DROPMASK))
        fputs("\n#include <tapeless/random.h>\n", f);
    fprintf(f, "\n#if TL_ABI != %d\n#error \"written for runtime ABI %d; compile the spec again\"\n#endif\n\n"
            "typedef %s real;\n\n", TL_ABI, TL_ABI, real);
}

void emit_ground(const Emitter *e, const char *real, FILE *f)
{
    const Program *p = e->program;
    bool chooses = has_instruction(p->kernels, OP_WHERE);
    print_includes(p, chooses, real, f);
    print_words(p, f);
    if (chooses)
        print_choose(p, f);
    emit_numbers(e, f);
    emit_kernels(e, f);
}

void emit_source_with(const Program *p, const char *order, void (*print_rest)(const Program *, FILE *), FILE *f)
{
    char *code = NULL;
    size_t code_size = 0;
    Emitter e = emitter_new(p, 0);
    char *real = arena_printf(e.arena, "%s_real", p->model->name);
    FILE *out = text_open(&code, &code_size);
    name_kernels(&e);
    emit_code(&e, out);
    text_close(out);
    fprintf(f, "/* %s.c\n *\n", p->model->name);
    print_provenance(p, f);
    fprintf(f, " *\n * %s */\n#include \"%s.h\"\n\n", order, p->model->name);
    emit_ground(&e, real, f);
    fputs(code, f);
    print_rest(p, f);
    free(code);
    arena_free(e.arena);
}

static void print_tables(const Program *p, FILE *f)
{
    fputc('\n', f);
    emit_tables(p, f);
}

void emit_source(const Program *p, FILE *f)
{
    emit_source_with(p, "First the kernels, one function for each distinct loop nest or product; then the window's\n"
                        " * steps, one call an operation; then the tables.", print_tables, f);
}
