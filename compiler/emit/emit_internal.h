/* emit_internal.h - what the parts of the printer share. */
#ifndef EMIT_INTERNAL_H
#define EMIT_INTERNAL_H

#include "emit/emit.h"

enum {
    MOST_DIMS = TL_MAX_RANK + 1, /* the lanes and the dims of an example */
    MOST_FIELDS = 256            /* inputs, targets or outputs; the front end allows no more */
};

/* An operand of a kernel: a pointer argument, read or written. */
typedef struct Pointer {
    Layout layout;
    int64_t stride[MOST_DIMS]; /* along the nest's dims */
    bool written, token;
} Pointer;

typedef struct Kernel {
    char *text; /* everything after the function's name */
    char *name;
} Kernel;

typedef struct Emitter {
    const Program *program;
    const Compiled *c;  /* being printed */
    Arena *arena;
    Kernel *kernels;    /* open addressing on text; text NULL: free */
    uint32_t nkernels, kernels_size;
    FILE *functions;    /* the kernels' definitions */
    FILE *body;         /* the function being printed */
    uint32_t used;      /* blocks named in it, a bit a Block; inputs etc. are looked up by index */
    bool used_index[3][MOST_FIELDS]; /* of input, target, output */
    bool *used_version; /* [k] */
    bool *used_table;   /* [tables] named anywhere */
    /* the kernel being built */
    Pointer *pointers;
    uint32_t npointers, pointers_capacity;
} Emitter;

/* A loop nest: dim 0 is outermost. */
typedef struct Nest {
    int32_t rank;
    int64_t extent[MOST_DIMS];
} Nest;

Nest nest_over(const Emitter *, const Shape *, bool lanes);
/* The strides of a value of shape s at l along the nest, broadcast (stride 0) where it must be. */
void nest_strides(const Nest *, const Layout *l, const Shape *s, bool batched, int64_t *stride);
/* Merges neighbouring dims that every pointer walks as one, drops dims of 1. */
void nest_collapse(Nest *, Pointer *, uint32_t n);
void nest_open(FILE *, const Nest *, int32_t from, int32_t to, int32_t indent);
void nest_close(FILE *, int32_t count, int32_t indent);
/* "[i * 64 + j]" */
void nest_index(FILE *, const Nest *, const int64_t *stride);
const char *indent_text(int32_t depth);

/* Adds a pointer argument (or finds the same one) and returns its number. */
uint32_t add_pointer(Emitter *, Layout, bool written, bool token, const int64_t *stride, int32_t rank);
void begin_kernel(Emitter *);
/* "(real *restrict y0, const real *restrict x1)": the pointer numbered i is called y<i> or x<i>. */
void print_parameters(Emitter *, FILE *);
/* Prints the call, and the definition of the kernel if no kernel with this text exists. */
void call_kernel(Emitter *, const char *kind, char *text);
/* Shortest text that reads back as the same number in the model's precision. Returns its length. */
int print_number(FILE *, tl_type real, double v);
const char *infinity_word(tl_type real);

/* "w + 128" into the function being printed. */
void print_pointer(Emitter *, const Layout *);

/* The body of a unit by its kind, and the call. */
void emit_loop(Emitter *, uint32_t unit);
void emit_sum(Emitter *, Ref);
void emit_softmax(Emitter *, Ref);
void emit_matmul(Emitter *, Ref);
void emit_index(Emitter *, Ref);
void emit_patches(Emitter *, Ref);
void emit_dropmask(Emitter *, Ref);

void emit_code(Emitter *, FILE *out);
void emit_tables(const Program *, FILE *);
/* The numbers of the spec that code reads, in the model's precision; before the code. */
void emit_numbers(const Emitter *, FILE *);

/* Of a window's workspace, and of the larger of the evaluation steps'. */
int64_t work_bytes(const Program *, const Compiled *);
int64_t step_work_bytes(const Program *);

static inline const Layout *layout_of(const Emitter *e, Ref r) { return &e->c->layouts->at[r]; }
static inline const Unit *unit_at(const Emitter *e, uint32_t u) { return &e->c->units->unit[u]; }
static inline Ref member_at(const Emitter *e, uint32_t u, uint32_t i)
{
    return e->c->units->members[unit_at(e, u)->first + i];
}
static inline const Graph *graph_of(const Emitter *e) { return e->c->window->graph; }

#endif
