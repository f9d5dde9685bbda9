/* markdown.c - the commands and their options as a page of the site. */
#include <ctype.h>
#include <string.h>

#include "pages/pages.h"

/* As it stands, also in a cell of a table. */
static void print_text(const char *text, FILE *f)
{
    for (; *text; text++)
        if (*text == '<')
            fputs("&lt;", f);
        else if (*text == '&')
            fputs("&amp;", f);
        else if (*text == '\n')
            fputc(' ', f);
        else {
            if (strchr("\\`*_[]|", *text))
                fputc('\\', f);
            fputc(*text, f);
        }
}

/* Within backquotes: there a table's bar alone is not as it stands. */
static void print_code(const char *text, FILE *f)
{
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', f);
        fputc(*text, f);
    }
}

static void print_option(const PageOption *o, FILE *f)
{
    fputs("| ", f);
    if (o->letter)
        fprintf(f, "`-%c` ", o->letter);
    fprintf(f, "`--%s", o->name);
    if (o->value) {
        fputc(' ', f);
        print_code(o->value, f);
    }
    fputs("` | ", f);
    if (o->stands_for)
        fprintf(f, "the same as `--%s`", o->stands_for);
    else {
        print_text(o->help, f);
        print_text(o->initial, f);
    }
    fputs(" |\n", f);
}

static void print_options(const Page *p, bool everywhere, FILE *f)
{
    fputs("\n| option | does |\n|---|---|\n", f);
    for (int i = 0; i < p->noptions; i++)
        if (p->option[i].everywhere == everywhere)
            print_option(&p->option[i], f);
}

static void print_command(const Page *p, FILE *f)
{
    const char *second = p->command->second;
    fprintf(f, "\n## %s\n\n`tapeless %s %s%s%s`\n\n", p->command->name, p->command->name, first_argument(p),
        second ? " " : "", second ? second : "");
    fputc(toupper((unsigned char)*p->command->help), f);
    print_text(p->command->help + 1, f);
    fputs(".\n", f);
    print_options(p, false, f);
}

static void print_notes(const char *title, const Note *n, FILE *f)
{
    fprintf(f, "\n## %s\n\n| | |\n|---|---|\n", title);
    for (; n->name; n++) {
        fprintf(f, "| `%s` | ", n->name);
        print_text(n->text, f);
        fputs(" |\n", f);
    }
}

static const char head[] =
    "# Commands and their options\n"
    "\n"
    "Options may stand anywhere, `--epochs=9` or `--epochs 9`; `--` ends them. What stands in square brackets behind a\n"
    "sentence holds where the option is not given. `tapeless help COMMAND` prints the same, `man tapeless` too.\n";

void print_markdown(const Pages *p, FILE *f)
{
    fputs(head, f);
    for (int i = 0; i < p->npages; i++)
        print_command(&p->page[i], f);
    fputs("\n## Options of all commands with a SPEC\n", f);
    print_options(&p->page[p->usual], true, f);
    print_notes("Environment", environment, f);
    print_notes("Exit status", exit_status, f);
}
