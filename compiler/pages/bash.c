/* bash.c - completion for bash, 4 or later, that needs no other package. */
#include "pages/pages.h"

static const char *kind_of(const PageOption *o)
{
    switch (o->completion) {
    case COMPLETE_WORDS: return o->words;
    case COMPLETE_FILE: return "@file";
    case COMPLETE_DIRECTORY: return "@directory";
    default: return "@nothing";
    }
}

/* The names of a command's options. */
static void print_options(const Page *p, FILE *f)
{
    fprintf(f, "    %s) options=\"--help -h", p->command->name);
    for (int i = 0; i < p->noptions; i++) {
        fprintf(f, " --%s", p->option[i].name);
        if (p->option[i].letter)
            fprintf(f, " -%c", p->option[i].letter);
    }
    fputs("\" ;;\n", f);
}

static void print_values(const Page *p, FILE *f)
{
    for (int i = 0; i < p->noptions; i++) {
        const PageOption *o = &p->option[i];
        if (!o->value)
            continue;
        fprintf(f, "    %s:--%s", p->command->name, o->name);
        if (o->letter)
            fprintf(f, "|%s:-%c", p->command->name, o->letter);
        fprintf(f, ") value=\"%s\" ;;\n", kind_of(o));
    }
}

static void print_commands(const Pages *p, FILE *f)
{
    for (int i = 0; i < p->npages; i++)
        fprintf(f, "%s%s", i ? " " : "", p->page[i].command->name);
}

static const char begin[] =
    "# bash completion for tapeless. Written by tapeless_pages from the tables of options.\n"
    "\n"
    "_tapeless_options() { # COMMAND: sets options\n"
    "    case $1 in\n";

static const char values[] =
    "    *) options=\"--help --version\" ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_tapeless_value() { # COMMAND OPTION: sets value, what the option takes; empty if it takes none\n"
    "    value=\n"
    "    case $1:$2 in\n";

static const char end[] =
    "    esac\n"
    "}\n"
    "\n"
    "_tapeless_takes() { # OPTION: some command has it, with a value\n"
    "    local name\n"
    "    for name in $_tapeless_commands; do\n"
    "        _tapeless_value \"$name\" \"$1\"\n"
    "        [ -z \"$value\" ] || return 0\n"
    "    done\n"
    "    return 1\n"
    "}\n"
    "\n"
    "# Sets command, and arguments: how many words that are no options stand behind it.\n"
    "_tapeless_look() {\n"
    "    local i word\n"
    "    command= arguments=0\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ $word == -* ]]; then\n"
    "            if [[ ${COMP_WORDS[i + 1]} == = ]]; then\n"
    "                ((i += 2))\n"
    "            elif _tapeless_takes \"$word\"; then\n"
    "                ((i++))\n"
    "            fi\n"
    "        elif [[ -z $command || $command == help ]]; then\n"
    "            command=${command:+help }$word\n"
    "        else\n"
    "            ((arguments++))\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "\n"
    "_tapeless_files() { # CURRENT OPTION...\n"
    "    local current=$1\n"
    "    shift\n"
    "    compopt -o filenames\n"
    "    mapfile -t COMPREPLY < <(compgen \"$@\" -- \"$current\")\n"
    "}\n"
    "\n"
    "_tapeless() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command arguments value options\n"
    "    COMPREPLY=()\n"
    "    _tapeless_look\n"
    "    if [[ $current == = ]]; then\n"
    "        current=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    _tapeless_value \"$command\" \"$before\"\n"
    "    case $value in\n"
    "    @nothing) return ;;\n"
    "    @file) _tapeless_files \"$current\" -f; return ;;\n"
    "    @directory) _tapeless_files \"$current\" -d; return ;;\n"
    "    ?*) mapfile -t COMPREPLY < <(compgen -W \"$value\" -- \"$current\"); return ;;\n"
    "    esac\n"
    "    if [[ $current == -* ]]; then\n"
    "        _tapeless_options \"$command\"\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "    elif [[ -z $command ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$_tapeless_commands help\" -- \"$current\")\n"
    "    elif [[ $command == help ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$_tapeless_commands\" -- \"$current\")\n"
    "    elif [[ $command != help* && $arguments == 0 ]]; then\n"
    "        _tapeless_files \"$current\" -f -X '!*.lua'\n"
    "        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- \"$current\")\n"
    "    elif [[ $command != help* ]]; then\n"
    "        _tapeless_files \"$current\" -f\n"
    "    fi\n"
    "}\n"
    "complete -F _tapeless tapeless\n";

void print_bash(const Pages *p, FILE *f)
{
    fputs(begin, f);
    for (int i = 0; i < p->npages; i++)
        print_options(&p->page[i], f);
    fputs(values, f);
    for (int i = 0; i < p->npages; i++)
        print_values(&p->page[i], f);
    fputs(end, f);
    fputs("_tapeless_commands=\"", f);
    print_commands(p, f);
    fputs("\"\n", f);
}
