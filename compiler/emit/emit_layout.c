/* emit_layout.c - where everything stands, for people: macros of every field's number, size and place, and structures with named
 * members for one step's data. A caller who goes by them cannot take one input for another. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "emit/emit_internal.h"

static const char *const keywords[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "char16_t", "char32_t",
    "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
    "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float",
    "for", "friend", "goto", "if", "inline", "int", "linux", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof",
    "union", "unix", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq"
};

static bool is_keyword(const char *word)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (!strcmp(word, keywords[i]))
            return true;
    return false;
}

/* As macros of C and its libraries are: NULL, NAN, FLT_MAX; a letter alone is none. */
static bool is_capitals(const char *word)
{
    bool all = word[0] && word[1];
    for (const char *c = word; *c && all; c++)
        all = !islower((unsigned char)*c);
    return all;
}

/* The name as C can have it. */
static char *word_of(Arena *arena, const char *name)
{
    char *word = arena_printf(arena, "%s%s", isalpha((unsigned char)*name) ? "" : "x", name);
    for (char *c = word; *c; c++)
        *c = isalnum((unsigned char)*c) ? *c : '_';
    return is_keyword(word) || is_capitals(word) ? arena_printf(arena, "%s_", word) : word;
}

static bool is_among(const char *word, const char *const *names, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        if (!strcmp(names[k], word))
            return true;
    return false;
}

/* As word_of, and other than the names of those before it in the table, which are found first: asking for each of them anew
 * would take 2^i steps. */
const char *member_name(Arena *arena, const tl_tensor *t, int32_t i, const char *unnamed)
{
    const char **names = arena_array(arena, const char *, i + 1);
    for (int32_t k = 0; k <= i; k++) {
        const char *word = *t[k].name ? word_of(arena, t[k].name) : unnamed;
        names[k] = word;
        for (int32_t n = 2; is_among(names[k], names, k); n++)
            names[k] = arena_printf(arena, "%s_%d", word, n);
    }
    return names[i];
}

void print_upper(FILE *f, const char *name, const char *suffix)
{
    for (; *name; name++)
        fputc(toupper((unsigned char)*name), f);
    fputs(suffix, f);
}

/* Macros that the header has; no two fields may make the same one: capitals make W of w, and x_size may be a field's name. */
typedef struct Macros {
    FILE *f;
    const Model *m;
    Arena *arena;
    const char **name;
    int32_t count, capacity;
} Macros;

static const char *take_name(Macros *all, char *name)
{
    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    const char *taken = name;
    for (int n = 2; is_among(taken, all->name, all->count); n++)
        taken = arena_printf(all->arena, "%s_%d", name, n);
    if (all->count < all->capacity)
        all->name[all->count++] = taken;
    return taken;
}

/* "#define LSTM_PARAM_HEAD_BIAS_OFFSET 16"; a field without a name is LSTM_INPUT. */
static void print_macro(Macros *all, const char *kind, const char *member, const char *what, int64_t value)
{
    char *name = arena_printf(all->arena, "%s_%s%s%s%s", all->m->name, kind, *member ? "_" : "", member, what);
    fprintf(all->f, "#define %s %" PRId64 "\n", take_name(all, name), value);
}

/* bits: of values in fixed point, where they are; NULL. */
static void print_macros(Macros *all, const char *kind, const tl_tensor *t, int32_t n, bool placed, const int32_t *bits)
{
    for (int32_t i = 0; i < n; i++) {
        const char *member = *t[i].name ? word_of(all->arena, t[i].name) : "";
        print_macro(all, kind, member, "", i);
        print_macro(all, kind, member, "_SIZE", (int64_t)tl_size(&t[i]));
        if (placed)
            print_macro(all, kind, member, "_OFFSET", (int64_t)t[i].offset);
        if (t[i].vocab)
            print_macro(all, kind, member, "_VOCAB", t[i].vocab);
        else if (bits)
            print_macro(all, kind, member, "_BITS", bits[i]);
    }
}

uint32_t param_layout(const Program *p)
{
    const Model *m = p->model;
    uint32_t hash = 2166136261u ^ (uint32_t)p->real; /* FNV-1a (Fowler, Noll & Vo) */
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        const uint32_t words[] = { (uint32_t)t->offset, (uint32_t)t->column, (uint32_t)t->first_row, (uint32_t)tl_size(t) };
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            hash = (hash ^ words[k]) * 16777619u;
        for (const char *c = t->name; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    return hash;
}

static void take_sizes(Macros *all)
{
    static const char *const sizes[] = { "K1", "K2", "BATCH", "SHARDS", "LANES", "PARAM_SIZE", "PARAM_LAYOUT", "STATE_SIZE", "PROBE_SIZE",
                                         "WORK_SIZE", "STEP_STATE_SIZE", "STEP_WORK_SIZE", "TAPELESS_H" };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        take_name(all, arena_printf(all->arena, "%s_%s", all->m->name, sizes[i]));
}

void emit_places(const Program *p, FILE *f)
{
    const Model *m = p->model;
    const FixedProgram *x = p->single ? p->single->fixed : NULL;
    const int32_t fields = m->ninputs + m->ntargets + m->noutputs + m->nstates + m->nparams + m->nprobes;
    Macros all = { .f = f, .m = m, .arena = arena_new(), .capacity = 4 * fields + 32 };
    all.name = arena_array(all.arena, const char *, all.capacity);
    take_sizes(&all);
    fputs("\n/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are\n"
          " * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */\n", f);
    print_macros(&all, "input", m->inputs, m->ninputs, false, x ? x->input_bits : NULL);
    print_macros(&all, "target", m->targets, m->ntargets, false, NULL);
    print_macros(&all, "output", m->outputs, m->noutputs, false, x ? x->output_bits : NULL);
    if (!x) {
        print_macros(&all, "state", m->states, own_states(m), true, NULL);
        print_macros(&all, "param", m->params, m->nparams, true, NULL);
        print_macros(&all, "probe", m->probes, m->nprobes, true, NULL);
    }
    arena_free(all.arena);
}

/* kind: "input", "target" or "output". */
static void print_struct(const Program *p, FILE *f, Arena *arena, const char *kind, const tl_tensor *t, int32_t n, const char *unnamed)
{
    const Model *m = p->model;
    if (!n)
        return;
    fprintf(f, "typedef struct %s_%s {\n", m->name, kind);
    for (int32_t i = 0; i < n; i++) {
        char real[300];
        snprintf(real, sizeof real, "%s_real", m->name);
        fprintf(f, "    %s %s[%zu];", t[i].vocab ? "int32_t" : real, member_name(arena, t, i, unnamed),
                (size_t)tl_lanes(&m->tbptt) * tl_size(&t[i]));
        if (t[i].vocab) {
            fprintf(f, " /* 0 .. %d", t[i].vocab - 1);
            print_words_of(f, p, *kind == 't', i);
            fputs(" */", f);
        }
        fputc('\n', f);
    }
    fprintf(f, "} %s_%s;\n", m->name, kind);
}

void emit_fields(const Program *p, FILE *f)
{
    const Model *m = p->model;
    Arena *arena = arena_new();
    fputs("\n/* One step's data, of each lane one after the other, row-major. */\n", f);
    print_struct(p, f, arena, "input", m->inputs, m->ninputs, "x");
    print_struct(p, f, arena, "target", m->targets, m->ntargets, "y");
    print_struct(p, f, arena, "output", m->outputs, m->noutputs, "y");
    arena_free(arena);
}
