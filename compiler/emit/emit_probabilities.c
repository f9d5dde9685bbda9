/* emit_probabilities.c - NAME_probabilities, of a model that stands alone: what bce and cross_entropy took for logits, as the
 * probabilities that they are of. NAME_decode calls it. */
#include <inttypes.h>

#include <tapeless/prediction.h>
#include "emit/emit_internal.h"
#include "schedule/lower.h"

typedef enum Logits { NO_LOGITS, OF_ONE, OF_TOKENS } Logits;

static Logits kind_of(const Program *p, const tl_model *m, int32_t output)
{
    const int32_t target = tl_predicted_by(m, output);
    if (p->model->outputs[output].scale == TL_SCALE_LOGIT)
        return OF_ONE;
    return target >= 0 && m->targets[target].vocab ? OF_TOKENS : NO_LOGITS;
}

bool has_probabilities(const Program *p)
{
    Arena *arena = arena_new();
    const tl_model *m = lower_model(arena, p->model, &p->memory, p->real);
    bool any = false;
    for (int32_t i = 0; i < p->model->noutputs; i++)
        any |= kind_of(p, m, i) != NO_LOGITS;
    arena_free(arena);
    return any;
}

void print_probabilities_header(const Program *p, FILE *f)
{
    fprintf(f, "\n/* Of a step's outputs: logits become probabilities, of 1 or of each token. */\n%svoid %s_probabilities(%s_output *y)",
            p->single->fixed ? "static inline " : "", p->model->name, p->model->name);
}

static void print_output(const Program *p, const tl_model *m, int32_t i, FILE *f)
{
    Arena *arena = arena_new();
    const Logits kind = kind_of(p, m, i);
    const char *member = member_name(arena, p->model->outputs, i, "y");
    const size_t n = tl_size(&p->model->outputs[i]), lanes = (size_t)tl_lanes(&p->model->tbptt);
    if (kind == OF_ONE)
        fprintf(f, "    for (size_t i = 0; i < %zu; i++)\n        y->%s[i] = %s_sigmoid(y->%s[i]);\n", lanes * n, member, p->model->name, member);
    if (kind == OF_TOKENS)
        fprintf(f, "    for (size_t i = 0; i < %zu; i += %zu)\n        %s_softmax(y->%s + i, %zu);\n", lanes * n, n, p->model->name, member, n);
    arena_free(arena);
}

/* exp: a function of a number <= 0. */
static void print_functions(const Program *p, bool one, bool tokens, FILE *f)
{
    const char *name = p->model->name;
    if (one)
        fprintf(f, "static inline %s_real %s_sigmoid(%s_real x)\n{\n    const %s_real e = %s_falling(x < 0 ? x : -x);\n"
                "    return x < 0 ? e / (1 + e) : 1 / (1 + e);\n}\n\n", name, name, name, name, name);
    if (tokens)
        fprintf(f, "static inline void %s_softmax(%s_real *x, size_t n)\n{\n    %s_real most = x[0], sum = 0;\n"
                "    for (size_t i = 1; i < n; i++)\n        most = x[i] > most ? x[i] : most;\n"
                "    for (size_t i = 0; i < n; i++) {\n        x[i] = %s_falling(x[i] - most);\n        sum += x[i];\n    }\n"
                "    for (size_t i = 0; i < n; i++)\n        x[i] /= sum;\n}\n\n", name, name, name, name);
}

static void print_falling(const Program *p, FILE *f)
{
    const char *name = p->model->name;
    fprintf(f, "\n/* e^x, x <= 0. */\nstatic inline %s_real %s_falling(%s_real x)\n{\n", name, name, name);
    if (p->single->fixed)
        fprintf(f, "    return x > -32.0f ? (float)%s_exp((uint32_t)(x * -65536.0f)) * 9.31322575e-10f : 0.0f;\n}\n\n", name);
    else
        fprintf(f, "    return tl_exp_%s(x);\n}\n\n", p->real == TL_F32 ? "f32" : "f64");
}

void print_probabilities(const Program *p, FILE *f)
{
    Arena *arena = arena_new();
    const tl_model *m = lower_model(arena, p->model, &p->memory, p->real);
    bool one = false, tokens = false;
    for (int32_t i = 0; i < p->model->noutputs; i++) {
        one |= kind_of(p, m, i) == OF_ONE;
        tokens |= kind_of(p, m, i) == OF_TOKENS;
    }
    print_falling(p, f);
    print_functions(p, one, tokens, f);
    if (p->single->fixed)
        print_probabilities_header(p, f);
    else
        fprintf(f, "void %s_probabilities(%s_output *y)", p->model->name, p->model->name);
    fputs("\n{\n", f);
    for (int32_t i = 0; i < p->model->noutputs; i++)
        print_output(p, m, i, f);
    fputs("}\n", f);
    arena_free(arena);
}
