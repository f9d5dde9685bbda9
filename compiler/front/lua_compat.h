/* lua_compat.h - one C API over Lua 5.4 and LuaJIT 2.1 (whose API is Lua 5.1's). */
#ifndef LUA_COMPAT_H
#define LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#ifdef TAPELESS_LUAJIT

#include <luajit.h>

static inline size_t compat_len(lua_State *L, int index) { return lua_objlen(L, index); }

/* Takes the table on top of the stack as the environment of the function below it. */
static inline void compat_set_env(lua_State *L) { lua_setfenv(L, -2); }

static inline void compat_open(lua_State *L, const char *name, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, 0);
}

/* A spec runs once: traces would not pay, and they need memory that can be executed. */
static inline void compat_no_jit(lua_State *L)
{
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
}

static inline void compat_set_functions(lua_State *L, const luaL_Reg *list)
{
    for (; list->name; list++) {
        lua_pushcfunction(L, list->func);
        lua_setfield(L, -2, list->name);
    }
}

#define COMPAT_BASE_NAME ""

#else

static inline size_t compat_len(lua_State *L, int index) { return lua_rawlen(L, index); }
static inline void compat_set_env(lua_State *L) { lua_setupvalue(L, -2, 1); }

static inline void compat_open(lua_State *L, const char *name, lua_CFunction open)
{
    luaL_requiref(L, name, open, 1);
    lua_pop(L, 1);
}

static inline void compat_no_jit(lua_State *L) { (void)L; }
static inline void compat_set_functions(lua_State *L, const luaL_Reg *list)
{
    luaL_setfuncs(L, list, 0);
}

#define COMPAT_BASE_NAME "_G"

#endif

#endif
