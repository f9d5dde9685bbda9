#include "graph/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"

/* Chunks form a list, the one being filled first. Every allocation is aligned to 16 bytes. */
typedef struct Chunk {
    struct Chunk *next;
    size_t used, size;
    _Alignas(16) char data[];
} Chunk;

struct Arena {
    Chunk *head;
};

enum { CHUNK = 64 * 1024, ALIGN = 16 };

Arena *arena_new(void)
{
    return checked(calloc(1, sizeof(Arena)));
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    for (Chunk *c = a->head, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

static Chunk *chunk_new(Arena *a, size_t need)
{
    size_t size = need > CHUNK ? need : CHUNK;
    Chunk *c = checked(calloc(1, sizeof *c + size));
    c->size = size;
    c->next = a->head;
    a->head = c;
    return c;
}

void *arena_alloc(Arena *a, size_t count, size_t size)
{
    if (size && count > (SIZE_MAX / 2 - ALIGN) / size)
        out_of_memory();
    size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    Chunk *c = a->head;
    if (!c || c->size - c->used < bytes)
        c = chunk_new(a, bytes);
    void *p = c->data + c->used;
    c->used += bytes;
    return p;
}

char *arena_strdup(Arena *a, const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(arena_alloc(a, n, 1), s, n);
}

char *arena_printf(Arena *a, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *s = arena_alloc(a, (size_t)n + 1, 1);
    vsnprintf(s, (size_t)n + 1, format, again);
    va_end(again);
    return s;
}
