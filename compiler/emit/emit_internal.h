/* emit_internal.h - what the parts of the printer share. */
#ifndef EMIT_INTERNAL_H
#define EMIT_INTERNAL_H

#include "emit/emit.h"

/* A parameter, a gradient or a state, as the function being printed calls it. */
typedef struct NamedTensor {
    const char *name;
    int64_t offset; /* in its block, elements */
    bool used;      /* in the function */
} NamedTensor;

typedef struct NamedTensors {
    NamedTensor *tensor;
    int32_t count;
} NamedTensors;

typedef struct Emitter {
    const Program *program;
    const Compiled *c;  /* being printed */
    Arena *arena;
    const char **name;  /* [kernels] of their functions */
    const char **base_name; /* [kernels] without what tells equal ones apart */
    NamedTensors named[NBLOCKS]; /* of the blocks whose tensors have names */
    FILE *body;         /* the function being printed */
    bool used_first;    /* it names the window's first slot */
    uint32_t used;      /* blocks named in it, a bit a Block; inputs etc. are looked up by index */
    bool *used_index[3]; /* [nfields] of input, target, output */
    int32_t nfields;     /* the most that a model has of one of these */
    bool *used_version; /* [k] */
    bool *used_table;   /* [tables] named anywhere */
} Emitter;

/* ---- loop nests ---- */

/* "50", or "slots * 50" */
void print_extent(FILE *, const Nest *, int32_t d);
/* What the loop along a dim counts with. */
char nest_variable(int32_t d);
void nest_open(FILE *, const Nest *, int32_t from, int32_t to, int32_t indent);
void nest_close(FILE *, int32_t count, int32_t indent);
/* "x1[i * 64 + j]" */
void print_element(FILE *, const Kernel *, const Access *);
const char *indent_text(int32_t depth);

/* ---- kernels ---- */

/* One of a program; of a graph that is no window, name_calls gives names to those that it calls. */
void name_kernels(Emitter *);
void name_calls(Emitter *, const Compiled *);
/* "matmul": the first part of a kernel's name. */
const char *kernel_word(const Kernel *);
/* Of the window being printed. */
void name_tensors(Emitter *);
/* The one that begins at or before `offset` in the block; NULL: it has none. */
NamedTensor *named_tensor(Emitter *, Block, int64_t offset);
/* The definitions. */
void emit_kernels(const Emitter *, FILE *);
/* The unit's call, into the function being printed. */
void emit_call(Emitter *, uint32_t unit);
/* The same in slot t, a variable of the function; `next` is the same call one slot before or behind the unit's, or the
 * unit itself. */
void emit_moving_call(Emitter *, uint32_t unit, uint32_t next);
/* What packs the weights, likewise. */
void emit_packs(Emitter *);

/* A kernel's function is its title, a comment; its name and parameters; its body, by kind. */
/* Its C is a function of <tapeless/elementary.h>. */
bool is_elementary(tl_op);
void print_loop_title(FILE *, const Kernel *);
void print_loop(FILE *, const Kernel *, tl_type real);
void print_sum(FILE *, const Kernel *);
void print_softmax(FILE *, const Kernel *, tl_type real);
/* Rows of a sum or a softmax whose elements stand next to each other have functions of <tapeless/rows.h>. */
bool has_dense_rows(const Kernel *);
void print_product_title(FILE *, const Kernel *);
void print_product(FILE *, const Kernel *, tl_type real);
void print_index(FILE *, const Kernel *);
void print_slide_title(FILE *, const Kernel *);
void print_slide(FILE *, const Kernel *, tl_type real);

/* Shortest text that reads back as the same number in the model's precision. Returns its length. */
int print_number(FILE *, tl_type real, double v);
const char *infinity_word(tl_type real);

/* ---- the rest ---- */

/* The pointers that the function being printed needs, by what its body has named since they were forgotten. */
void declare_blocks(Emitter *, FILE *out);
void forget_tensors(Emitter *);

/* For as many fields as the program's model has, and as `outputs`. */
Emitter emitter_new(const Program *, int32_t outputs);
void emit_code(Emitter *, FILE *out);
/* A step of evaluation: evaluate_SUFFIX(st). */
void emit_evaluation(Emitter *, const Compiled *, const char *suffix, FILE *out);
void emit_tables(const Program *, FILE *);
/* What code stands on, printed before it when it is known: headers, the type `real`, numbers, kernels. */
void emit_ground(const Emitter *, const char *real, FILE *);
/* " * Written by tapeless ...", lines of a comment. */
void print_provenance(const Program *, FILE *);
/* The numbers of the spec that code reads, in the model's precision; before the code. */
void emit_numbers(const Emitter *, FILE *);

/* ---- code that stands alone ---- */

/* In place of includes of our headers. */
/* NAME.c: a comment that says in which `order` things stand, kernels, the window's steps, and what print_rest prints. */
void emit_source_with(const Program *, const char *order, void (*print_rest)(const Program *, FILE *), FILE *);
void print_single_includes(const Program *, bool blas, bool products, bool rows, FILE *);
/* Behind the last slash. */
const char *base_name(const char *path);
/* A file of runtime/tapeless, without what it includes. */
void print_template(FILE *, const char *name);
bool has_kind(const Kernels *, KernelKind);
/* emit_learner.c: a step for one's own data, and learning from a stream. */
void print_predictor_header(const Program *, FILE *);
void print_predictor(const Program *, FILE *);
void print_learner_bytes(const Program *, FILE *);
void print_learner_header(const Program *, FILE *);
void print_learner(const Program *, FILE *);

/* emit_probabilities.c: whether outputs are logits; NAME_probabilities, declared and defined (in fixed point in the header). */
bool has_probabilities(const Program *);
void print_probabilities_header(const Program *, FILE *);
void print_probabilities(const Program *, FILE *);
/* emit_sizes.c: lines of a header's first comment. */
void print_flash_and_stack(const Program *, FILE *);
void print_fixed_flash_and_stack(const Program *, FILE *);

/* ---- emit_layout.c ---- */

/* A number that all parameters' places and their type are in: weights that lie otherwise are not taken. */
uint32_t param_layout(const Program *);
/* emit_weights.c: of a token field of a trained model, whose column has words, ": 0 rain, 1 sun", for a comment. */
void print_words_of(FILE *, const Program *, bool target, int32_t field);
/* Macros with the numbers, sizes and places of all fields; structures of one step's data. */
void emit_places(const Program *, FILE *);
void emit_fields(const Program *, FILE *);
/* Row i of the table as a member of a structure: a name of its own, `unnamed` where it has none. */
const char *member_name(Arena *, const tl_tensor *table, int32_t i, const char *unnamed);
/* The name in capitals, and the suffix as it is. */
void print_upper(FILE *, const char *name, const char *suffix);
/* "#define NAME_SUFFIX value comment" */
void print_size(const Program *, FILE *, const char *suffix, int64_t value, const char *comment);

/* Of a window's workspace, and of the larger of the evaluation steps'. */
int64_t work_bytes(const Program *, const Compiled *);
int64_t step_work_bytes(const Program *);

static inline bool is_run(const Unit *u) { return u->low >= 0 && u->low < u->high; }
static inline const Unit *unit_at(const Emitter *e, uint32_t u) { return &e->c->units->unit[u]; }
static inline Ref member_at(const Emitter *e, uint32_t u, uint32_t i)
{
    return e->c->units->members[unit_at(e, u)->first + i];
}
static inline const Graph *graph_of(const Emitter *e) { return e->c->window->graph; }

/* "x1", "y0": an argument in its function. */
static inline char argument_letter(const Access *a) { return a->written ? 'y' : 'x'; }

#endif
