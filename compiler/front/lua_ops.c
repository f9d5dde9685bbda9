/* lua_ops.c - the graph's constructors, as the prelude calls them. Dimensions and indices count
 * from 1 in Lua and from 0 in the graph. */
#include <stdlib.h>
#include <string.h>

#include "front/front.h"
#include "graph/checked.h"

static int push(lua_State *L, Ref r)
{
    front_push_node(L, r);
    return 1;
}

static Graph *graph(lua_State *L)
{
    front_here(L);
    return front_of(L)->graph;
}

static Ref ref(lua_State *L, int index) { return front_node(L, index)->ref; }
static int32_t from_1(lua_State *L, int index) { return (int32_t)luaL_checknumber(L, index) - 1; }

static tl_op op_by_word(lua_State *L, int index)
{
    const char *word = luaL_checkstring(L, index);
    for (int i = 0; i < TL_OP_COUNT; i++)
        if (!strcmp(tl_op_table[i].word, word))
            return (tl_op)i;
    front_fail(L, "internal: no operation is called %s", word);
    return TL_OP_COUNT;
}

static int core_constant(lua_State *L)
{
    return push(L, graph_const(graph(L), luaL_checknumber(L, 1), front_shape(L, 2)));
}

/* The list of numbers at `index`; the caller frees. */
static double *numbers(lua_State *L, int index, size_t *n)
{
    luaL_checktype(L, index, LUA_TTABLE);
    *n = compat_len(L, index);
    double *v = checked(malloc((*n + 1) * sizeof *v));
    for (size_t i = 0; i < *n; i++) {
        lua_rawgeti(L, index, (int)i + 1);
        v[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    return v;
}

/* (list of numbers, shape), finite and as many as the shape says */
static int core_numbers(lua_State *L)
{
    size_t n;
    Shape s = front_shape(L, 2);
    double *v = numbers(L, 1, &n);
    Ref r = graph_numbers(graph(L), v, s);
    free(v);
    return push(L, r);
}

/* (list of numbers) -> the number of the table that holds them */
static int core_table(lua_State *L)
{
    size_t n;
    double *v = numbers(L, 1, &n);
    int32_t index = tables_add(front_of(L)->graph->tables, v, n);
    free(v);
    if (index < 0)
        return front_fail(L, "a model has at most %d tables of numbers, with %d numbers in all; what is larger can be "
                          "read from a file, train --start", MOST_TABLES, MOST_NUMBERS);
    lua_pushinteger(L, index);
    return 1;
}

static int core_unary(lua_State *L)
{
    return push(L, graph_op1(graph(L), op_by_word(L, 1), ref(L, 2)));
}

static int core_binary(lua_State *L)
{
    return push(L, graph_op2(graph(L), op_by_word(L, 1), ref(L, 2), ref(L, 3)));
}

static int core_where3(lua_State *L)
{
    return push(L, graph_where(graph(L), ref(L, 1), ref(L, 2), ref(L, 3)));
}

static int core_power(lua_State *L)
{
    return push(L, graph_powc(graph(L), ref(L, 1), luaL_checknumber(L, 2)));
}

static int core_clamp(lua_State *L)
{
    double low = luaL_checknumber(L, 2), high = luaL_checknumber(L, 3);
    return push(L, graph_clamp(graph(L), ref(L, 1), low, high));
}

static int core_reshape(lua_State *L)
{
    return push(L, graph_reshape(graph(L), ref(L, 1), front_shape(L, 2)));
}

/* (x, dim, from, to), inclusive */
static int core_slice(lua_State *L)
{
    int32_t from = from_1(L, 3);
    return push(L, graph_slice(graph(L), ref(L, 1), from_1(L, 2), from, from_1(L, 4) - from + 1));
}

/* (list, dim) */
static int core_concat(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t n = compat_len(L, 1);
    Ref *parts = arena_array(front_of(L)->arena, Ref, n);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 1, (int)i + 1);
        parts[i] = ref(L, lua_gettop(L));
        lua_pop(L, 1);
    }
    return push(L, graph_concat(graph(L), parts, (uint32_t)n, from_1(L, 2)));
}

static int core_sum(lua_State *L)
{
    return push(L, graph_sum(graph(L), ref(L, 1), front_shape(L, 2), false));
}

/* (word, x, dim) */
static int core_softmax(lua_State *L)
{
    return push(L, graph_softmax(graph(L), op_by_word(L, 1), ref(L, 2), from_1(L, 3)));
}

/* (a, b, a transposed, b transposed), both matrices */
static int core_matmul(lua_State *L)
{
    bool ta = lua_toboolean(L, 3), tb = lua_toboolean(L, 4);
    return push(L, graph_matmul(graph(L), ref(L, 1), ref(L, 2), ta, tb, false));
}

/* The attributes of a window: height, width, steps, padding. */
static const int32_t *window(lua_State *L, int index, int32_t *attr)
{
    for (int i = 0; i < TL_ATTRS; i++)
        attr[i] = (int32_t)luaL_checknumber(L, index + i);
    return attr;
}

static int core_patches(lua_State *L)
{
    int32_t attr[TL_ATTRS];
    return push(L, graph_patches(graph(L), ref(L, 1), window(L, 2, attr)));
}

static int core_max_pool(lua_State *L)
{
    int32_t attr[TL_ATTRS];
    return push(L, graph_max_pool(graph(L), ref(L, 1), window(L, 2, attr)));
}

/* (p, shape) */
static int core_dropmask(lua_State *L)
{
    int32_t stream = front_of(L)->streams++;
    return push(L, graph_dropmask(graph(L), luaL_checknumber(L, 1), stream, front_shape(L, 2), 0));
}

void front_open_ops(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "constant", core_constant }, { "numbers", core_numbers }, { "table", core_table },
        { "unary", core_unary },       { "binary", core_binary },
        { "where3", core_where3 },     { "power", core_power },   { "clamp", core_clamp },
        { "reshape", core_reshape },   { "slice", core_slice },
        { "concat", core_concat },     { "sum", core_sum },       { "softmax", core_softmax },
        { "matmul", core_matmul },     { "dropmask", core_dropmask },
        { "patches", core_patches },   { "max_pool", core_max_pool }, { NULL, NULL }
    };
    compat_set_functions(L, functions);
}
