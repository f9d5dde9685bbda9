/* lua_node.c - nodes as Lua values. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "front/front.h"
#include "graph/names.h"

static const char NODE[] = "tapeless.node";

/* ---- where ---- */

/* Chunks of the prelude are called "=tapeless/...", C functions "=[C]", files of the user "@". */
bool front_where(lua_State *L, const char **file, int *line)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] == '@') {
            *file = ar.source + 1;
            *line = ar.currentline;
            return true;
        }
    }
    return false;
}

void front_here(lua_State *L)
{
    Graph *g = front_of(L)->graph;
    const char *file = front_of(L)->path;
    int line = 0;
    front_where(L, &file, &line);
    g->file = (uint16_t)graph_file(g, file);
    g->line = line;
}

enum { WHERE = 1000 }; /* instructions that looking for the place and making a sentence take as long as */

void front_push_where(lua_State *L)
{
    front_charge(L, WHERE);
    const char *file;
    int line;
    if (front_where(L, &file, &line))
        lua_pushfstring(L, "%s:%d", file, line);
    else
        lua_pushstring(L, front_of(L)->path);
}

int front_fail(lua_State *L, const char *format, ...)
{
    char text[FRONT_MESSAGE];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    front_push_where(L);
    lua_pushfstring(L, "%s: %s", lua_tostring(L, -1), text);
    return lua_error(L);
}

/* ---- values ---- */

static void push_labelled(lua_State *L, Ref r, const char *label)
{
    LuaNode *n = lua_newuserdata(L, sizeof *n);
    n->ref = r;
    n->label = label;
    luaL_getmetatable(L, NODE);
    lua_setmetatable(L, -2);
}

void front_push_node(lua_State *L, Ref r)
{
    Graph *g = front_of(L)->graph;
    if (!r) {
        const char *sentence = g->error ? g->error : "the operation does not fit";
        g->error = NULL;
        front_fail(L, "%s", sentence);
    }
    push_labelled(L, r, NULL);
}

static LuaNode *to_node(lua_State *L, int index)
{
    void *p = lua_touserdata(L, index);
    if (!p || lua_islightuserdata(L, index) || !lua_getmetatable(L, index))
        return NULL;
    luaL_getmetatable(L, NODE);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? p : NULL;
}

LuaNode *front_node(lua_State *L, int index)
{
    LuaNode *n = to_node(L, index);
    if (!n)
        front_fail(L, "internal: argument %d is a %s, not a node", index, luaL_typename(L, index));
    return n;
}

Shape front_shape(lua_State *L, int index)
{
    Shape s = { 0 };
    luaL_checktype(L, index, LUA_TTABLE);
    size_t rank = compat_len(L, index);
    if (rank > TL_SPEC_RANK)
        front_fail(L, "a shape has at most %d dimensions, not %zu", TL_SPEC_RANK, rank);
    for (s.rank = 0; s.rank < (int32_t)rank; s.rank++) {
        lua_rawgeti(L, index, s.rank + 1);
        lua_Number d = lua_tonumber(L, -1);
        if (!(d >= 1 && d <= INT32_MAX))
            front_fail(L, "a dimension is %.14g; it must be a whole number >= 1", d);
        s.dim[s.rank] = (int32_t)d;
        lua_pop(L, 1);
    }
    return s;
}

void front_push_shape(lua_State *L, const Shape *s)
{
    lua_createtable(L, s->rank, 0);
    for (int32_t i = 0; i < s->rank; i++) {
        lua_pushinteger(L, s->dim[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

/* ---- core ---- */

static int core_is_node(lua_State *L)
{
    lua_pushboolean(L, to_node(L, 1) != NULL);
    return 1;
}

static int core_same(lua_State *L)
{
    lua_pushboolean(L, front_node(L, 1)->ref == front_node(L, 2)->ref);
    return 1;
}

static const Node *node_of(lua_State *L, int index)
{
    return node_at(front_of(L)->graph, front_node(L, index)->ref);
}

static int core_shape(lua_State *L)
{
    front_push_shape(L, &node_of(L, 1)->shape);
    return 1;
}

static int core_batched(lua_State *L)
{
    lua_pushboolean(L, node_of(L, 1)->batched);
    return 1;
}

/* The number of values a token takes, or nil. Tokens are inputs and targets, and never computed. */
static int core_vocab(lua_State *L)
{
    const Node *n = node_of(L, 1);
    const Model *m = front_of(L)->model;
    if (!n->token)
        return 0;
    lua_pushinteger(L, (n->op == OP_INPUT ? m->inputs : m->targets)[n->attr[0]].vocab);
    return 1;
}

static int core_name(lua_State *L)
{
    const LuaNode *n = front_node(L, 1);
    const Front *f = front_of(L);
    lua_pushstring(L, n->label ? n->label : model_node_name(f->model, f->graph, n->ref));
    return 1;
}

/* The same node under the name that the spec knows it by: "W(x)" for what is a reshaped matmul. */
static int core_label(lua_State *L)
{
    const char *label = arena_strdup(front_of(L)->arena, luaL_checkstring(L, 2));
    push_labelled(L, front_node(L, 1)->ref, label);
    return 1;
}

static int core_where(lua_State *L)
{
    front_push_where(L);
    return 1;
}

/* "models/x.lua:14", where the function was defined. */
static int core_defined(lua_State *L)
{
    lua_Debug ar;
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_getinfo(L, ">S", &ar);
    if (ar.source[0] == '@')
        lua_pushfstring(L, "%s:%d", ar.source + 1, ar.linedefined);
    else
        front_push_where(L);
    return 1;
}

/* Whether the function is being called, however deep below. */
static int core_running(lua_State *L)
{
    lua_Debug ar;
    bool found = false;
    lua_settop(L, 1);
    for (int level = 0; !found && lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "f", &ar);
        found = lua_rawequal(L, -1, 1);
        lua_pop(L, 1);
    }
    lua_pushboolean(L, found);
    return 1;
}

static int core_node_metatable(lua_State *L)
{
    luaL_getmetatable(L, NODE);
    return 1;
}

void front_open_nodes(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "is_node", core_is_node }, { "same", core_same },       { "shape", core_shape },
        { "batched", core_batched }, { "vocab", core_vocab },     { "name", core_name },
        { "label", core_label },     { "where", core_where },     { "defined", core_defined },
        { "running", core_running },
        { "node_metatable", core_node_metatable }, { NULL, NULL }
    };
    luaL_newmetatable(L, NODE);
    lua_pop(L, 1);
    compat_set_functions(L, functions);
}
