/* All tables of options, the program's and the trainer's: a letter and a name mean one thing in all of
 * them, and what messages and documents name is in one of them. */
#include "unit.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include <tapeless/commands.h>
#include "scratch.h"

enum { MOST = 2048 };

typedef struct Seen {
    char name[48], command[24];
    char letter;
    int flag;
} Seen;

static Seen seen[MOST];
static size_t nseen;

static int collect(const tl_option *t, void *command)
{
    for (; t->kind != TL_OPTION_END; t++) {
        assert_true(nseen < MOST);
        Seen *s = &seen[nseen++];
        snprintf(s->name, sizeof s->name, "%s", t->name);
        snprintf(s->command, sizeof s->command, "%s", (const char *)command);
        s->letter = t->letter;
        s->flag = t->kind == TL_OPTION_FLAG;
    }
    return 0;
}

static int collect_all(void **state)
{
    (void)state;
    for (const Command *c = commands; c->name; c++)
        c->show(collect, (void *)(uintptr_t)c->name);
    for (const tl_command *c = tl_commands; c->name; c++)
        c->show(collect, (void *)(uintptr_t)c->name);
    return nseen < 100;
}

static void a_letter_is_one_option_in_all_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < nseen; i++) {
        assert_int_not_equal(seen[i].letter, 'h'); /* --help's */
        for (size_t j = 0; j < i && seen[i].letter; j++)
            if (seen[i].letter == seen[j].letter && strcmp(seen[i].name, seen[j].name))
                fail_msg("-%c is --%s in %s and --%s in %s", seen[i].letter, seen[i].name, seen[i].command,
                         seen[j].name, seen[j].command);
    }
}

static char shown(char letter) { return letter ? letter : '?'; }

static void an_option_has_its_letter_in_all_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < nseen; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(seen[i].name, seen[j].name) && seen[i].letter != seen[j].letter)
                fail_msg("--%s is -%c in %s and -%c in %s", seen[i].name, shown(seen[i].letter), seen[i].command,
                         shown(seen[j].letter), seen[j].command);
}

static void a_name_has_a_value_in_all_tables_or_in_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < nseen; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(seen[i].name, seen[j].name) && seen[i].flag != seen[j].flag)
                fail_msg("--%s has a value in one of %s and %s alone", seen[i].name, seen[i].command, seen[j].command);
}

/* The program's own options go before the trainer's where a name is in both. */
static int is_well_formed(const tl_option *t, void *command)
{
    for (const tl_option *o = t; o->kind != TL_OPTION_END; o++) {
        if (tl_cli_find(t, o->name, strlen(o->name), 0) != o && o->kind != TL_OPTION_ALIAS)
            fail_msg("%s: --%s stands there twice", (const char *)command, o->name);
        if (strspn(o->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(o->name))
            fail_msg("%s: --%s", (const char *)command, o->name);
        if (o->kind != TL_OPTION_ALIAS && (!o->help || !*o->help || (o->kind != TL_OPTION_FLAG) != !!o->value))
            fail_msg("%s: --%s is not explained", (const char *)command, o->name);
        if ((o->kind == TL_OPTION_INT || o->kind == TL_OPTION_DOUBLE) && !(o->low < o->high))
            fail_msg("%s: --%s has no range", (const char *)command, o->name);
    }
    return 0;
}

static void tables_are_well_formed(void **state)
{
    (void)state;
    for (const Command *c = commands; c->name; c++)
        c->show(is_well_formed, (void *)(uintptr_t)c->name);
    for (const tl_command *c = tl_commands; c->name; c++)
        c->show(is_well_formed, (void *)(uintptr_t)c->name);
}

/* ---- what is named in messages and documents ---- */

static const char *const others[] = { "help", "version", "info", /* of the programs as a whole */
                                      "cflags", "libs", "preset", "build", "install", "prefix", "variable", "bind-to", "mca",
                                      "kill-on-bad-exit", /* other programs' */
                                      "workloads", "peers", "clock", "seconds", "prototype", "draw", "env", "core",
                                      "verify", "quick", "learning", /* bench/run's */
                                      "all", "verbose", NULL }; /* scripts/zoo's */

static int is_named(const char *name, size_t length)
{
    for (size_t i = 0; i < nseen; i++)
        if (strlen(seen[i].name) == length && !memcmp(seen[i].name, name, length))
            return 1;
    for (size_t i = 0; others[i]; i++)
        if (strlen(others[i]) == length && !memcmp(others[i], name, length))
            return 1;
    return 0;
}

static size_t named; /* so that a scanner that sees nothing is seen */

/* Every --name in n characters. */
static void check_names(const char *text, size_t n, const char *path, int line)
{
    for (size_t i = 0; i + 2 < n; i++) {
        size_t length = 0;
        if (text[i] != '-' || text[i + 1] != '-' || !islower((unsigned char)text[i + 2]) ||
            (i && (text[i - 1] == '-' || isalnum((unsigned char)text[i - 1]))) ||
            (i > 3 && !memcmp(text + i - 4, "-Wl,", 4))) /* the linker's */
            continue;
        const char *name = text + i + 2;
        while (i + 2 + length < n && (islower((unsigned char)name[length]) || isdigit((unsigned char)name[length]) ||
                                      (name[length] == '-' && islower((unsigned char)name[length + 1]))))
            length++;
        if (i + 2 + length < n && name[length] == '-') /* --carry->, a drawing */
            continue;
        named++;
        if (!is_named(name, length))
            fail_msg("%s:%d names --%.*s, which no command has", path, line, (int)length, name);
    }
}

/* The string that begins at text[i], C's or Lua's; returns where it ends. */
static size_t end_of_string(const char *text, size_t i, size_t n)
{
    char quote = text[i++];
    while (i < n && text[i] != quote && text[i] != '\n')
        i += text[i] == '\\' ? 2 : 1;
    return i < n ? i : n;
}

static void check_strings(const char *path, const char *text, size_t n, int lua)
{
    int line = 1;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n')
            line++;
        if (lua && text[i] == '-' && text[i + 1] == '-')
            i += strcspn(text + i, "\n") - 1;
        else if (!lua && text[i] == '/' && text[i + 1] == '*')
            for (i += 2; i < n && (text[i - 1] != '*' || text[i] != '/'); i++)
                line += text[i] == '\n';
        else if (text[i] == '"' || text[i] == '\'') {
            size_t end = end_of_string(text, i, n);
            check_names(text + i, end - i, path, line);
            i = end;
        }
    }
}

static void check_files(const char *pattern, int kind) /* 0: C, 1: Lua, 2: prose */
{
    glob_t g;
    assert_int_equal(glob(pattern, 0, NULL, &g), 0);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        size_t n;
        char *text = file_bytes(g.gl_pathv[i], &n);
        assert_non_null(text);
        if (kind == 2)
            check_names(text, n, g.gl_pathv[i], 0);
        else
            check_strings(g.gl_pathv[i], text, n, kind);
        free(text);
    }
    globfree(&g);
}

static void messages_name_options_that_exist(void **state)
{
    (void)state;
    named = 0;
    check_files("runtime/*/*.[ch]", 0);
    check_files("compiler/*.[ch]", 0);
    check_files("compiler/*/*.[ch]", 0);
    check_files("compiler/front/lua/*.lua", 1);
    assert_true(named > 60);
}

static void documents_name_options_that_exist(void **state)
{
    (void)state;
    named = 0;
    check_files("README.md", 2);
    check_files("docs/*.md", 2);
    assert_true(named > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_is_one_option_in_all_tables),
        cmocka_unit_test(an_option_has_its_letter_in_all_tables),
        cmocka_unit_test(a_name_has_a_value_in_all_tables_or_in_none),
        cmocka_unit_test(tables_are_well_formed),
        cmocka_unit_test(messages_name_options_that_exist),
        cmocka_unit_test(documents_name_options_that_exist),
    };
    return cmocka_run_group_tests(tests, collect_all, NULL);
}
