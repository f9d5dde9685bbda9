/* emit_weights.c - NAME_weights.h: a trained model's parameters as constants, for flash; and between the data's units and the
 * model's, which are part of what was trained. */
#include <inttypes.h>
#include <string.h>

#include <tapeless/coding.h>
#include "emit/emit_internal.h"

enum { ROOM = 110 }; /* columns of a line */

static void print_array(const Program *p, FILE *f, const char *name, const double *v, size_t n)
{
    int column = ROOM + 1;
    fprintf(f, "static const %s_real %s_%s[%zu] = {", p->model->name, p->model->name, name, n);
    for (size_t i = 0; i < n; i++) {
        column = column > ROOM ? fprintf(f, "\n    ") : column + fprintf(f, " ");
        column += print_number(f, p->real, v[i]) + fprintf(f, i + 1 < n ? "," : "");
    }
    fputs("\n};\n", f);
}

/* ---- units ---- */

/* "    x->u[1] = (x->u[1] - 3.5f) / 2.0f;" or, the other way, "(x->u[1] + 1.75f) * 2.0f": nothing that a processor could fuse. */
static void print_unit(const Program *p, FILE *f, const char *member, size_t element, size_t size, const StepUnits *u, bool encodes)
{
    const double mean = u->mean[element % size], sd = u->sd[element % size];
    fprintf(f, "    x->%s[%zu] = (x->%s[%zu] %c ", member, element, member, element, encodes ? '-' : '+');
    print_number(f, p->real, encodes ? mean : mean / sd);
    fputs(encodes ? ") / " : ") * ", f);
    print_number(f, p->real, sd);
    fputs(";\n", f);
}

static void print_units(const Program *p, FILE *f, const char *function, const char *kind, const tl_tensor *t, int32_t n,
                        const char *unnamed, const StepUnits *units, bool encodes)
{
    Arena *arena = arena_new();
    fprintf(f, "static inline void %s_%s(%s_%s *x)\n{\n    (void)x;\n", p->model->name, function, p->model->name, kind);
    for (int32_t i = 0; i < n; i++)
        for (size_t k = 0; units && units[i].mean && k < tl_size(&t[i]) * (size_t)tl_lanes(&p->model->tbptt); k++)
            print_unit(p, f, member_name(arena, t, i, unnamed), k, tl_size(&t[i]), &units[i], encodes);
    if (!encodes && has_probabilities(p))
        fprintf(f, "    %s_probabilities(x);\n", p->model->name);
    fputs("}\n\n", f);
    arena_free(arena);
}

/* ---- what the elements are ---- */

static void print_comment_word(FILE *f, const char *s)
{
    for (; *s; s++)
        fputc(*s == '*' || (unsigned char)*s < ' ' ? '.' : *s, f);
}

/* Which token is which word: of many the first. */
static void print_token_words(FILE *f, const tl_column *k)
{
    enum { SHOWN = 20 };
    for (size_t i = 0; i < k->words.count && i < SHOWN; i++) {
        fprintf(f, "%s%zu ", i ? ", " : "", i);
        print_comment_word(f, k->words.item[i]);
    }
    fputs(k->words.count > SHOWN ? ", ..." : "", f);
    if (k->other)
        fprintf(f, ", %zu <other>", k->words.count);
}

void print_words_of(FILE *f, const Program *p, bool target, int32_t field)
{
    const tl_coding *c = p->single ? p->single->coding : NULL;
    for (size_t i = 0; c && c->kind == TL_CODING_TABLE && i < c->ncolumns; i++)
        if (c->column[i].words.count && c->column[i].field == field && c->column[i].target == target) {
            fputs(": ", f);
            print_token_words(f, &c->column[i]);
            return;
        }
}

static void print_columns(const tl_coding *c, FILE *f)
{
    if (c->kind != TL_CODING_TABLE)
        return;
    fputs(" *\n * The columns of the table that it was trained on, in the order in which elements stand:\n", f);
    for (size_t i = 0; i < c->ncolumns; i++) {
        const tl_column *k = &c->column[i];
        fprintf(f, " *   %s ", k->target ? "target" : "input ");
        print_comment_word(f, tl_column_label(k));
        if (k->words.count) {
            fputs(", tokens ", f);
            print_token_words(f, k);
            fputc('\n', f);
        } else
            fprintf(f, ", mean %.9g, standard deviation %.9g%s\n", c->mean[i], c->sd[i], k->indicator ? ", 1 where the cell is missing" : "");
    }
}

/* Three octal digits end an escape, whatever follows. */
static void print_string(FILE *f, const char *word)
{
    putc('"', f);
    for (const unsigned char *c = (const unsigned char *)word; *c; c++)
        fprintf(f, *c < ' ' || *c > '~' || strchr("\"\\?", *c) ? "\\%03o" : "%c", *c);
    putc('"', f);
}

static void print_words(const char *name, const tl_coding *c, FILE *f)
{
    fprintf(f, "/* Token i is this word, in UTF-8; two words have a blank between them.%s */\nstatic const char *const %s_vocabulary[%zu] = {",
            c->other ? " The last is all others." : "", name, tl_coding_tokens(c));
    for (size_t i = 0; i < c->words.count; i++) {
        fputs(i % 8 ? " " : "\n    ", f);
        print_string(f, c->words.item[i]);
        fputs(i + 1 < tl_coding_tokens(c) ? "," : "", f);
    }
    fputs(c->other ? " \"<other>\"\n};\n\n" : "\n};\n\n", f);
}

static void print_vocabulary(const Program *p, FILE *f)
{
    const tl_coding *c = p->single->coding;
    if (c->kind != TL_CODING_TEXT)
        return;
    if (c->unit == TL_UNIT_WORD) {
        print_words(p->model->name, c, f);
        return;
    }
    fprintf(f, "/* Token i is this %s. */\nstatic const int32_t %s_vocabulary[%zu] = {",
            c->unit == TL_UNIT_BYTE ? "byte" : "character (Unicode)", p->model->name, c->nvocab);
    for (size_t i = 0; i < c->nvocab; i++)
        fprintf(f, "%s%" PRId32 "%s", i % 16 ? " " : "\n    ", c->vocab[i], i + 1 < c->nvocab ? "," : "");
    fputs("\n};\n\n", f);
}

void emit_weights(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const Single *s = p->single;
    if (s->fixed)
        fprintf(f, "/* %s_weights.h - of %s as it was trained, whose weights are in %s.c: %s_encode before and %s_decode behind a step,\n"
                " * between the data's units and the model's.\n *\n", m->name, m->name, m->name, m->name, m->name);
    else
        fprintf(f, "/* %s_weights.h - %s as it was trained: %s_weights for %s_start, %s_predict and %s_init; %s_encode before and\n"
                " * %s_decode behind a step, between the data's units and the model's.\n *\n", m->name, m->name, m->name, m->name,
                m->name, m->name, m->name, m->name);
    print_provenance(p, f);
    print_columns(s->coding, f);
    fputs(" */\n#ifndef ", f);
    print_upper(f, m->name, "_WEIGHTS_H\n#define ");
    print_upper(f, m->name, "_WEIGHTS_H\n\n");
    fprintf(f, "#include \"%s.h\"\n\n", m->name);
    if (!s->fixed) {
        fputs("#if ", f);
        print_upper(f, m->name, "");
        fprintf(f, "_PARAM_LAYOUT != %" PRIu32 "\n#error \"%s.h was compiled with other options, and has its parameters elsewhere\"\n#endif\n\n",
                param_layout(p), m->name);
        print_array(p, f, "weights", s->params, p->memory.param_size);
        fputc('\n', f);
    }
    print_vocabulary(p, f);
    if (m->ninputs)
        print_units(p, f, "encode", "input", m->inputs, m->ninputs, "x", s->input, true);
    if (m->ntargets)
        print_units(p, f, "encode_target", "target", m->targets, m->ntargets, "y", s->target, true);
    if (m->noutputs)
        print_units(p, f, "decode", "output", m->outputs, m->noutputs, "y", s->output, false);
    fputs("#endif\n", f);
}
