/* front.h - the evaluation of one spec: what the parts of the Lua binding share.
 *
 *     spec.c       the child process: evaluates, sends the model's text
 *     lua_env.c    the Lua state, files, require, print
 *     lua_budget.c how many instructions a spec may run
 *     lua_error.c  errors as sentences
 *     lua_node.c   nodes as Lua values, where they were made, what they are called
 *     lua_ops.c    the graph's constructors for the prelude
 *     lua_model.c  the model's tables for the prelude
 *     lua/         the prelude: the language itself, in Lua
 *
 * The functions that C gives to the prelude are fields of one table, called `core` there. They
 * check just enough to be safe; what users can get wrong is checked, and worded, in the prelude. */
#ifndef FRONT_H
#define FRONT_H

#include <stdio.h>
#include <xxhash.h>

#include "front/lua_compat.h"
#include "front/spec.h"
#include "graph/model.h"

enum {
    FRONT_NODES = 1 << 18,         /* operations in a step */
    FRONT_FILE_BYTES = 1 << 20,    /* a spec's text */
    FRONT_FILES = 256,             /* a spec and what it requires */
    FRONT_PRINT_BYTES = 64 * 1024, /* what print writes in all */
    FRONT_LUA_BYTES = 256 << 20,   /* what Lua may allocate */
    FRONT_INSTRUCTIONS = 200000000, /* what Lua may run */
    FRONT_MESSAGE = 1000           /* bytes of an error */
};

#define FRONT_NO_MEMORY                                                                            \
    "there is not enough memory to evaluate the spec; is there a limit (ulimit -v)?"

/* What the child sends: any number of printed lines, each behind FRONT_SENT_PRINT; then a sentence, or the paths of
 * what was read, a line each behind FRONT_SENT_FILE, and the model's hash and text. */
enum {
    FRONT_SENT_PRINT = 'P',
    FRONT_SENT_FILE = 'F',
    FRONT_SENT_MODEL = 'M',
    FRONT_SENT_ERROR = 'E',
    FRONT_HASH_DIGITS = 16
};

typedef struct Front {
    Arena *arena;
    FILE *out;        /* to the parent */
    lua_State *L;
    size_t lua_bytes; /* allocated now */
    int64_t instructions; /* run so far, to the step of lua_budget.c */
    bool starved;     /* the system gave less than FRONT_LUA_BYTES */
    Model *model;
    Graph *graph;     /* == model->step */
    const SpecOptions *options;
    const char *path; /* of the spec, as given */
    const char *files[FRONT_FILES];
    int nfiles;
    size_t printed;
    int32_t streams;  /* of dropmask, so far */
    int probes_capacity;
    Ref *logits;      /* what bce took as such */
    int32_t nlogits;
    Ref *levelled;    /* what quantile took as such, and the number of the table of its levels */
    int32_t *levels, nlevelled;
    XXH64_state_t *hash;
} Front;

/* A node as a Lua value. */
typedef struct LuaNode {
    Ref ref;
    const char *label; /* what messages call it, where that is not the node's own name; or NULL */
} LuaNode;

Front *front_of(lua_State *);

/* lua_env.c */
lua_State *front_new_state(Front *);           /* NULL without memory */
bool front_evaluate(Front *, char *message, size_t size);

/* lua_budget.c */
void front_limit_instructions(lua_State *);   /* beyond FRONT_INSTRUCTIONS the child ends with a sentence */
void front_charge(lua_State *, int64_t instructions); /* counts as so many */

/* lua_error.c */
int front_on_error(lua_State *);               /* message handler */
void front_describe_failure(Front *, int status, char *message, size_t size); /* after lua_pcall */

/* lua_node.c */
bool front_where(lua_State *, const char **file, int *line); /* nearest frame of a user's file */
void front_here(lua_State *);                  /* nodes made from now on come from that frame */
void front_push_where(lua_State *);            /* "models/x.lua:14", or the spec's path */
int front_fail(lua_State *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void front_push_node(lua_State *, Ref);        /* raises graph->error where the reference is 0 */
LuaNode *front_node(lua_State *, int index);   /* raises an error of ours if it is not one */
Shape front_shape(lua_State *, int index);     /* from a list of integers */
void front_push_shape(lua_State *, const Shape *);

/* Each adds its functions to the table on top of the stack. */
void front_open_nodes(lua_State *);
void front_open_ops(lua_State *);
void front_open_model(lua_State *);
void front_open_env(lua_State *);

#endif
