/* arena.h - memory freed all at once (Hanson, "Fast allocation and deallocation of memory based on
 * object lifetimes", 1990). Arenas are named by lifetime: a graph owns one, a command owns one. */
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *);
void *arena_alloc(Arena *, size_t count, size_t size); /* zeroed; aborts on overflow or no memory */
char *arena_strdup(Arena *, const char *);
__attribute__((format(printf, 2, 3))) char *arena_printf(Arena *, const char *format, ...);

#define arena_array(a, T, n) ((T *)arena_alloc((a), (size_t)(n), sizeof(T)))

#endif
