/* lua_env.c - the Lua state of a spec: memory, files, require, print. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "front/front.h"
#include "front/prelude.h"
#include "front/untail.h"

static const char FRONT[] = "tapeless.front", ENV[] = "tapeless.env", LOADED[] = "tapeless.loaded";

Front *front_of(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, FRONT);
    Front *f = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return f;
}

/* ---- the state ---- */

static void *bounded_alloc(void *context, void *p, size_t old, size_t size)
{
    Front *f = context;
    if (!p)
        old = 0; /* then it is a type, not a size */
    if (!size) {
        free(p);
        f->lua_bytes -= old;
        return NULL;
    }
    if (size > old && size - old > FRONT_LUA_BYTES - f->lua_bytes)
        return NULL;
    void *q = realloc(p, size);
    if (q)
        f->lua_bytes = f->lua_bytes - old + size;
    else
        f->starved = true;
    return q;
}

/* Some builds of LuaJIT take no allocator but their own; then the address space is the bound. */
lua_State *front_new_state(Front *f)
{
    f->L = lua_newstate(bounded_alloc, f);
    if (!f->L)
        f->L = luaL_newstate();
    return f->L;
}

/* ---- files ---- */

static char *read_all(Front *f, int fd, size_t size, const char **why)
{
    char *text = arena_alloc(f->arena, size + 1, 1);
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(fd, text + have, size - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            *why = n < 0 ? strerror(errno) : "it became shorter while it was read";
            return NULL;
        }
        have += (size_t)n;
    }
    return text;
}

/* NULL, and why not. Opens nothing that could block. */
static char *read_file(Front *f, const char *path, size_t *length, const char **why)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *text = NULL;
    if (fd < 0) {
        *why = strerror(errno);
        return NULL;
    }
    if (fstat(fd, &st))
        *why = strerror(errno);
    else if (!S_ISREG(st.st_mode))
        *why = "it is not a file";
    else if (st.st_size > FRONT_FILE_BYTES)
        *why = arena_printf(f->arena, "it has more than %d bytes", FRONT_FILE_BYTES);
    else
        text = read_all(f, fd, *length = (size_t)st.st_size, why);
    close(fd);
    return text;
}

/* Pushes the chunk, or raises its syntax error. */
static void compile(lua_State *L, Front *f, const char *path, const char *text, size_t length)
{
    size_t n;
    const char *chunk = arena_printf(f->arena, "@%s", path),
               *rewritten = untail(f->arena, text, length, &n);
    if (!luaL_loadbufferx(L, rewritten, n, chunk, "t"))
        return;
    lua_pop(L, 1);
    if (luaL_loadbufferx(L, text, length, chunk, "t"))
        lua_error(L);
}

/* Runs a file of the user's and leaves one result. */
static void run_file(lua_State *L, const char *path)
{
    Front *f = front_of(L);
    const char *why = "";
    size_t length = 0;
    if (f->nfiles == FRONT_FILES)
        front_fail(L, "a spec is at most %d files", FRONT_FILES);
    char *text = read_file(f, path, &length, &why);
    if (!text)
        front_fail(L, "cannot read %s: %s", path, why);
    if (length && (unsigned char)text[0] == 0x1b)
        front_fail(L, "%s is compiled Lua; a spec is Lua text", path);
    f->files[f->nfiles++] = arena_strdup(f->arena, path);
    XXH64_update(f->hash, &length, sizeof length);
    XXH64_update(f->hash, text, length);
    compile(L, f, path, text, length);
    lua_getfield(L, LUA_REGISTRYINDEX, ENV);
    compat_set_env(L);
    lua_call(L, 0, 1);
}

/* ---- require ---- */

/* Words with dots between, so that the path stays below the spec's directory. */
static bool is_module_name(const char *name)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    for (;;) {
        size_t n = strspn(name, word);
        if (!n)
            return false;
        name += n;
        if (!*name)
            return true;
        if (*name++ != '.')
            return false;
    }
}

static const char *module_path(Front *f, const char *name)
{
    const char *slash = strrchr(f->path, '/');
    char *path = arena_printf(f->arena, "%.*s%s.lua", slash ? (int)(slash - f->path) + 1 : 0,
                              f->path, name);
    for (char *p = path + (slash ? slash - f->path + 1 : 0); p < path + strlen(path) - 4; p++)
        if (*p == '.')
            *p = '/';
    return path;
}

static int env_require(lua_State *L)
{
    lua_settop(L, 1);
    const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
    if (!is_module_name(name))
        front_fail(L, "require takes a name such as \"layers\" or \"lib.layers\": "
                   "a file beside the spec");
    lua_getfield(L, LUA_REGISTRYINDEX, LOADED);
    lua_getfield(L, 2, name);
    if (lua_islightuserdata(L, 3))
        front_fail(L, "require \"%s\" leads back to itself: %s is still being loaded", name,
                   module_path(front_of(L), name));
    if (!lua_isnil(L, 3))
        return 1;
    lua_pushlightuserdata(L, front_of(L)); /* being loaded */
    lua_setfield(L, 2, name);
    run_file(L, module_path(front_of(L), name));
    if (lua_isnil(L, -1))
        lua_pushboolean(L, true);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* ---- small functions ---- */

static int env_return(lua_State *L) { return lua_gettop(L); } /* see untail.h */

/* Lines for the parent to put on stderr: the child may write to no file, and stderr may be one.
 * What could drive a terminal is shown as '?'. */
static int core_print(lua_State *L)
{
    Front *f = front_of(L);
    size_t n;
    const char *line = luaL_checklstring(L, 1, &n);
    front_charge(L, (int64_t)n);
    if (f->printed > FRONT_PRINT_BYTES)
        return 0;
    f->printed += n + 1;
    if (f->printed > FRONT_PRINT_BYTES) {
        line = lua_pushfstring(L, "%s: print has written enough; the rest is left out", f->path);
        n = strlen(line);
    }
    fputc(FRONT_SENT_PRINT, f->out);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)line[i];
        if (c == '\n')
            fprintf(f->out, "\n%c", FRONT_SENT_PRINT);
        else
            fputc((c < ' ' && c != '\t') || c == 0x7f ? '?' : c, f->out);
    }
    fputc('\n', f->out);
    fflush(f->out);
    return 0;
}

/* (message [, "file:line"]): raises it as the sentence about that place, or about the nearest line
 * of the user's. */
static int core_fail(lua_State *L)
{
    if (lua_isnoneornil(L, 2))
        front_push_where(L);
    else
        lua_pushvalue(L, 2);
    lua_pushfstring(L, "%s: %s", lua_tostring(L, -1), luaL_checkstring(L, 1));
    return lua_error(L);
}

static int core_path(lua_State *L)
{
    lua_pushstring(L, front_of(L)->path);
    return 1;
}

static int core_protect_strings(lua_State *L) /* ("").__index becomes the table given */
{
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    return 0;
}

static int core_set_environment(lua_State *L) /* of the user's files that are loaded from now on */
{
    lua_settop(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, ENV);
    return 0;
}

#ifndef TAPELESS_LUAJIT

/* Calls the function in C that it stands for in its own frame, so that what that one says is about
 * the user's line and the name that the user called it by. */
static int prepared(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* (f, prepare) -> f(prepare(...)); f is in C, without upvalues. LuaJIT needs no help for this: there
 * a tail call leaves no frame. */
static int core_prepared(lua_State *L)
{
    if (!lua_iscfunction(L, 1) || lua_getupvalue(L, 1, 1))
        return front_fail(L, "internal: prepared takes a function in C without upvalues");
    lua_settop(L, 2);
    lua_pushcclosure(L, prepared, 2);
    return 1;
}

#endif

void front_open_env(lua_State *L)
{
    static const luaL_Reg functions[] = { { "print", core_print },
#ifndef TAPELESS_LUAJIT
                                          { "prepared", core_prepared },
#endif
                                          { "set_environment", core_set_environment },
                                          { "fail", core_fail },
                                          { "path", core_path },
                                          { "protect_strings", core_protect_strings },
                                          { "require", env_require },
                                          { "values", env_return },
                                          { NULL, NULL } };
    compat_set_functions(L, functions);
}

/* ---- evaluation ---- */

static void open_libraries(lua_State *L)
{
    compat_open(L, COMPAT_BASE_NAME, luaopen_base);
    compat_open(L, LUA_STRLIBNAME, luaopen_string);
    compat_open(L, LUA_TABLIBNAME, luaopen_table);
    compat_open(L, LUA_MATHLIBNAME, luaopen_math);
    compat_no_jit(L);
}

static void push_list(lua_State *L, const char *const *words)
{
    lua_newtable(L);
    for (int i = 0; words[i]; i++) {
        lua_pushstring(L, words[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

/* lib.words, lib being on top: the sets of <tapeless/words.h> that the prelude takes words from. */
static void open_words(lua_State *L)
{
    static const char *const counted[] = { TL_EACH_COUNTED(TL_WORD) NULL };
    static const char *const reduce[] = { TL_EACH_REDUCE(TL_WORD) NULL };
    static const char *const overlap[] = { TL_EACH_OVERLAP(TL_WORD) NULL };
    static const char *const learn[] = { TL_EACH_LEARN(TL_WORD) NULL };
    static const char *const optimizer[] = { TL_EACH_OPTIMIZER(TL_WORD) NULL };
    static const char *const schedule[] = { TL_EACH_SCHEDULE(TL_WORD) NULL };
    static const struct {
        const char *name;
        const char *const *words;
    } sets[] = { { "loss", counted }, { "reduce", reduce }, { "overlap", overlap }, { "learn", learn }, { "optimizer", optimizer },
                 { "schedule", schedule } };
    lua_newtable(L);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        push_list(L, sets[i].words);
        lua_setfield(L, -2, sets[i].name);
    }
    lua_setfield(L, -2, "words");
}

/* Runs the prelude, whose files get (core, env, lib), and leaves lib. */
static void run_prelude(lua_State *L)
{
    Front *f = front_of(L);
    int base = lua_gettop(L);
    lua_newtable(L);
    front_open_env(L);
    front_open_nodes(L);
    front_open_ops(L);
    front_open_model(L);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, ENV);
    lua_newtable(L);
    open_words(L);
    for (size_t i = 0; i < prelude_count; i++) {
        const EmbeddedFile *p = &prelude_files[i];
        if (luaL_loadbufferx(L, p->text, p->length, arena_printf(f->arena, "=tapeless/%s", p->name),
                             "t"))
            lua_error(L);
        for (int j = 1; j <= 3; j++)
            lua_pushvalue(L, base + j);
        lua_call(L, 3, 0);
    }
}

static int evaluate(lua_State *L)
{
    Front *f = front_of(L);
    open_libraries(L);
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LOADED);
    run_prelude(L);
    lua_getfield(L, -1, "finish");
    front_limit_instructions(L);
    run_file(L, f->path);
    lua_call(L, 1, 0); /* lib.finish(what the spec returned) */
    return 0;
}

static int set_up(lua_State *L)
{
    lua_pushlightuserdata(L, lua_touserdata(L, 1));
    lua_setfield(L, LUA_REGISTRYINDEX, FRONT);
    return 0;
}

bool front_evaluate(Front *f, char *message, size_t size)
{
    lua_State *L = f->L;
    lua_pushcfunction(L, set_up);
    lua_pushlightuserdata(L, f);
    int status = lua_pcall(L, 1, 0, 0);
    if (!status) {
        lua_pushcfunction(L, front_on_error);
        lua_pushcfunction(L, evaluate);
        status = lua_pcall(L, 0, 0, 1);
    }
    if (!status)
        return true;
    front_describe_failure(f, status, message, size);
    return false;
}
