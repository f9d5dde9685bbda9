/* pages.h - the tables of options as a manual page, as a page of the site and as completions of bash, zsh and fish.
 * tapeless_pages, which only a build runs, writes them; what stands in the tables stands in all of them. */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/commands.h"
#include "graph/arena.h"

typedef enum Completion {
    COMPLETE_NOTHING, /* a number, a name of the user's */
    COMPLETE_WORDS,
    COMPLETE_FILE,
    COMPLETE_DIRECTORY
} Completion;

typedef struct PageOption {
    const char *name, *value, *help; /* value: NULL for a flag */
    const char *initial;             /* " [f32]", or "" */
    const char *stands_for;          /* of an alias: the name; else NULL */
    char letter;                     /* or 0 */
    bool repeats;                    /* may be given more than once */
    bool everywhere;                 /* every command that takes a SPEC has it, alike */
    Completion completion;           /* of its value */
    const char *words;               /* "f32 f64" */
} PageOption;

typedef struct Page { /* of a command */
    const Command *command;
    PageOption *option;
    int noptions;
} Page;

typedef struct Pages {
    Page *page;
    int npages;
    int usual; /* a page that has what is everywhere */
} Pages;

/* What holds beside the commands, in text without markup; a NULL name ends a table. */
typedef struct Note {
    const char *name, *text;
} Note;

extern const Note environment[], exit_status[];

Pages gather_pages(Arena *);
const char *first_argument(const Page *); /* "SPEC", "[DIR]" */

void print_man(const Pages *, FILE *);
void print_markdown(const Pages *, FILE *);
void print_bash(const Pages *, FILE *);
void print_zsh(const Pages *, FILE *);
void print_fish(const Pages *, FILE *);

#endif
