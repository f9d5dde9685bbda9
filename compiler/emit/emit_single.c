/* emit_single.c - a model as one .c and one .h that stand alone: C99 with nothing of ours on the path, no allocation, no I/O, for
 * a microcontroller or anybody's program. What generated code has from our headers stands in the .c. */
#include <inttypes.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "emit/templates.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/cost.h"

/* ---- templates ---- */

static const EmbeddedFile *template_named(const char *name)
{
    size_t i = 0;
    while (i < templates_count && strcmp(templates_files[i].name, name))
        i++;
    assume(i < templates_count, "no template %s", name);
    return &templates_files[i];
}

/* All lines but those that include another file. A header's functions may be there in vain, a source's may not. */
static void print_lines(FILE *f, const char *text, size_t length)
{
    for (const char *line = text, *end = text + length; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (!strncmp(line, "static inline", 13))
            fputs("TL_UNUSED ", f);
        if (strncmp(line, "#include", 8))
            fwrite(line, 1, (size_t)(next - line), f);
        line = next;
    }
    fputc('\n', f);
}

void print_template(FILE *f, const char *name)
{
    const EmbeddedFile *t = template_named(name);
    print_lines(f, t->text, t->length);
}

/* A structure of tapeless.h, with the comment before it. */
static void print_declaration(FILE *f, const char *name)
{
    char begins[64], ends[64];
    const EmbeddedFile *t = template_named("tapeless.h");
    snprintf(begins, sizeof begins, "typedef struct %s {", name);
    snprintf(ends, sizeof ends, "} %s;\n", name);
    const char *from = strstr(t->text, begins), *to = from ? strstr(from, ends) : NULL;
    assume(to, "tapeless.h has no %s", name);
    while (from > t->text && strncmp(from - 2, "\n\n", 2))
        from--;
    fwrite(from, 1, (size_t)(to - from) + strlen(ends), f);
    fputc('\n', f);
}

/* ---- without <math.h> ---- */

static const char no_libm[] =
    "/* No product is fused with a sum, whatever a compiler does by itself: that is what the same bits everywhere take. */\n"
    "#if defined __clang__\n#pragma STDC FP_CONTRACT OFF\n#elif defined __GNUC__\n#pragma GCC optimize (\"fp-contract=off\")\n#endif\n\n"
    "/* What <math.h> and <float.h> would say. Square roots are rounded as IEEE 754 has it, bit by bit: no processor needs to\n"
    " * have an instruction for them. */\n"
    "#define TL_NO_FMA 1\n"
    "#ifdef __GNUC__\n#define INFINITY (__builtin_inff())\n#define NAN (__builtin_nanf(\"\"))\n"
    "#define HUGE_VALF (__builtin_inff())\n#define HUGE_VAL (__builtin_inf())\n#else\n"
    "#define INFINITY (1.0f / 0.0f)\n#define NAN (0.0f / 0.0f)\n#define HUGE_VALF (1.0f / 0.0f)\n#define HUGE_VAL (1.0 / 0.0)\n#endif\n"
    "#define FLT_MIN 1.17549435e-38f\n#define FLT_MAX 3.40282347e+38f\n"
    "#define DBL_MIN 2.2250738585072014e-308\n#define DBL_MAX 1.7976931348623157e+308\n\n";

static const char roots[] =
    "/* The root of an odd or even power of two times m, 1 <= m < 4, to one bit more than a number has. */\n"
    "static inline float tl_sqrt_f32(float x)\n{\n"
    "    uint32_t bits = tl_bits_f32(x), m, root = 0, rest = 0;\n"
    "    int32_t e;\n"
    "    if (!(x > 0) || x > FLT_MAX)\n        return x < 0 ? NAN : x;\n"
    "    if (bits < UINT32_C(0x00800000)) /* denormal: its root is not */\n"
    "        return tl_sqrt_f32(x * 0x1p24f) * 0x1p-12f;\n"
    "    e = (int32_t)(bits >> 23) - 127;\n"
    "    m = ((bits & UINT32_C(0x007fffff)) | UINT32_C(0x00800000)) << (e & 1 ? 2 : 1);\n"
    "    for (int i = 0; i < 25; i++) { /* two bits of the square, one of the root */\n"
    "        rest = rest << 2 | (i < 13 ? m >> (24 - 2 * i) & 3 : 0);\n"
    "        root <<= 1;\n"
    "        if (rest > 2 * root) {\n            rest -= 2 * root + 1;\n            root++;\n        }\n"
    "    }\n"
    "    root = (root >> 1) + (root & 1); /* to nearest: a root never lies half way */\n"
    "    return tl_of_bits_f32((uint32_t)((e - (e & 1)) / 2 + 126) * UINT32_C(0x00800000) + root);\n}\n\n"
    "static inline double tl_sqrt_f64(double x)\n{\n"
    "    uint64_t bits = tl_bits_f64(x), m, root = 0, rest = 0;\n"
    "    int32_t e;\n"
    "    if (!(x > 0) || x > DBL_MAX)\n        return x < 0 ? (double)NAN : x;\n"
    "    if (bits < UINT64_C(0x0010000000000000))\n"
    "        return tl_sqrt_f64(x * 0x1p54) * 0x1p-27;\n"
    "    e = (int32_t)(bits >> 52) - 1023;\n"
    "    m = (bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x0010000000000000);\n"
    "    if (e & 1)\n        m <<= 1;\n"
    "    for (int i = 0; i < 54; i++) {\n"
    "        rest = rest << 2 | (i < 27 ? m >> (52 - 2 * i) & 3 : 0);\n"
    "        root <<= 1;\n"
    "        if (rest > 2 * root) {\n            rest -= 2 * root + 1;\n            root++;\n        }\n"
    "    }\n"
    "    root = (root >> 1) + (root & 1);\n"
    "    return tl_of_bits_f64((uint64_t)((e - (e & 1)) / 2 + 1022) * UINT64_C(0x0010000000000000) + root);\n}\n\n"
    "static inline float tl_abs_f32(float x) { return tl_of_bits_f32(tl_bits_f32(x) & UINT32_C(0x7fffffff)); }\n"
    "static inline double tl_abs_f64(double x) { return tl_of_bits_f64(tl_bits_f64(x) & UINT64_C(0x7fffffffffffffff)); }\n\n"
    "#define sqrtf tl_sqrt_f32\n#define sqrt tl_sqrt_f64\n#define fabsf tl_abs_f32\n#define fabs tl_abs_f64\n\n";

static const char powers[] =
    "/* x^p: by squares where p is whole, else e^(p ln x), of a float with the digits of a double. */\n"
    "static inline double tl_pow_f64(double x, double p)\n{\n"
    "    const double size = p < 0 ? -p : p;\n    double y = 1;\n"
    "    if (size < 1073741824.0 && size == (double)(int32_t)size) {\n"
    "        for (int32_t n = (int32_t)size; n; n >>= 1, x *= x)\n            y *= n & 1 ? x : 1;\n"
    "        return p < 0 ? 1 / y : y;\n    }\n"
    "    return tl_exp_f64(p * tl_log_f64(x));\n}\n\n"
    "static inline float tl_pow_f32(float x, float p)\n{\n"
    "    const float size = p < 0 ? -p : p;\n    float y = 1;\n"
    "    if (size > 8 || size != (float)(int32_t)size)\n        return (float)tl_pow_f64((double)x, (double)p);\n"
    "    for (int32_t n = (int32_t)size; n; n >>= 1, x *= x)\n        y *= n & 1 ? x : 1;\n"
    "    return p < 0 ? 1 / y : y;\n}\n\n"
    "#define powf tl_pow_f32\n#define pow tl_pow_f64\n\n";

static const char sines[] =
    "#define sinf tl_sin_f32\n#define sin tl_sin_f64\n#define cosf tl_cos_f32\n#define cos tl_cos_f64\n\n";

/* ---- the ground that code stands on ---- */

static void print_elementary(const Program *p, FILE *f)
{
    if (p->single->no_libm)
        fputs(no_libm, f);
    print_template(f, "elementary_bits.h");
    if (p->single->no_libm)
        print_lines(f, roots, sizeof roots - 1);
    if (!p->elementary) {
        print_template(f, "elementary_libm.h");
        return;
    }
    fputs("#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__ != 0)\n"
          "#error \"-ffast-math takes NaN, infinity and the order of sums away\"\n#endif\n\n", f);
    print_template(f, "elementary_f64.h");
    print_template(f, "elementary_f32.h");
    if (p->single->no_libm) {
        fputs(sines, f);
        print_lines(f, powers, sizeof powers - 1);
    }
}

void print_single_includes(const Program *p, bool blas, bool products, bool rows, FILE *f)
{
    fputs("#include <string.h>\n", f);
    if (!p->single->no_libm)
        fputs("#include <float.h>\n#include <math.h>\n", f);
    if (blas)
        fputs("#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */\n"
              "#define FORCE_OPENBLAS_COMPLEX_STRUCT\n#endif\n#include <cblas.h>\n", f);
    fputc('\n', f);
    fputs("/* ---- what the code below has from the runtime of tapeless ---- */\n\n#ifdef __GNUC__\n"
          "#define TL_UNUSED __attribute__((unused))\n#define TL_INLINE static inline __attribute__((always_inline, unused))\n"
          "#else\n#define TL_UNUSED\n#endif\n\n", f);
    print_elementary(p, f);
    if (has_kind(p->kernels, KERNEL_DROPMASK)) {
        print_template(f, "dropmask.h");
        fprintf(f, "TL_UNUSED static TL_DROPMASK(%s)\n\n", p->real == TL_F32 ? "tl_dropmask_f32, float" : "tl_dropmask_f64, double");
    }
    if (products || rows) {
        fprintf(f, "#define TL_REAL_BYTES %d\n#define TL_VECTOR_BYTES %d\n", p->real == TL_F32 ? 4 : 8, p->target->vector_bytes);
        print_template(f, "product_vector.h");
    }
    if (products) {
        print_template(f, "product_tile.h");
        print_template(f, "product_panels.h");
        print_template(f, "product_dots.h");
        print_template(f, "product.h");
    }
    if (rows)
        print_template(f, "rows.h");
    fputs("/* ---- the model ---- */\n\n", f);
}

/* ---- the header ---- */

static void print_bytes(const Program *p, FILE *f)
{
    const Model *m = p->model;
    int64_t real = p->real == TL_F32 ? 4 : 8;
    fprintf(f, " * RAM, bytes:\n *   parameters        %8" PRId64 "   constant, in flash, where nothing is learned\n", (int64_t)p->memory.param_size * real);
    fprintf(f, " *   state of a step   %8" PRId64 "   %d lane%s, and as much for the next one\n",
            (int64_t)p->memory.step_state_size * tl_lanes(&m->tbptt) * real, tl_lanes(&m->tbptt), tl_lanes(&m->tbptt) == 1 ? "" : "s");
    fprintf(f, " *   work of a step    %8" PRId64 "\n", step_work_bytes(p));
    fprintf(f, " *   gradients         %8" PRId64 "\n *   states, window    %8" PRId64 "\n *   kept, window      %8" PRId64
            "\n *   work, window      %8" PRId64 "\n", (int64_t)p->memory.param_size * real, (int64_t)p->memory.state_size * real,
            p->train.layouts->frame_size * m->tbptt.k2 * real, work_bytes(p, &p->train));
    if (p->single->online)
        print_learner_bytes(p, f);
    fprintf(f, " * %" PRIu64 " multiplications and additions in the products of a window of %d step%s.\n",
            window_flops(p->train.selected, p->train.units), m->tbptt.k2, m->tbptt.k2 == 1 ? "" : "s");
}

static void print_guarded(FILE *f, const char *name)
{
    fprintf(f, "#ifndef TAPELESS_%s_DECLARED\n#define TAPELESS_%s_DECLARED\n", name, name);
    print_declaration(f, name);
    fputs("#endif\n", f);
}

void emit_single_header(const Program *p, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "/* %s.h - %s: a step%s, windows of %d step%s to learn from.\n *\n", m->name, m->name,
            p->single->online ? ", learning from a stream" : "", m->tbptt.k2, m->tbptt.k2 == 1 ? "" : "s");
    print_provenance(p, f);
    print_flash_and_stack(p, f);
    print_bytes(p, f);
    fputs(" */\n#ifndef ", f);
    print_upper(f, m->name, "_TAPELESS_H\n#define ");
    print_upper(f, m->name, "_TAPELESS_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n");
    print_size(p, f, "_K1", m->tbptt.k1, "");
    print_size(p, f, "_K2", m->tbptt.k2, "");
    print_size(p, f, "_LANES", tl_lanes(&m->tbptt), "");
    print_size(p, f, "_PARAM_SIZE", (int64_t)p->memory.param_size, " /* elements, of params and of grads */");
    print_size(p, f, "_PARAM_LAYOUT", param_layout(p), " /* of where they stand in it */");
    print_size(p, f, "_STATE_SIZE", (int64_t)p->memory.state_size, " /* elements */");
    print_size(p, f, "_WORK_SIZE", work_bytes(p, &p->train), " /* bytes */");
    print_size(p, f, "_STEP_STATE_SIZE", (int64_t)p->memory.step_state_size, " /* elements a lane */");
    print_size(p, f, "_STEP_WORK_SIZE", step_work_bytes(p), " /* bytes */");
    emit_places(p, f);
    fputs("\n#ifndef TAPELESS_H /* else these are declared */\n", f);
    print_guarded(f, "tl_window");
    print_guarded(f, "tl_step");
    fputs("#endif\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n", f);
    fprintf(f, "\ntypedef %s %s_real;\n", p->real == TL_F32 ? "float" : "double", m->name);
    emit_fields(p, f);
    fprintf(f, "\n/* Forward and backward over a window, and one step forward. */\nvoid %s_window(const tl_window *);\n"
            "void %s_step(const tl_step *);\n", m->name, m->name);
    print_predictor_header(p, f);
    if (has_probabilities(p)) {
        print_probabilities_header(p, f);
        fputs(";\n", f);
    }
    if (p->single->online)
        print_learner_header(p, f);
    fputs("\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", f);
}

/* ---- the source ---- */

static void print_drivers(const Program *p, FILE *f)
{
    print_predictor(p, f);
    if (has_probabilities(p))
        print_probabilities(p, f);
    if (p->single->online)
        print_learner(p, f);
}

void emit_single_source(const Program *p, FILE *f)
{
    emit_source_with(p, "It stands alone. First what it has from the runtime of tapeless; then the kernels, one function for each distinct\n"
                        " * loop nest or product; the window's steps, one call an operation; then what drives them.", print_drivers, f);
}
