/* lua_error.c - errors of a spec as sentences: placed, whole, and in the same words under Lua and
 * LuaJIT. */
#include <stdio.h>
#include <string.h>

#include "front/front.h"

static bool starts_with(const char *s, const char *prefix, size_t n)
{
    return !strncmp(s, prefix, n);
}

/* Whether a message already says "file:". */
static bool is_placed(const Front *f, const char *message)
{
    for (int i = -1; i < f->nfiles; i++) {
        const char *file = i < 0 ? f->path : f->files[i];
        size_t n = strlen(file);
        if (starts_with(message, file, n) && message[n] == ':')
            return true;
    }
    return false;
}

/* Lua cuts long file names: "...dels/deep/x.lua:3: message". */
static const char *whole_file_name(Front *f, const char *message)
{
    const char *colon = strchr(message, ':');
    if (!starts_with(message, "...", 3) || !colon)
        return message;
    size_t n = (size_t)(colon - message) - 3;
    for (int i = 0; i < f->nfiles; i++) {
        size_t length = strlen(f->files[i]);
        if (length > n && !strncmp(f->files[i] + length - n, message + 3, n))
            return arena_printf(f->arena, "%s%s", f->files[i], colon);
    }
    return message;
}

/* LuaJIT says "index local 's' (a nil value)" where Lua says "index a nil value (local 's')". */
static const char *lua_wording(Front *f, const char *message)
{
    static const char *const kinds[] = { " local '", " upvalue '", " field '", " global '",
                                         " method '" };
    const char *attempt = strstr(message, ": attempt to "), *what = NULL, *type, *end;
    for (size_t i = 0; attempt && i < sizeof kinds / sizeof *kinds && !what; i++)
        what = strstr(attempt, kinds[i]);
    if (!what || !(type = strstr(what, "' (a ")) || !(end = strchr(type, ')')) || end[1])
        return message;
    return arena_printf(f->arena, "%.*s %.*s (%.*s)", (int)(what - message), message,
                        (int)(end - type - 3), type + 3, (int)(type - what), what + 1);
}

/* The message handler: runs where the error was raised, so the frames are there to be asked. */
int front_on_error(lua_State *L)
{
    Front *f = front_of(L);
    if (!lua_isstring(L, 1))
        lua_pushfstring(L, "the spec raised an error that is a %s; error takes a sentence",
                        luaL_typename(L, 1));
    else
        lua_pushstring(L, lua_wording(f, whole_file_name(f, lua_tostring(L, 1))));
    if (!is_placed(f, lua_tostring(L, -1))) {
        front_push_where(L);
        lua_pushfstring(L, "%s: %s", lua_tostring(L, -1), lua_tostring(L, -2));
    }
    return 1;
}

/* One line, and no longer than a message should be. */
static void tidy(char *message, size_t size, const char *text)
{
    snprintf(message, size, "%s", text);
    for (char *p = message; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
}

void front_describe_failure(Front *f, int status, char *message, size_t size)
{
    const char *text = lua_tostring(f->L, -1); /* NULL where even the handler failed */
    if (f->starved)
        text = arena_printf(f->arena, "%s: " FRONT_NO_MEMORY, f->path);
    else if (status == LUA_ERRMEM || (text && strstr(text, "not enough memory")))
        text = arena_printf(f->arena, "%s: the spec needs more than %d MiB of memory; a spec only "
                            "describes one step, so look for a loop that builds something",
                            f->path, FRONT_LUA_BYTES >> 20);
    else if (!text)
        text = arena_printf(f->arena, "%s: the error could not be reported", f->path);
    else if (!is_placed(f, text))
        text = arena_printf(f->arena, "%s: %s", f->path, text);
    tidy(message, size, text);
}
