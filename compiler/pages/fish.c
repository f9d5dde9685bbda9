/* fish.c - completion for fish. */
#include "pages/pages.h"

static void print_quoted(const char *text, FILE *f)
{
    fputc('\'', f);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', f);
        fputc(*text, f);
    }
    fputc('\'', f);
}

static void print_option(const char *command, const PageOption *o, FILE *f)
{
    fprintf(f, "complete -c tapeless -n '__fish_seen_subcommand_from %s' -l %s", command, o->name);
    if (o->letter)
        fprintf(f, " -s %c", o->letter);
    if (o->completion == COMPLETE_WORDS)
        fprintf(f, " -xa '%s'", o->words);
    else if (o->completion == COMPLETE_FILE)
        fputs(" -rF", f);
    else if (o->completion == COMPLETE_DIRECTORY)
        fputs(" -xa '(__fish_complete_directories)'", f);
    else if (o->value)
        fputs(" -x", f);
    fputs(" -d ", f);
    print_quoted(o->help, f);
    fputc('\n', f);
}

static void print_page(const Page *p, FILE *f)
{
    const char *name = p->command->name;
    fputs("\ncomplete -c tapeless -n __fish_use_subcommand -a ", f);
    fprintf(f, "%s -d ", name);
    print_quoted(p->command->help, f);
    fprintf(f, "\ncomplete -c tapeless -n '__fish_seen_subcommand_from help' -a %s\n", name);
    if (p->command->second)
        fprintf(f, "complete -c tapeless -n '__fish_seen_subcommand_from %s' -F\n", name);
    else
        fprintf(f, "complete -c tapeless -n '__fish_seen_subcommand_from %s' -a '(__fish_complete_suffix .lua)'\n", name);
    for (int i = 0; i < p->noptions; i++)
        print_option(name, &p->option[i], f);
}

void print_fish(const Pages *p, FILE *f)
{
    fputs("# Written by tapeless_pages from the tables of options.\n"
          "complete -c tapeless -f\n"
          "complete -c tapeless -s h -l help -d 'list commands, or the options of one'\n"
          "complete -c tapeless -n __fish_use_subcommand -l version -d 'say which version this is'\n"
          "complete -c tapeless -n __fish_use_subcommand -a help -d 'list the options of a command'\n", f);
    for (int i = 0; i < p->npages; i++)
        print_page(&p->page[i], f);
}
