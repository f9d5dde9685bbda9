/* emit_casadi.c - a step and its derivatives as functions of CasADi's: what casadi.external("NAME", ...) loads.
 *
 * CasADi calls int NAME(arg, res, iw, w, mem) with arrays of pointers to vectors and to matrices by columns, any of
 * which may be NULL (an argument of zeros; a result that nobody wants), and asks functions with further endings for the
 * number of these, their names, their patterns and the work space. It finds derivatives by the function's name:
 * jac_NAME has a matrix for every result by every argument, fwd1_NAME and adj1_NAME products with it, jac_adj1_NAME
 * all derivatives of the last. Each takes, behind the arguments, the results of the function that it is the derivative
 * of; here nothing is read of them, and their patterns are empty. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"
#include "graph/user_error.h"

static const char *const prefixes[] = { "", "jac_", "fwd1_", "adj1_", "jac_adj1_" };
static const char *const suffixes[] = { "values", "jacobian", "forward", "reverse", "reverse_jacobian" };

#define CALL_ARGUMENTS "const real **arg, real **res, long long int *iw, real *w, int mem"
#define WORK_ARGUMENTS "long long int *sz_arg, long long int *sz_res, long long int *sz_iw, long long int *sz_w"

/* A matrix that CasADi passes: of no elements where it is `empty`. */
typedef struct Field {
    const char *name;
    int32_t rows, columns;
    bool empty;
} Field;

typedef struct Fields {
    Field *field;
    int32_t n;
} Fields;

typedef struct Printer {
    const StepProgram *p;
    const StepDerivatives *d;
    Arena *arena;
    FILE *f;
    Fields patterns;        /* those that have been printed */
    StepFunctionKind kind;  /* being printed */
    Fields in, out;         /* its arguments and results */
} Printer;

/* ---- what a function takes and gives ---- */

static void add_field(Fields *all, const char *name, int32_t rows, int32_t columns, bool empty)
{
    all->field[all->n++] = (Field){ name, rows, columns, empty };
}

static void add_vectors(Printer *q, Fields *all, const char *prefix, const StepVector *v, int32_t n, bool empty)
{
    for (int32_t i = 0; i < n; i++)
        add_field(all, arena_printf(q->arena, "%s%s", prefix, v[i].name), v[i].size, 1, empty);
}

static Fields find_arguments(Printer *q)
{
    const StepDerivatives *d = q->d;
    Fields in = { arena_array(q->arena, Field, 2 * (d->narguments + d->nresults) + 1 + d->narguments), 0 };
    add_vectors(q, &in, "", d->argument, d->narguments, false);
    if (q->kind != STEP_VALUES)
        add_vectors(q, &in, "out_", d->result, d->nresults, true);
    if (q->kind == STEP_FORWARD)
        add_vectors(q, &in, "fwd_", d->argument, d->narguments, false);
    if (q->kind == STEP_REVERSE || q->kind == STEP_REVERSE_JACOBIAN)
        add_vectors(q, &in, "adj_", d->result, d->nresults, false);
    if (q->kind == STEP_REVERSE_JACOBIAN)
        add_vectors(q, &in, "out_adj_", d->argument, d->narguments, true);
    return in;
}

/* The function's blocks are its results, in order, but for those that are empty all along: d adj_a / d out_adj_b. */
static void add_block_name(Printer *q, const char *prefix, const char *of, const char *by)
{
    add_field(&q->out, arena_printf(q->arena, "%s%s_%s", prefix, of, by), 0, 0, false);
}

static void name_results(Printer *q)
{
    const StepDerivatives *d = q->d;
    switch (q->kind) {
    case STEP_VALUES: add_vectors(q, &q->out, "", d->result, d->nresults, false); break;
    case STEP_FORWARD: add_vectors(q, &q->out, "fwd_", d->result, d->nresults, false); break;
    case STEP_REVERSE: add_vectors(q, &q->out, "adj_", d->argument, d->narguments, false); break;
    case STEP_JACOBIAN:
        for (int32_t r = 0; r < d->nresults; r++)
            for (int32_t a = 0; a < d->narguments; a++)
                add_block_name(q, "jac_", d->result[r].name, d->argument[a].name);
        break;
    default:
        for (int32_t a = 0; a < d->narguments; a++)
            for (int32_t i = 0; i < d->narguments + 2 * d->nresults; i++)
                add_block_name(q, "jac_adj_", d->argument[a].name, q->in.field[i].name);
    }
}

static Fields find_results(Printer *q)
{
    const StepFunction *f = &q->d->function[q->kind];
    q->out = (Fields){ arena_array(q->arena, Field, f->nblocks + 1), 0 };
    name_results(q);
    assume(q->out.n == f->nblocks, "%d results of %d blocks", q->out.n, f->nblocks);
    for (int32_t i = 0; i < f->nblocks; i++) {
        q->out.field[i].rows = f->block[i].rows;
        q->out.field[i].columns = f->block[i].columns;
        q->out.field[i].empty = !f->block[i].node;
    }
    return q->out;
}

/* ---- patterns ---- */

static void print_pattern_name(FILE *f, const Field *p)
{
    fprintf(f, "%s_%d_%d", p->empty ? "empty" : "dense", p->rows, p->columns);
}

/* Rows, columns, 1: all elements, by columns. Else where each column begins among the elements: there are none. */
static void print_pattern(Printer *q, const Field *p)
{
    for (int32_t i = 0; i < q->patterns.n; i++) {
        const Field *had = &q->patterns.field[i];
        if (had->rows == p->rows && had->columns == p->columns && had->empty == p->empty)
            return;
    }
    q->patterns.field[q->patterns.n++] = *p;
    fputs("static const long long int ", q->f);
    print_pattern_name(q->f, p);
    if (p->empty)
        fprintf(q->f, "[%d] = { %d, %d };\n", p->columns + 3, p->rows, p->columns);
    else
        fprintf(q->f, "[3] = { %d, %d, 1 };\n", p->rows, p->columns);
}

static void print_patterns(Printer *q)
{
    for (int32_t i = 0; i < q->in.n; i++)
        print_pattern(q, &q->in.field[i]);
    for (int32_t i = 0; i < q->out.n; i++)
        print_pattern(q, &q->out.field[i]);
    fputc('\n', q->f);
}

/* ---- what CasADi asks ---- */

static const char *prefix_of(const Printer *q) { return prefixes[q->kind]; }
static const char *name_of(const Printer *q) { return q->d->model->name; }

static void print_cases(Printer *q, const char *type, const char *what, const Fields *all, bool names)
{
    fprintf(q->f, "%s%s%s_%s(long long int i)\n{\n    switch (i) {\n", type, prefix_of(q), name_of(q), what);
    for (int32_t i = 0; i < all->n; i++) {
        fprintf(q->f, "    case %d: return ", i);
        if (names)
            fprintf(q->f, "\"%s\"", all->field[i].name);
        else
            print_pattern_name(q->f, &all->field[i]);
        fputs(";\n", q->f);
    }
    fputs("    default: return 0;\n    }\n}\n\n", q->f);
}

static int64_t block_size(const Printer *q, int32_t block)
{
    const StepBlock *b = &q->d->function[q->kind].block[block];
    return b->node ? (int64_t)b->rows * b->columns : 0;
}

/* Doubles: the workspace on a boundary of 64 bytes, and behind it room for what nobody wants. */
static int64_t spare_begin(const Printer *q)
{
    int64_t a = workspace_size(&q->p->code[q->kind].compiled), b = 0;
    if (q->p->whole[q->kind].view.noutputs)
        b = workspace_size(&q->p->whole[q->kind].compiled);
    return ((a > b ? a : b) + 7) / 8 * 8;
}

static int64_t spare_size(const Printer *q)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < q->out.n; i++)
        sum += block_size(q, i);
    return sum;
}

static void print_work(Printer *q)
{
    int64_t doubles = spare_begin(q) + spare_size(q) + 7;
    fprintf(q->f, "int %s%s_work(" WORK_ARGUMENTS ")\n{\n", prefix_of(q), name_of(q));
    fprintf(q->f, "    if (sz_arg)\n        *sz_arg = %d;\n", q->in.n);
    fprintf(q->f, "    if (sz_res)\n        *sz_res = %d;\n", q->out.n);
    fprintf(q->f, "    if (sz_iw)\n        *sz_iw = 0;\n    if (sz_w)\n        *sz_w = %" PRId64 ";\n", doubles);
    fputs("    return 0;\n}\n\n", q->f);
}

/* What a header would have, for compilers that ask for it. */
static void print_prototypes(Printer *q)
{
    static const char *const questions[][3] = {
        { "int ", "", CALL_ARGUMENTS },
        { "void ", "_incref", "void" }, { "void ", "_decref", "void" }, { "int ", "_checkout", "void" },
        { "void ", "_release", "int mem" },
        { "long long int ", "_n_in", "void" }, { "long long int ", "_n_out", "void" },
        { "const char *", "_name_in", "long long int i" }, { "const char *", "_name_out", "long long int i" },
        { "const long long int *", "_sparsity_in", "long long int i" },
        { "const long long int *", "_sparsity_out", "long long int i" },
        { "int ", "_work", WORK_ARGUMENTS }
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        fprintf(q->f, "%s%s%s%s(%s);\n", questions[i][0], prefix_of(q), name_of(q), questions[i][1], questions[i][2]);
    fputc('\n', q->f);
}

/* There is nothing to count, to take or to give back: no function keeps anything. */
static void print_questions(Printer *q)
{
    const char *prefix = prefix_of(q), *name = name_of(q);
    fprintf(q->f, "void %s%s_incref(void) { }\nvoid %s%s_decref(void) { }\n", prefix, name, prefix, name);
    fprintf(q->f, "int %s%s_checkout(void) { return 0; }\n", prefix, name);
    fprintf(q->f, "void %s%s_release(int mem) { (void)mem; }\n", prefix, name);
    fprintf(q->f, "long long int %s%s_n_in(void) { return %d; }\n", prefix, name, q->in.n);
    fprintf(q->f, "long long int %s%s_n_out(void) { return %d; }\n\n", prefix, name, q->out.n);
    print_cases(q, "const char *", "name_in", &q->in, true);
    print_cases(q, "const char *", "name_out", &q->out, true);
    print_cases(q, "const long long int *", "sparsity_in", &q->in, false);
    print_cases(q, "const long long int *", "sparsity_out", &q->out, false);
    print_work(q);
}

/* ---- the call ---- */

/* Where, among the function's arguments, an input of the derived model stands; -1: this function does not take it. */
static int32_t argument_of(const Printer *q, const StepInput *in)
{
    int32_t behind = q->d->narguments + q->d->nresults;
    switch (in->kind) {
    case STEP_ARGUMENT: return in->index;
    case STEP_TANGENT: return q->kind == STEP_FORWARD ? behind + in->index : -1;
    case STEP_COTANGENT: break;
    }
    return q->kind == STEP_REVERSE || q->kind == STEP_REVERSE_JACOBIAN ? behind + in->index : -1;
}

static void print_inputs(Printer *q)
{
    fputs("    const void *const input[] = {\n", q->f);
    for (int32_t i = 0; i < q->d->model->ninputs; i++) {
        const StepInput *in = &q->d->input[i];
        int32_t a = argument_of(q, in);
        if (a < 0)
            fputs("        NULL,\n", q->f);
        else if (in->from)
            fprintf(q->f, "        arg[%d] ? arg[%d] + %d : zeros,\n", a, a, in->from);
        else
            fprintf(q->f, "        arg[%d] ? arg[%d] : zeros,\n", a, a);
    }
    fputs("        NULL\n    };\n", q->f);
}

static void print_outputs(Printer *q, const StepCode *code, const char *indent)
{
    int64_t at = 0;
    fprintf(q->f, "%svoid *const output[] = {\n", indent);
    for (int32_t i = 0; i < code->view.noutputs; i++) {
        int32_t b = code->block[i];
        fprintf(q->f, "%s    res[%d] ? res[%d] : spare + %" PRId64 ",\n", indent, b, b, at);
        at += block_size(q, b);
    }
    fprintf(q->f, "%s    NULL\n%s};\n", indent, indent);
}

static void print_evaluation(Printer *q, const StepCode *code, const char *part, const char *indent)
{
    print_outputs(q, code, indent);
    fprintf(q->f, "%sconst tl_step step = { 1, input, NULL, %s, NULL, NULL, output, NULL, NULL, work };\n", indent,
            q->p->params ? "parameters" : "NULL");
    fprintf(q->f, "%sevaluate_%s%s(&step);\n", indent, suffixes[q->kind], part);
}

/* What parameters do is computed where somebody asks for it. */
static void print_whole(Printer *q)
{
    const StepCode *whole = &q->p->whole[q->kind];
    const StepFunction *f = &q->d->function[q->kind];
    int n = 0;
    fputs("    if (", q->f);
    for (int32_t i = 0; i < f->nblocks; i++)
        if (f->block[i].node && f->block[i].params)
            fprintf(q->f, "%sres[%d]", n++ ? " || " : "", i);
    fputs(") {\n", q->f);
    print_evaluation(q, whole, "_whole", "        ");
    fputs("        return 0;\n    }\n", q->f);
}

static void print_function(Printer *q)
{
    fprintf(q->f, "int %s%s(" CALL_ARGUMENTS ")\n{\n", prefix_of(q), name_of(q));
    fputs("    real *const work = w + (8 - (uintptr_t)w / 8 % 8) % 8;\n", q->f);
    fprintf(q->f, "    real *const spare = work + %" PRId64 ";\n", spare_begin(q));
    print_inputs(q);
    fputs("    (void)iw;\n    (void)mem;\n    (void)spare;\n", q->f);
    if (q->p->whole[q->kind].view.noutputs)
        print_whole(q);
    print_evaluation(q, &q->p->code[q->kind], "", "    ");
    fputs("    return 0;\n}\n\n", q->f);
}

static void emit_function(Printer *q, StepFunctionKind kind)
{
    q->kind = kind;
    q->in = find_arguments(q);
    q->out = find_results(q);
    fprintf(q->f, "/* ---- %s%s ---- */\n\n", prefix_of(q), name_of(q));
    print_prototypes(q);
    print_patterns(q);
    print_function(q);
    print_questions(q);
}

/* ---- the file ---- */

static void print_parameters(const StepProgram *p, FILE *f)
{
    enum { ROOM = 84 };
    int column = ROOM + 1;
    if (!p->params)
        return;
    fprintf(f, "static const real parameters[%zu] = {", p->base.memory.param_size + 1);
    for (size_t i = 0; i < p->base.memory.param_size; i++) {
        bool next = column > ROOM;
        column = next ? fprintf(f, "\n    ") : column + fprintf(f, " ");
        column += print_number(f, TL_F64, p->params[i]) + fprintf(f, ",");
    }
    fputs("\n    0\n};\n\n", f);
}

static void print_zeros(const StepDerivatives *d, FILE *f)
{
    int32_t most = 1;
    for (int32_t i = 0; i < d->narguments; i++)
        most = d->argument[i].size > most ? d->argument[i].size : most;
    for (int32_t i = 0; i < d->nresults; i++)
        most = d->result[i].size > most ? d->result[i].size : most;
    fprintf(f, "/* What an argument is that is not given. */\nstatic const real zeros[%d] = { 0 };\n\n", most);
}

static void print_vectors(FILE *f, const char *word, const StepVector *v, int32_t n)
{
    fprintf(f, " *   %s", word);
    for (int32_t i = 0; i < n; i++)
        fprintf(f, "%s %s[%d]", i ? "," : "", v[i].name, v[i].size);
    fputc('\n', f);
}

static void print_head(const StepProgram *p, FILE *f)
{
    const StepDerivatives *d = p->d;
    const char *name = d->model->name;
    fprintf(f, "/* %s_casadi.c - a step and its derivatives: casadi.external(\"%s\", \"./lib%s_casadi.so\").\n *\n",
            name, name, name);
    print_vectors(f, "takes", d->argument, d->narguments);
    print_vectors(f, "gives", d->result, d->nresults);
    fputs(" *\n", f);
    print_provenance(&p->base, f);
    fputs(" */\n#include <tapeless/tapeless.h>\n\n", f);
}

/* The program, with the model that the code is of. */
static void emit_step_code(Emitter *e, const StepCode *code, const char *suffix, FILE *out)
{
    Program own = *e->program;
    const Program *all = e->program;
    if (!code->compiled.window)
        return;
    own.model = (Model *)&code->view;
    e->program = &own;
    emit_evaluation(e, &code->compiled, suffix, out);
    e->program = all;
}

static void emit_all_code(Emitter *e, const StepProgram *p, FILE *out)
{
    for (int i = 0; i < STEP_FUNCTIONS; i++) {
        emit_step_code(e, &p->code[i], suffixes[i], out);
        if (p->whole[i].view.noutputs)
            emit_step_code(e, &p->whole[i], arena_printf(e->arena, "%s_whole", suffixes[i]), out);
    }
}

static Emitter new_emitter(const StepProgram *p)
{
    int32_t most = 0;
    for (int i = 0; i < STEP_FUNCTIONS; i++)
        most = p->d->function[i].nblocks > most ? p->d->function[i].nblocks : most;
    Emitter e = emitter_new(&p->base, most);
    for (int i = 0; i < STEP_FUNCTIONS; i++) {
        if (p->code[i].compiled.window)
            name_calls(&e, &p->code[i].compiled);
        if (p->whole[i].view.noutputs)
            name_calls(&e, &p->whole[i].compiled);
    }
    return e;
}

static Printer new_printer(const StepProgram *p, Arena *arena, FILE *f)
{
    int32_t most = 0;
    for (int i = 0; i < STEP_FUNCTIONS; i++)
        most += p->d->function[i].nblocks + 3 * (p->d->narguments + p->d->nresults);
    return (Printer){ .p = p, .d = p->d, .arena = arena, .f = f,
                      .patterns = { arena_array(arena, Field, most + 1), 0 } };
}

void emit_casadi(const StepProgram *p, FILE *f)
{
    char *code = NULL;
    size_t code_size = 0;
    Emitter e = new_emitter(p);
    FILE *out = text_open(&code, &code_size);
    emit_all_code(&e, p, out);
    text_close(out);
    print_head(p, f);
    emit_ground(&e, "double", f);
    fputs(code, f);
    print_parameters(p, f);
    print_zeros(p->d, f);
    fputs("TL_C_BEGIN\n\n", f);
    Printer q = new_printer(p, e.arena, f);
    for (int i = 0; i < STEP_FUNCTIONS; i++)
        if (p->code[i].compiled.window)
            emit_function(&q, (StepFunctionKind)i);
    fputs("TL_C_END\n", f);
    free(code);
    arena_free(e.arena);
}
