/* emit_sizes.c - what code that stands alone will take of flash and stack, before it is compiled: said in its header. Figures are
 * fits to what arm-none-eabi-gcc 12 -O2 makes of the models and options here for a Cortex-M4; `tapeless show --target` compiles
 * and measures. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "graph/checked.h"

/* Of C behind `mark`: characters, runs of blanks as one and comments as none; loops; calls of <tapeless/fixed.h>. */
typedef struct Text {
    int64_t characters, loops, calls;
} Text;

static const char *behind_comment(const char *c)
{
    const char *end = strstr(c, "*/");
    return end ? end + 2 : c + strlen(c);
}

static Text measure(const char *c)
{
    Text t = { 0 };
    for (bool blank = false; *c;) {
        if (!strncmp(c, "/*", 2)) {
            c = behind_comment(c);
            continue;
        }
        t.loops += !strncmp(c, "for (", 5);
        t.calls += !strncmp(c, "tl_fixed_", 9);
        const bool space = *c == ' ' || *c == '\n';
        t.characters += !space || !blank;
        blank = space;
        c++;
    }
    return t;
}

static Text text_of(const Program *p, void (*print)(const Program *, FILE *), const char *mark)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    print(p, f);
    text_close(f);
    const char *from = strstr(text, mark);
    const Text t = measure(from ? from : text);
    free(text);
    return t;
}

/* Two digits. */
static int64_t about(double bytes)
{
    double unit = 100;
    while (bytes >= 100 * unit)
        unit *= 10;
    return (int64_t)(unit * fmax(1, nearbyint(bytes / unit)));
}

static int64_t fields_of(const Model *m) { return m->ninputs + m->ntargets + m->noutputs; }

/* 37 of the models here under five options: from 0.9 to 1.4 times what they take, of float; another one's, with tokens, 0.75. */
static void print_code(const Program *p, FILE *f)
{
    const Text t = text_of(p, emit_single_source, "/* ---- the model ---- */");
    if (p->real == TL_F32)
        fprintf(f, " *   code           about %8" PRId64 "\n", about(1.15 * (0.52 * (double)t.characters - 7.5 * (double)t.loops - 1070)));
}

void print_flash_and_stack(const Program *p, FILE *f)
{
    fputs(" *\n * Flash, bytes, by gcc -O2 for a Cortex-M4, give or take a third (tapeless show --target measures):\n", f);
    print_code(p, f);
    fprintf(f, " *   parameters           %8" PRId64 "\n", (int64_t)p->memory.param_size * (p->real == TL_F32 ? 4 : 8));
    fprintf(f, " * Stack, bytes, at most %" PRId64 " from -O1 on where pointers have 4 bytes, and twice that where they have 8.\n",
            INT64_C(1024) + 12 * fields_of(p->model));
}

void print_fixed_flash_and_stack(const Program *p, FILE *f)
{
    const FixedProgram *x = p->single->fixed;
    const int64_t calls = text_of(p, emit_fixed_source, "_fixed_step(").calls;
    fprintf(f, " *\n * Flash, bytes, of code by gcc -O2 for a Cortex-M4:\n *   code    about %8" PRId64 "\n *   weights       %8" PRId64
            "\n *   tables        %8" PRId64 "\n", about(600 + 45 * (double)calls), x->weight_bytes, x->table_bytes);
    fprintf(f, " * Stack, bytes, at most %" PRId64 " from -O1 on where pointers have 4 bytes, and twice that where they have 8.\n",
            192 + 2 * calls + 8 * fields_of(p->model));
}
