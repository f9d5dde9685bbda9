/* main.c - tapeless_pages DIR: writes DIR/tapeless.1, commands.md, tapeless.bash, _tapeless and tapeless.fish. */
#include <stdlib.h>

#include <tapeless/file.h>
#include "graph/checked.h"
#include "pages/pages.h"

typedef struct Output {
    const char *name;
    void (*print)(const Pages *, FILE *);
} Output;

static const Output outputs[] = {
    { "tapeless.1", print_man }, { "commands.md", print_markdown },
    { "tapeless.bash", print_bash }, { "_tapeless", print_zsh }, { "tapeless.fish", print_fish }
};

static bool write_output(Arena *arena, const Pages *p, const Output *o, const char *directory)
{
    char *text = NULL;
    size_t size = 0;
    tl_error e;
    FILE *f = text_open(&text, &size);
    o->print(p, f);
    text_close(f);
    bool fine = !tl_file_replace(arena_printf(arena, "%s/%s", directory, o->name), &(tl_chunk){ text, size }, 1, &e);
    if (!fine)
        fprintf(stderr, "tapeless_pages: %s\n", e.text);
    free(text);
    return fine;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: tapeless_pages DIR\n", stderr);
        return EXIT_WRONG;
    }
    Arena *arena = arena_new();
    Pages p = gather_pages(arena);
    bool fine = true;
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        fine &= write_output(arena, &p, &outputs[i], argv[1]);
    arena_free(arena);
    return fine ? EXIT_DONE : EXIT_WRONG;
}
