/* man.c - the manual page tapeless(1), in the macros of man(7). */
#include <tapeless/version.h>
#include "pages/pages.h"

/* As it stands, wherever it stands: a dash is one that can be copied, a dot at the beginning no request. */
static void print_text(const char *text, FILE *f)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", f);
    for (; *text; text++)
        if (*text == '-')
            fputs("\\-", f);
        else if (*text == '\\')
            fputs("\\e", f);
        else if (*text == '\'')
            fputs("\\(aq", f);
        else if (*text == '\n' && (text[1] == '.' || text[1] == '\''))
            fputs("\n\\&", f);
        else
            fputc(*text, f);
}

static void print_option(const PageOption *o, FILE *f)
{
    fputs(".TP\n", f);
    if (o->letter)
        fprintf(f, "\\fB\\-%c\\fR, ", o->letter);
    fputs("\\fB\\-\\-", f);
    print_text(o->name, f);
    fputs("\\fR", f);
    if (o->value) {
        fputs(" \\fI", f);
        print_text(o->value, f);
        fputs("\\fR", f);
    }
    fputc('\n', f);
    if (o->stands_for) {
        fputs("The same as \\fB\\-\\-", f);
        print_text(o->stands_for, f);
        fputs("\\fR.\n", f);
        return;
    }
    print_text(o->help, f);
    print_text(o->initial, f);
    fputc('\n', f);
}

static void print_options(const Page *p, bool everywhere, FILE *f)
{
    for (int i = 0; i < p->noptions; i++)
        if (p->option[i].everywhere == everywhere)
            print_option(&p->option[i], f);
}

static void print_command(const Page *p, FILE *f)
{
    const char *second = p->command->second;
    fprintf(f, ".SS \"tapeless %s %s%s%s\"\n", p->command->name, first_argument(p), second ? " " : "", second ? second : "");
    print_text(p->command->help, f);
    fputs(".\n", f);
    print_options(p, false, f);
}

static const char head[] =
    ".SH NAME\n"
    "tapeless \\- compile recurrent models in Lua to training programs in C\n"
    ".SH SYNOPSIS\n"
    ".B tapeless\n"
    ".I COMMAND SPEC\n"
    ".RI [ options ]\n"
    ".br\n"
    ".B tapeless help\n"
    ".RI [ COMMAND ]\n"
    ".br\n"
    ".B tapeless \\-\\-version\n"
    ".SH DESCRIPTION\n"
    "A spec is one step of a recurrent model, written in Lua.\n"
    ".B tapeless\n"
    "writes the training program in C: forward and backward over the last k2 steps, fully unrolled, every buffer placed\n"
    "at compile time. The commands that compute build it, in a cache, and run it.\n"
    ".PP\n"
    "Options may stand anywhere, \\fB\\-\\-name=value\\fR or \\fB\\-\\-name value\\fR; \\fB\\-\\-\\fR ends them. What\n"
    "stands in brackets holds where an option is not given. \\fB\\-h\\fR and \\fB\\-\\-help\\fR list a command\\(aqs options.\n";

static void print_notes(const char *title, const Note *n, FILE *f)
{
    fprintf(f, ".SH %s\n", title);
    for (; n->name; n++) {
        fputs(".TP\n\\fB", f);
        print_text(n->name, f);
        fputs("\\fR\n", f);
        print_text(n->text, f);
        fputc('\n', f);
    }
}

static const char tail[] =
    ".SH EXAMPLES\n"
    ".nf\n"
    "tapeless compile elman.lua \\-D hidden=64 \\-o out\n"
    "tapeless train elman.lua \\-\\-data series.csv \\-\\-epochs 20 \\-\\-checkpoint elman.safetensors\n"
    "tapeless predict elman.lua \\-\\-data series.csv \\-c elman.safetensors\n"
    ".fi\n";

void print_man(const Pages *p, FILE *f)
{
    fputs(".\\\" Written by tapeless_pages from the tables of options.\n"
          ".TH TAPELESS 1 \"\" \"tapeless " TL_VERSION "\" \"User Commands\"\n", f);
    fputs(head, f);
    fputs(".SH COMMANDS\n", f);
    for (int i = 0; i < p->npages; i++)
        print_command(&p->page[i], f);
    fputs(".SH OPTIONS OF ALL COMMANDS WITH A SPEC\n", f);
    print_options(&p->page[p->usual], true, f);
    print_notes("ENVIRONMENT", environment, f);
    print_notes("EXIT STATUS", exit_status, f);
    fputs(tail, f);
}
