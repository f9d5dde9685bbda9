#include "cli/home.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory above the one the program stands in, if the headers are there; NULL. */
static const char *installed(Arena *arena, char *exe, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", exe, size - 1);
    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(exe, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
    return access(arena_printf(arena, "%s/include/tapeless/tapeless.h", exe), R_OK) == 0 ? exe : NULL;
}

Home find_home(Arena *arena)
{
    char exe[4096];
    const char *home = getenv("TAPELESS_HOME");
    if (!home || !*home)
        home = installed(arena, exe, sizeof exe);
    if (!home)
        return (Home){ arena_strdup(arena, TAPELESS_BUILD_INCLUDE), arena_strdup(arena, TAPELESS_BUILD_LIBRARY) };
    char *library = arena_printf(arena, "%s/lib/tapeless/libtapeless.a", home);
    return (Home){ arena_printf(arena, "%s/include", home), library };
}
