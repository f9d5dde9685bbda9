/* emit_learner.c - what drives a model that stands alone: NAME_predict, a step with one's own data; NAME_push, learning from a
 * stream, as tl_online_push does (runtime/tapeless/online.h says what is trained on when). Sizes are constants, memory is a
 * structure of the caller's, which begins with nothing but numbers. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <tapeless/spans.h>
#include "emit/emit_internal.h"
#include "schedule/lower.h"

/* $ is the model's name, ^ the same in capitals. */
static void print_text(FILE *f, const Program *p, const char *text)
{
    for (; *text; text++)
        if (*text == '$')
            fputs(p->model->name, f);
        else if (*text == '^')
            print_upper(f, p->model->name, "");
        else
            fputc(*text, f);
}

static int64_t real_bytes(const Program *p) { return p->real == TL_F32 ? 4 : 8; }
static int64_t reals_of(const Program *p, int64_t bytes) { return (bytes + real_bytes(p) - 1) / real_bytes(p); }
static int64_t lanes_of(const Program *p) { return tl_lanes(&p->model->tbptt); }
static int64_t step_state(const Program *p) { return (int64_t)p->memory.step_state_size * lanes_of(p); }
static bool keeps(const Program *p) { return tl_keeps_steps(&p->model->tbptt); }

static const char *const unnamed[] = { "x", "y", "y" };
enum { INPUT, TARGET, OUTPUT };

static const tl_tensor *fields(const Model *m, int kind, int32_t *n)
{
    *n = kind == INPUT ? m->ninputs : kind == TARGET ? m->ntargets : m->noutputs;
    return kind == INPUT ? m->inputs : kind == TARGET ? m->targets : m->outputs;
}

/* "    const void *const input[] = { x->x };"; of none it is of one NULL. */
static void print_pointers(FILE *f, const Program *p, int kind, const char *type, const char *name, const char *from)
{
    int32_t n;
    const tl_tensor *t = fields(p->model, kind, &n);
    Arena *arena = arena_new();
    fprintf(f, "    %s const %s[] = {", type, name);
    for (int32_t i = 0; i < n; i++)
        fprintf(f, "%s %s%s", i ? "," : "", from, member_name(arena, t, i, unnamed[kind]));
    fputs(n ? " };\n" : " NULL };\n", f);
    arena_free(arena);
}

/* "const lstm_input *x, ": a parameter that is there where the model has such fields. */
static void print_parameter(FILE *f, const Program *p, int kind, const char *type, const char *name)
{
    int32_t n;
    fields(p->model, kind, &n);
    if (n)
        fprintf(f, ", %s%s_%s *%s", kind == OUTPUT ? "" : "const ", p->model->name, type, name);
}

/* ---- the state at the start of a sequence ---- */

static void print_numbers_at(FILE *f, const Program *p, const tl_tensor *s, int32_t i)
{
    fprintf(f, "    static const %s_real start%d[%zu] = {", p->model->name, i, tl_size(s));
    for (size_t k = 0; k < tl_size(s); k++) {
        fputs(k ? ", " : " ", f);
        print_number(f, p->real, s->values[k]);
    }
    fputs(" };\n", f);
}

static void print_start(FILE *f, const Program *p, const tl_tensor *s, int32_t i, int64_t at)
{
    const Model *m = p->model;
    fprintf(f, "    for (size_t i = 0; i < %" PRId64 "; i++) /* %s */\n        state[%" PRId64 " + i] = ",
            (int64_t)tl_size(s) * lanes_of(p), s->name, at);
    if (s->learned >= 0)
        fprintf(f, "params[%zu + i %% %zu]", m->params[s->learned].offset, tl_size(s));
    else if (s->init.kind == TL_INIT_VALUES)
        fprintf(f, "start%d[i %% %zu]", i, tl_size(s));
    else
        print_number(f, p->real, s->init.kind == TL_INIT_CONSTANT ? s->init.a : 0);
    fputs(";\n", f);
}

static void print_begin_state(const Program *p, FILE *f)
{
    const Model *m = p->model;
    int64_t at = 0;
    print_text(f, p, "/* The state before the first step of a sequence. */\n"
                     "static void begin_state(const $_real *params, $_real *state)\n{\n");
    for (int32_t i = 0; i < own_states(m); i++)
        if (m->states[i].learned < 0 && m->states[i].init.kind == TL_INIT_VALUES)
            print_numbers_at(f, p, &m->states[i], i);
    fputs("    (void)params;\n", f);
    print_text(f, p, "    for (size_t i = 0; i < sizeof(((($_predictor *)0)->state)) / sizeof *state; i++)\n        state[i] = 0;\n");
    for (int32_t i = 0; i < own_states(m); i++) {
        print_start(f, p, &m->states[i], i, at);
        at += (int64_t)tl_size(&m->states[i]) * lanes_of(p);
    }
    fputs("}\n\n", f);
}

/* ---- prediction ---- */

void print_predictor_header(const Program *p, FILE *f)
{
    int64_t state = step_state(p), work = reals_of(p, step_work_bytes(p));
    print_text(f, p, "\n/* Steps of a sequence, without learning. `params` are ^_PARAM_SIZE numbers, as NAME_weights.h of `tapeless export` has\n"
                     " * them. Start before the first step of each sequence; outputs are those of the step. */\n"
                     "typedef struct $_predictor {\n");
    fprintf(f, "    %s_real state[%" PRId64 "], next[%" PRId64 "], work[%" PRId64 "];\n", p->model->name, state ? state : 1,
            state ? state : 1, work ? work : 1);
    print_text(f, p, "} $_predictor;\n\nvoid $_start($_predictor *, const $_real *params);\n"
                     "void $_predict($_predictor *, const $_real *params");
    print_parameter(f, p, INPUT, "input", "");
    print_parameter(f, p, OUTPUT, "output", "");
    fputs(");\n", f);
}

void print_predictor(const Program *p, FILE *f)
{
    fputc('\n', f);
    print_begin_state(p, f);
    print_text(f, p, "void $_start($_predictor *p, const $_real *params)\n{\n    begin_state(params, p->state);\n}\n\n"
                     "void $_predict($_predictor *p, const $_real *params");
    print_parameter(f, p, INPUT, "input", "x");
    print_parameter(f, p, OUTPUT, "output", "y");
    fputs(")\n{\n", f);
    print_pointers(f, p, INPUT, "const void *", "input", "x->");
    print_pointers(f, p, OUTPUT, "void *", "output", "y->");
    print_text(f, p, "    tl_step s;\n    memset(&s, 0, sizeof s);\n    s.lanes = ^_LANES;\n    s.input = input;\n    s.params = params;\n"
                     "    s.state = p->state;\n    s.next_state = p->next;\n    s.output = output;\n    s.work = p->work;\n"
                     "    $_step(&s);\n    memcpy(p->state, p->next, sizeof p->state);\n}\n");
}

/* ---- the optimizer ---- */

static int moments(const tl_optimizer_spec *s)
{
    switch (s->kind) {
    case TL_SGD: return s->momentum != 0;
    case TL_ADAM:
    case TL_ADAMW: return 2;
    default: return 1 + (s->momentum > 0) + (s->centered != 0);
    }
}

static void print_constant(FILE *f, const Program *p, const char *name, double v)
{
    fprintf(f, "    const real %s = ", name);
    print_number(f, p->real, v);
    fputs(";\n", f);
}

static void print_sgd(const Program *p, FILE *f)
{
    const tl_optimizer_spec *s = &p->model->train.optimizer;
    if (s->momentum != 0) {
        print_constant(f, p, "mu", s->momentum);
        print_constant(f, p, "fresh", 1 - s->dampening);
        fputs("    real *momentum = m->moment[0] + at;\n    const int first = m->updates == 0;\n", f);
    }
    fputs("    for (size_t i = 0; i < n; i++) {\n        real d = g[i] + decay * w[i];\n", f);
    if (s->momentum != 0)
        fprintf(f, "        momentum[i] = first ? d : mu * momentum[i] + fresh * d;\n        d = %smomentum[i];\n",
                s->nesterov ? "d + mu * " : "");
    fputs("        w[i] -= lr * d;\n    }\n", f);
}

static void print_adam(const Program *p, FILE *f)
{
    const tl_optimizer_spec *s = &p->model->train.optimizer;
    print_constant(f, p, "b1", s->beta1);
    print_constant(f, p, "b2", s->beta2);
    print_constant(f, p, "c1", 1 - s->beta1);
    print_constant(f, p, "c2", 1 - s->beta2);
    print_constant(f, p, "eps", s->eps);
    fprintf(f, "    real *mean = m->moment[0] + at, *square = m->moment[1] + at;\n"
            "    const real size = lr / m->correction[0], root = sqrt%s(m->correction[1]);\n", p->real == TL_F32 ? "f" : "");
    fputs("    for (size_t i = 0; i < n; i++) {\n", f);
    if (s->kind == TL_ADAMW)
        fputs("        real v = w[i] * (1 - lr * decay), d = g[i];\n", f);
    else
        fputs("        real v = w[i], d = g[i] + decay * v;\n", f);
    fprintf(f, "        mean[i] = b1 * mean[i] + c1 * d;\n        square[i] = b2 * square[i] + c2 * d * d;\n"
            "        w[i] = v - size * mean[i] / (sqrt%s(square[i]) / root + eps);\n    }\n", p->real == TL_F32 ? "f" : "");
}

static void print_rmsprop(const Program *p, FILE *f)
{
    const tl_optimizer_spec *s = &p->model->train.optimizer;
    int next = 1;
    print_constant(f, p, "a", s->alpha);
    print_constant(f, p, "c", 1 - s->alpha);
    print_constant(f, p, "eps", s->eps);
    fputs("    real *square = m->moment[0] + at;\n", f);
    if (s->momentum > 0) {
        print_constant(f, p, "mu", s->momentum);
        fprintf(f, "    real *momentum = m->moment[%d] + at;\n", next++);
    }
    if (s->centered)
        fprintf(f, "    real *mean = m->moment[%d] + at;\n", next);
    fputs("    for (size_t i = 0; i < n; i++) {\n        real d = g[i] + decay * w[i], step;\n"
          "        square[i] = a * square[i] + c * d * d;\n", f);
    if (s->centered)
        fputs("        mean[i] = a * mean[i] + c * d;\n", f);
    fprintf(f, "        step = d / (sqrt%s(square[i]%s) + eps);\n", p->real == TL_F32 ? "f" : "",
            s->centered ? " - mean[i] * mean[i]" : "");
    if (s->momentum > 0)
        fputs("        step = momentum[i] = mu * momentum[i] + step;\n", f);
    fputs("        w[i] -= lr * step;\n    }\n", f);
}

static void print_descend(const Program *p, FILE *f)
{
    print_text(f, p, "/* n parameters from `at` on, with the rate and the decay that are theirs. */\n"
                     "static void descend($_learner *m, size_t at, size_t n, real lr, real decay)\n{\n"
                     "    real *w = m->params + at;\n    const real *g = m->grads + at;\n");
    switch (p->model->train.optimizer.kind) {
    case TL_SGD: print_sgd(p, f); break;
    case TL_ADAM:
    case TL_ADAMW: print_adam(p, f); break;
    default: print_rmsprop(p, f);
    }
    fputs("}\n\n", f);
}

static bool has_bounds(const tl_rule *r) { return r && (r->min > -INFINITY || r->max < INFINITY); }

static void print_clamp(FILE *f)
{
    fputs("static void clamp(real *w, size_t n, real least, real most)\n{\n    for (size_t i = 0; i < n; i++)\n"
          "        w[i] = w[i] < least ? least : w[i] > most ? most : w[i];\n}\n\n", f);
}

/* A line a piece of the parameters. */
static void print_span(FILE *f, const Program *p, const tl_span *s)
{
    const tl_rule *r = s->of->rule;
    const double decay = p->model->train.optimizer.weight_decay * (r ? r->weight_decay : 1);
    fprintf(f, "    descend(m, %zu, %zu, ", s->at, s->n);
    if (r && r->lr != 1) {
        print_number(f, p->real, r->lr);
        fputs(" * ", f);
    }
    fputs("m->lr, ", f);
    print_number(f, p->real, decay);
    fputs(");\n", f);
    if (has_bounds(r)) {
        fprintf(f, "    clamp(m->params + %zu, %zu, ", s->at, s->n);
        print_number(f, p->real, r->min);
        fputs(", ", f);
        print_number(f, p->real, r->max);
        fputs(");\n", f);
    }
}

/* What an update goes over; the names of the first parameter of each in a comment would be longer than the line. */
static tl_spans spans_of(const Program *p, Arena *arena)
{
    tl_model *m = lower_model(arena, p->model, &p->memory, p->real);
    return tl_spans_over(m, arena_array(arena, tl_span, p->model->nparams + 1));
}

static void print_corrections(const Program *p, FILE *f)
{
    const tl_optimizer_spec *s = &p->model->train.optimizer;
    if (s->kind != TL_ADAM && s->kind != TL_ADAMW)
        return;
    fputs("    m->correction[0] = m->correction[0] * ", f); /* 1 - beta^t, without a power and without cancellation */
    print_number(f, p->real, s->beta1);
    fputs(" + ", f);
    print_number(f, p->real, 1 - s->beta1);
    fputs(";\n    m->correction[1] = m->correction[1] * ", f);
    print_number(f, p->real, s->beta2);
    fputs(" + ", f);
    print_number(f, p->real, 1 - s->beta2);
    fputs(";\n", f);
}

/* Of the gradient, in the order of its pieces. */
static void print_norm(FILE *f, const Program *p, const tl_spans *s)
{
    const char *suffix = p->real == TL_F32 ? "f" : "";
    print_text(f, p, "static real norm_of(const $_learner *m)\n{\n    real sum = 0;\n");
    for (int32_t i = 0; i < s->count; i++)
        fprintf(f, "    for (size_t i = %zu; i < %zu; i++)\n        sum += m->grads[i] * m->grads[i];\n", s->span[i].at,
                s->span[i].at + s->span[i].n);
    fprintf(f, "    return sqrt%s(sum);\n}\n\n", suffix);
}

static void print_clip_value(FILE *f, const Program *p, const tl_spans *s)
{
    const double most = p->model->train.clip_value;
    for (int32_t i = 0; i < s->count && most > 0; i++) {
        fprintf(f, "    clamp(m->grads + %zu, %zu, ", s->span[i].at, s->span[i].n);
        print_number(f, p->real, -most);
        fputs(", ", f);
        print_number(f, p->real, most);
        fputs(");\n", f);
    }
}

static void print_clip_norm(FILE *f, const Program *p, const tl_spans *s)
{
    const double most = p->model->train.clip_norm;
    if (!(most > 0))
        return;
    fputs("    by = ", f);
    print_number(f, p->real, most);
    fputs(" / (m->norm + ", f);
    print_number(f, p->real, 1e-6);
    fputs(");\n", f);
    for (int32_t i = 0; i < s->count; i++)
        fprintf(f, "    for (size_t i = %zu; by < 1 && i < %zu; i++)\n        m->grads[i] *= by;\n", s->span[i].at,
                s->span[i].at + s->span[i].n);
}

static bool clamps(const Program *p, const tl_spans *s)
{
    bool any = p->model->train.clip_value > 0;
    for (int32_t i = 0; i < s->count; i++)
        any |= has_bounds(s->span[i].of->rule);
    return any;
}

static void print_update(const Program *p, FILE *f)
{
    Arena *arena = arena_new();
    tl_spans s = spans_of(p, arena);
    if (clamps(p, &s))
        print_clamp(f);
    print_descend(p, f);
    print_norm(f, p, &s);
    print_text(f, p, "static int is_finite(const real *x, size_t n)\n{\n    for (size_t i = 0; i < n; i++)\n"
                     "        if (!(x[i] - x[i] == 0))\n            return 0;\n    return 1;\n}\n\n"
                     "/* From the window's gradient to new parameters; 0 where loss, gradient or state is no number. */\n"
                     "static int update($_learner *m)\n{\n");
    if (p->model->train.clip_norm > 0)
        fputs("    real by;\n", f);
    print_clip_value(f, p, &s);
    fputs("    m->norm = norm_of(m);\n    if (!is_finite(&m->loss, 1) || !is_finite(&m->norm, 1))\n        return 0;\n", f);
    for (int32_t i = 0; i < p->model->nstates; i++) {
        int64_t n = (int64_t)tl_size(&p->model->states[i]) * lanes_of(p);
        fprintf(f, "    if (!is_finite(m->states + %" PRId64 ", %" PRId64 "))\n        return 0;\n",
                (int64_t)p->model->states[i].offset + p->model->tbptt.k2 * n, n);
    }
    print_clip_norm(f, p, &s);
    print_corrections(p, f);
    for (int32_t i = 0; i < s.count; i++)
        print_span(f, p, &s.span[i]);
    fputs("    m->updates++;\n    return 1;\n}\n\n", f);
    arena_free(arena);
}

/* ---- the learner's memory ---- */

static int64_t data_elements(const Program *p, int kind)
{
    int32_t n;
    int64_t sum = 0;
    const tl_tensor *t = fields(p->model, kind, &n);
    for (int32_t i = 0; i < n; i++)
        sum += (int64_t)tl_size(&t[i]) * (t[i].vocab ? 4 : real_bytes(p));
    return sum * lanes_of(p) * p->model->tbptt.k2;
}

enum { FLAGS = 4 }; /* losses, weight, counts, reset */

void print_learner_bytes(const Program *p, FILE *f)
{
    const Model *m = p->model;
    int64_t slots = (int64_t)m->tbptt.k2 * lanes_of(p) * real_bytes(p);
    if (m->nprobes)
        fprintf(f, " *   probes, window    %8" PRId64 "\n", 2 * (int64_t)p->memory.probe_size * real_bytes(p));
    fprintf(f, " *   moments           %8" PRId64 "\n *   data, window      %8" PRId64 "\n",
            moments(&m->train.optimizer) * (int64_t)p->memory.param_size * real_bytes(p),
            data_elements(p, INPUT) + data_elements(p, TARGET) + FLAGS * slots + (m->masks ? slots : 0));
    print_text(f, p, " * All of it is a $_learner.\n");
}

static void print_slots(FILE *f, const Program *p, int kind)
{
    int32_t n;
    const tl_tensor *t = fields(p->model, kind, &n);
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++) {
        fputs("    ", f);
        if (t[i].vocab)
            fputs("int32_t", f);
        else
            print_text(f, p, "$_real");
        fprintf(f, " %s_%s[%" PRId64 "];\n", kind == INPUT ? "in" : "target", member_name(arena, t, i, unnamed[kind]),
                (int64_t)tl_size(&t[i]) * lanes_of(p) * p->model->tbptt.k2);
    }
    arena_free(arena);
}

static void print_numbers_member(FILE *f, const Program *p, const char *name, int64_t n)
{
    if (n > 0)
        fprintf(f, "    %s_real %s[%" PRId64 "];\n", p->model->name, name, n);
}

void print_learner_header(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const int64_t slots = (int64_t)m->tbptt.k2 * lanes_of(p);
    const int n = moments(&m->train.optimizer);
    print_text(f, p, "\n/* Learning from a stream: a window of the last ^_K2 steps is trained on after every ^_K1-th. Init once, with parameters to\n"
                     " * begin with; start before the first step of each sequence. lr may be changed; params, loss, norm, updates are to be read. */\n"
                     "typedef struct $_learner {\n");
    print_numbers_member(f, p, "params", (int64_t)p->memory.param_size);
    print_numbers_member(f, p, "grads", (int64_t)p->memory.param_size);
    if (n)
        fprintf(f, "    %s_real moment[%d][%zu];\n", m->name, n, p->memory.param_size);
    print_text(f, p, "    $_real lr, loss, norm; /* of the last update */\n    $_real correction[2];\n");
    if (has_kind(p->kernels, KERNEL_DROPMASK))
        fputs("    uint64_t seed; /* of dropout, 0 unless it is set after init */\n", f);
    print_numbers_member(f, p, "states", (int64_t)p->memory.state_size);
    print_numbers_member(f, p, "frames", p->train.layouts->frame_size * m->tbptt.k2);
    if (m->nprobes) {
        print_numbers_member(f, p, "probes", (int64_t)p->memory.probe_size);
        print_numbers_member(f, p, "probe_grads", (int64_t)p->memory.probe_size);
    }
    print_numbers_member(f, p, "losses", slots);
    print_numbers_member(f, p, "weight", slots);
    print_numbers_member(f, p, "counts", slots);
    print_numbers_member(f, p, "reset", slots);
    if (m->masks)
        print_numbers_member(f, p, "mask", slots);
    print_slots(f, p, INPUT);
    print_slots(f, p, TARGET);
    print_numbers_member(f, p, "work", reals_of(p, work_bytes(p, &p->train)));
    print_text(f, p, "    $_predictor step;\n    uint32_t steps, updates;\n    int32_t fresh, slot, chunk, before, since, begins;\n} $_learner;\n\n"
                     "void $_init($_learner *, const $_real *params);\nvoid $_begin($_learner *);\n\n"
                     "/* One step. The outputs are made before anything is learned from it.");
    if (m->ntargets)
        fputs(" A target of NULL: the step does not count.", f);
    print_text(f, p, "\n * Returns 1 if there was an update, 0 if not, -1 where one was due and loss, gradient or state is not finite ($_begin goes on)");
    fputs(",\n * -2 with nothing done where a token is none of the vocabulary. */\n", f);
    print_text(f, p, "int $_push($_learner *");
    print_parameter(f, p, INPUT, "input", "");
    print_parameter(f, p, TARGET, "target", "");
    print_parameter(f, p, OUTPUT, "output", "");
    fputs(");\n", f);
}

/* ---- what is trained on when ---- */

static void print_moves(FILE *f, const Program *p, int kind)
{
    int32_t n;
    const tl_tensor *t = fields(p->model, kind, &n);
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++) {
        const char *member = member_name(arena, t, i, unnamed[kind]), *array = kind == INPUT ? "in" : "target";
        fprintf(f, "    move(m->%s_%s, %zu * sizeof *m->%s_%s, from, m->before, to);\n", array, member,
                tl_size(&t[i]) * (size_t)lanes_of(p), array, member);
    }
    arena_free(arena);
}

/* Of the windows' states: all that are kept, or the one that enters. */
static void print_state_moves(FILE *f, const Program *p, const char *count, int32_t end)
{
    for (int32_t i = 0; i < end; i++)
        fprintf(f, "        move(m->states + %zu, %" PRId64 " * sizeof *m->states, from, %s, to);\n", p->model->states[i].offset,
                (int64_t)tl_size(&p->model->states[i]) * lanes_of(p), count);
}

/* The window's states from the step's, or back. */
static void print_copies(FILE *f, const Program *p, const char *name, bool to_step)
{
    const Model *m = p->model;
    int64_t at = 0;
    print_text(f, p, "static void ");
    fprintf(f, "%s(%s_learner *m)\n{\n", name, m->name);
    for (int32_t i = 0; i < own_states(m); i++) {
        int64_t n = (int64_t)tl_size(&m->states[i]) * lanes_of(p), slot = (int64_t)m->states[i].offset + m->tbptt.k2 * n;
        if (to_step)
            fprintf(f, "    memcpy(m->step.state + %" PRId64 ", m->states + %" PRId64 ", %" PRId64 " * sizeof *m->states);\n", at, slot, n);
        else
            fprintf(f, "    memcpy(m->states + %" PRId64 ", m->step.state + %" PRId64 ", %" PRId64 " * sizeof *m->states);\n", slot, at, n);
        at += n;
    }
    for (int32_t i = own_states(m); i < m->nstates && !to_step; i++) {
        int64_t n = (int64_t)tl_size(&m->states[i]) * lanes_of(p);
        fprintf(f, "    memset(m->states + %" PRId64 ", 0, %" PRId64 " * sizeof *m->states);\n",
                (int64_t)m->states[i].offset + m->tbptt.k2 * n, n);
    }
    fputs("    (void)m;\n}\n\n", f);
}

static void print_begin_run(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const int64_t lanes = lanes_of(p);
    const int32_t most = m->tbptt.learn == TL_LEARN_TBPTT && m->tbptt.k2 > m->tbptt.k1 ? m->tbptt.k2 - m->tbptt.k1 : 0;
    fputs("/* Slots from .. from + count - 1 to the left, one by one: they may overlap. */\n"
          "static void move(void *array, size_t slot, int32_t from, int32_t count, int32_t to)\n{\n"
          "    for (int32_t t = 0; t < count; t++)\n"
          "        memcpy((char *)array + (size_t)(to + t) * slot, (char *)array + (size_t)(from + t) * slot, slot);\n}\n\n", f);
    print_copies(f, p, "enter", false);
    print_copies(f, p, "leave", true);
    print_text(f, p, "/* The first new step of a window: the steps that it reaches back to move to their slots, and what enters it. */\n"
                     "static void begin_run($_learner *m)\n{\n"
                     "    const int32_t left = ^_K1 - m->fresh, pass = left - ^_K2;\n    int32_t from, to;\n"
                     "    m->chunk = pass <= 0 ? left : pass < ^_K2 ? pass : ^_K2;\n    if (!m->since)\n        enter(m);\n");
    fprintf(f, "    m->before = m->since < %d ? m->since : %d;\n", most, most);
    print_text(f, p, "    from = ^_K2 - m->before;\n    to = from - m->chunk;\n");
    print_moves(f, p, INPUT);
    print_moves(f, p, TARGET);
    fprintf(f, "    move(m->counts, %" PRId64 " * sizeof *m->counts, from, m->before, to);\n", lanes);
    fprintf(f, "    move(m->reset, %" PRId64 " * sizeof *m->reset, from, m->before, to);\n", lanes);
    if (keeps(p)) {
        fputs("    if (m->before) {\n", f);
        if (p->train.layouts->frame_size)
            fprintf(f, "        move(m->frames, %" PRId64 " * sizeof *m->frames, from, m->before, to);\n", p->train.layouts->frame_size);
        if (tl_keeps_losses(&m->tbptt))
            fprintf(f, "        move(m->losses, %" PRId64 " * sizeof *m->losses, from, m->before, to);\n", lanes);
        print_state_moves(f, p, "m->before + 1", m->nstates);
        for (int32_t i = 0; i < m->nprobes; i++)
            fprintf(f, "        move(m->probes + %zu, %" PRId64 " * sizeof *m->probes, from, m->before, to);\n", m->probes[i].offset,
                    (int64_t)tl_size(&m->probes[i]) * lanes);
        fputs("    } else {\n", f);
    } else {
        fputs("    {\n", f);
    }
    print_state_moves(f, p, "1", m->nstates - m->nrows);
    print_text(f, p, "    }\n    m->slot = ^_K2 - m->chunk;\n}\n\n");
}

static void print_weigh(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const char *from = m->head || m->tbptt.counted == TL_COUNT_LAST ? "^_K2 - 1"
                     : m->tbptt.counted == TL_COUNT_NEW ? "^_K2 - m->chunk" : "first";
    print_text(f, p, "/* What the steps of a window count, from slot `first` on; their sum. */\n"
                     "static real weigh($_learner *m, int32_t first)\n{\n    real sum = 0;\n");
    print_text(f, p, "    const int32_t newest = ");
    print_text(f, p, from);
    fputs(", from = newest < first ? first : newest;\n", f);
    if (m->head)
        print_text(f, p, "    int whole = first == 0;\n    for (int32_t t = ^_LANES; t < ^_K2 * ^_LANES; t++)\n        whole = whole && m->reset[t] == 0;\n");
    print_text(f, p, "    for (int32_t t = from * ^_LANES; t < ^_K2 * ^_LANES; t++)\n        sum += m->counts[t];\n");
    if (m->head)
        fputs("    sum = whole ? sum : 0;\n", f);
    print_text(f, p, "    for (int32_t t = 0; t < ^_K2 * ^_LANES; t++)\n        m->weight[t] = t < from * ^_LANES || sum == 0 ? 0 : m->counts[t]");
    fputs(m->tbptt.reduce == TL_REDUCE_MEAN ? " / sum;\n" : ";\n", f);
    fputs("    return sum;\n}\n\n", f);
}

static void print_run(const Program *p, FILE *f)
{
    const Model *m = p->model;
    print_text(f, p, "static void run($_learner *m, int32_t first, int backward)\n{\n    tl_window w;\n");
    print_pointers(f, p, INPUT, "const void *", "input", "m->in_");
    print_pointers(f, p, TARGET, "const void *", "target", "m->target_");
    print_text(f, p, "    memset(&w, 0, sizeof w);\n    w.first = first;\n    w.from = ^_K2 - m->chunk;\n    w.input = input;\n"
                     "    w.target = target;\n    w.weight = m->weight;\n    w.params = m->params;\n    w.grads = backward ? m->grads : NULL;\n"
                     "    w.reset = m->reset;\n    w.losses = m->losses;\n    w.work = m->work;\n    w.tick = m->steps;\n");
    if (p->memory.state_size)
        fputs("    w.states = m->states;\n", f);
    if (p->train.layouts->frame_size)
        fputs("    w.frames = m->frames;\n", f);
    if (m->nprobes)
        fputs("    w.probes = m->probes;\n    w.probe_grads = m->probe_grads;\n", f);
    if (m->masks)
        fputs("    w.mask = m->mask;\n", f);
    if (has_kind(p->kernels, KERNEL_DROPMASK))
        fputs("    w.seed = m->seed;\n", f);
    print_text(f, p, "    $_window(&w);\n}\n\n");
}

static void print_end_run(const Program *p, FILE *f)
{
    print_text(f, p, "/* The slots are full. Steps that no window reaches back to are run forward only. */\n"
                     "static int end_run($_learner *m)\n{\n    const int32_t first = ^_K2 - m->chunk - m->before;\n"
                     "    const int last = m->fresh == ^_K1, counts = weigh(m, first) != 0;\n"
                     "    run(m, first, last && counts);\n    leave(m);\n    if (!last)\n        return 0;\n    m->fresh = 0;\n    if (!counts)\n        return 0;\n"
                     "    m->loss = 0;\n    for (int32_t t = first * ^_LANES; t < ^_K2 * ^_LANES; t++)\n"
                     "        if (m->weight[t] != 0)\n            m->loss += m->weight[t] * m->losses[t];\n"
                     "    return update(m) ? 1 : -1;\n}\n\n");
}

static void print_vocabulary(FILE *f, const Program *p, int kind, const char *from)
{
    int32_t n;
    const tl_tensor *t = fields(p->model, kind, &n);
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++)
        if (t[i].vocab) {
            const char *member = member_name(arena, t, i, unnamed[kind]);
            fprintf(f, "    for (size_t i = 0; %si < %" PRId64 "; i++)\n        if (%s->%s[i] < 0 || %s->%s[i] >= %d)\n            return -2;\n",
                    kind == TARGET ? "y && " : "", (int64_t)tl_size(&t[i]) * lanes_of(p), from, member, from, member, t[i].vocab);
        }
    arena_free(arena);
}

static void print_stores(FILE *f, const Program *p, int kind, const char *from)
{
    int32_t n;
    const tl_tensor *t = fields(p->model, kind, &n);
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++) {
        const char *member = member_name(arena, t, i, unnamed[kind]), *array = kind == INPUT ? "in" : "target";
        fprintf(f, "%s    memcpy(m->%s_%s + slot * %" PRId64 ", %s->%s, sizeof %s->%s);\n", kind == TARGET ? "    if (y)\n    " : "",
                array, member, (int64_t)tl_size(&t[i]) * lanes_of(p), from, member, from, member);
    }
    arena_free(arena);
}

static void print_push(const Program *p, FILE *f)
{
    const Model *m = p->model;
    print_text(f, p, "int $_push($_learner *m");
    print_parameter(f, p, INPUT, "input", "x");
    print_parameter(f, p, TARGET, "target", "y");
    print_parameter(f, p, OUTPUT, "output", "out");
    fputs(")\n{\n    size_t slot;\n", f);
    print_vocabulary(f, p, INPUT, "x");
    print_vocabulary(f, p, TARGET, "y");
    print_text(f, p, "    if (m->begins)\n        m->fresh = m->since = 0;\n    if (!m->fresh || m->slot == ^_K2)\n        begin_run(m);\n"
                     "    slot = (size_t)m->slot;\n");
    print_stores(f, p, INPUT, "x");
    print_stores(f, p, TARGET, "y");
    print_text(f, p, "    for (size_t i = slot * ^_LANES; i < (slot + 1) * ^_LANES; i++) {\n        m->reset[i] = (real)(m->begins != 0);\n");
    fprintf(f, "        m->counts[i] = %s;\n", m->ntargets ? "(real)(y != NULL)" : "1");
    print_text(f, p, "    }\n    m->begins = 0;\n    $_predict(&m->step, m->params");
    fputs(m->ninputs ? ", x" : "", f);
    fputs(m->noutputs ? ", out" : "", f);
    print_text(f, p, ");\n    m->fresh++;\n    m->steps++;\n    if (m->since < ^_K2)\n        m->since++;\n"
                     "    return ++m->slot < ^_K2 ? 0 : end_run(m);\n}\n");
}

void print_learner(const Program *p, FILE *f)
{
    const tl_optimizer_spec *s = &p->model->train.optimizer;
    fputc('\n', f);
    print_update(p, f);
    print_begin_run(p, f);
    print_weigh(p, f);
    print_run(p, f);
    print_end_run(p, f);
    print_text(f, p, "void $_begin($_learner *m)\n{\n    begin_state(m->params, m->step.state);\n    m->begins = 1;\n}\n\n"
                     "void $_init($_learner *m, const $_real *params)\n{\n    memset(m, 0, sizeof *m);\n"
                     "    memcpy(m->params, params, sizeof m->params);\n    m->lr = ");
    print_number(f, p->real, s->lr);
    fputs(";\n", f);
    if (p->model->masks) /* no step is padding */
        print_text(f, p, "    for (size_t i = 0; i < ^_K2 * ^_LANES; i++)\n        m->mask[i] = 1;\n");
    print_text(f, p, "    $_begin(m);\n}\n\n");
    print_push(p, f);
}
