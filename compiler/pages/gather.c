/* gather.c - what --help shows of each command, from the same tables. */
#include "pages/pages.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/commands.h>
#include "cli/jacobian.h"
#include "graph/checked.h"

enum { MOST = 128 }; /* options of a command */

const Note environment[] = {
    { "CC", "The C compiler, gcc or clang; it may be several words, quoted as in a shell." },
    { "TAPELESS_CACHE", "Where trainers are kept. Else it is $XDG_CACHE_HOME/tapeless, else ~/.cache/tapeless." },
    { "TAPELESS_HOME", "The prefix in which the runtime is installed, if it is not the program's own." },
    { NULL, NULL }
};

const Note exit_status[] = {
    { "0", "Done." },
    { "1", "A check or a training failed." },
    { "2", "Wrong usage or input, or what was printed is lost." },
    { "130, 143", "A training ended after Ctrl-C, after SIGTERM; it has saved its checkpoint." },
    { NULL, NULL }
};

const char *first_argument(const Page *p)
{
    const char *name = p->command->name;
    return !strcmp(name, "init") ? "[DIR]" : !strcmp(name, "data") ? "FILE [SPEC]" : "SPEC";
}

/* ---- what a value may be ---- */

#define OPTIMISATION_WORD(name, what) " no-" #name
#define SPACED_WORD(constant, word) " " word

typedef struct Choice {
    const char *name, *words; /* of the option */
} Choice;

/* "a, b or c" and "a|b|c" as "a b c". */
static const char *words_of(Arena *arena, const char *text)
{
    char *words = arena_strdup(arena, ""), word[64];
    for (int n; *text; text += n + (text[n] != '\0')) {
        n = 0;
        while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '-')
            n++;
        snprintf(word, sizeof word, "%.*s", n, text);
        if (n && strcmp(word, "or"))
            words = arena_printf(arena, "%s%s%s", words, *words ? " " : "", word);
    }
    return words;
}

/* Sets that are written elsewhere; NULL where the option's value is none of them. */
static const char *choices(const tl_option *o)
{
    const Choice sets[] = {
        { "machine", target_names },
        { "dump", pass_names },
        { "jacobian", JACOBIAN_MODES },
        { "mode", JACOBIAN_MODES ", auto" },
        { "optimise", "none" OPTIMISATIONS(OPTIMISATION_WORD) },
        { "optimizer", TL_EACH_OPTIMIZER(SPACED_WORD) },
        { "learn", TL_EACH_LEARN(SPACED_WORD) },
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (!strcmp(sets[i].name, o->name))
            return sets[i].words;
    return strchr(o->value, '|') ? o->value : NULL;
}

static bool is_file(const char *value)
{
    return !strcmp(value, "F") || !strncmp(value, "FILE", 4) || !strcmp(value, "CHECKPOINT");
}

static void find_completion(Arena *arena, PageOption *p, const tl_option *o)
{
    const char *words = choices(o);
    p->words = words ? words_of(arena, words) : NULL;
    if (words)
        p->completion = COMPLETE_WORDS;
    else if (!strcmp(o->value, "DIR"))
        p->completion = COMPLETE_DIRECTORY;
    else if (is_file(o->value))
        p->completion = COMPLETE_FILE;
}

/* ---- the tables ---- */

typedef struct Gatherer {
    Arena *arena;
    Page *page;
} Gatherer;

static const PageOption *find(const Page *p, const char *name)
{
    for (int i = 0; i < p->noptions; i++)
        if (!strcmp(p->option[i].name, name))
            return &p->option[i];
    return NULL;
}

static const char *initial_of(Arena *arena, const tl_option *o)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = text_open(&text, &size);
    tl_cli_print_default(o, f);
    text_close(f);
    const char *copy = arena_strdup(arena, text);
    free(text);
    return copy;
}

/* The table is not there any more when the pages are written; its strings are constants. */
static void add(const Gatherer *g, const tl_option *o)
{
    Page *page = g->page;
    if (page->noptions == MOST) {
        fprintf(stderr, "tapeless_pages: %s has more than %d options\n", page->command->name, MOST);
        exit(EXIT_FAILURE);
    }
    PageOption p = { .name = o->name, .help = o->help, .letter = o->letter, .initial = "" };
    if (o->kind == TL_OPTION_ALIAS) {
        const PageOption *of = find(page, o->value);
        p = *of;
        p.name = o->name;
        p.letter = 0;
        p.stands_for = of->name;
    } else {
        p.value = o->value;
        p.repeats = o->kind == TL_OPTION_LIST || o->kind == TL_OPTION_FILES;
        p.initial = initial_of(g->arena, o);
        if (o->value)
            find_completion(g->arena, &p, o);
    }
    page->option[page->noptions++] = p;
}

/* The compiler's options stand first: of two with one name its own is meant. */
static int gather(const tl_option *t, void *context)
{
    const Gatherer *g = context;
    for (; t->kind != TL_OPTION_END; t++)
        if (t->kind == TL_OPTION_TABLE)
            gather(t->to.table, context);
        else if (!find(g->page, t->name))
            add(g, t);
    return 0;
}

static bool takes_a_spec(const Page *p)
{
    return !strcmp(first_argument(p), "SPEC");
}

static bool is_everywhere(const Pages *p, const PageOption *o)
{
    for (int i = 0; i < p->npages; i++) {
        const PageOption *other = find(&p->page[i], o->name);
        if (takes_a_spec(&p->page[i]) && (!other || strcmp(other->help, o->help) || strcmp(other->initial, o->initial)))
            return false;
    }
    return true;
}

Pages gather_pages(Arena *arena)
{
    Pages p = { 0 };
    while (commands[p.npages].name)
        p.npages++;
    p.page = arena_array(arena, Page, p.npages);
    for (int i = 0; i < p.npages; i++) {
        Gatherer g = { arena, &p.page[i] };
        p.page[i] = (Page){ &commands[i], arena_array(arena, PageOption, MOST), 0 };
        commands[i].show(gather, &g);
        if (trainer_command(&commands[i]))
            tl_show_command(trainer_command(&commands[i]), gather, &g);
    }
    for (int i = 0; i < p.npages; i++)
        for (int j = 0; j < p.page[i].noptions; j++)
            p.page[i].option[j].everywhere = takes_a_spec(&p.page[i]) && is_everywhere(&p, &p.page[i].option[j]);
    while (!takes_a_spec(&p.page[p.usual]))
        p.usual++;
    return p;
}
