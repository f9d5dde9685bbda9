/* zsh.c - completion for zsh, by its function _arguments. */
#include "pages/pages.h"

/* Within single quotes of the shell; what `special` lists is special to _arguments. */
static void print_quoted(const char *text, const char *special, FILE *f)
{
    for (; *text; text++) {
        for (const char *s = special; *s; s++)
            if (*s == *text)
                fputc('\\', f);
        if (*text == '\'')
            fputs("'\\''", f);
        else
            fputc(*text, f);
    }
}

static void print_names(const PageOption *o, FILE *f)
{
    const char *equals = o->value ? "=" : "";
    if (o->letter && o->repeats)
        fprintf(f, "'*'{-%c+,--%s=}", o->letter, o->name);
    else if (o->letter)
        fprintf(f, "'(-%c --%s)'{-%c%s,--%s%s}", o->letter, o->name, o->letter, o->value ? "+" : "", o->name, equals);
    else
        fprintf(f, "'%s--%s%s'", o->repeats ? "*" : "", o->name, equals);
}

static void print_option(const PageOption *o, FILE *f)
{
    fputs("            ", f);
    print_names(o, f);
    fputs("'[", f);
    print_quoted(o->help, "[]\\", f);
    fputc(']', f);
    if (o->value) {
        fputc(':', f);
        print_quoted(o->value, ":\\", f);
        fputc(':', f);
        if (o->completion == COMPLETE_WORDS)
            fprintf(f, "(%s)", o->words);
        else if (o->completion != COMPLETE_NOTHING)
            fputs(o->completion == COMPLETE_FILE ? "_files" : "_files -/", f);
    }
    fputs("' \\\n", f);
}

static void print_page(const Page *p, FILE *f)
{
    fprintf(f, "        %s) _arguments -s \\\n", p->command->name);
    for (int i = 0; i < p->noptions; i++)
        print_option(&p->option[i], f);
    fputs("            '(- *)'{-h,--help}'[this page]' \\\n"
          "            '1:spec:_files -g \"*.lua\"'", f);
    if (p->command->second)
        fputs(" '2:file:_files'", f);
    fputs(" ;;\n", f);
}

void print_zsh(const Pages *p, FILE *f)
{
    fputs("#compdef tapeless\n"
          "# Written by tapeless_pages from the tables of options.\n\n"
          "_tapeless() {\n"
          "    local context state state_descr line\n"
          "    typeset -A opt_args\n"
          "    local -a commands=(\n", f);
    for (int i = 0; i < p->npages; i++) {
        fprintf(f, "        '%s:", p->page[i].command->name);
        print_quoted(p->page[i].command->help, "\\", f);
        fputs("'\n", f);
    }
    fputs("        'help:list the options of a command'\n"
          "    )\n"
          "    _arguments -C '(- *)'{-h,--help}'[list the commands]' '(- *)--version[say which version this is]' \\\n"
          "        '1:command:->command' '*::argument:->argument'\n"
          "    case $state in\n"
          "    command) _describe command commands ;;\n"
          "    argument)\n"
          "        case $words[1] in\n", f);
    for (int i = 0; i < p->npages; i++)
        print_page(&p->page[i], f);
    fputs("        help) _describe command commands ;;\n"
          "        esac ;;\n"
          "    esac\n"
          "}\n\n"
          "_tapeless \"$@\"\n", f);
}
