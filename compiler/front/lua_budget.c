/* lua_budget.c - how much Lua a spec may run, in instructions of the virtual machine.
 *
 * Processor time says as much about the machine as about the spec, so it only bounds what is no
 * instruction: work inside of one call of C, such as a pattern that backtracks for ever. What C does for
 * the prelude is charged as the instructions that would take as long. An error could be caught
 * (`while true do pcall(f) end`): the child says what happened and ends. */
#include <stdio.h>
#include <unistd.h>

#include "front/front.h"

enum { STEP = 1 << 20 }; /* instructions between two looks */

static void out_of_budget(const Front *f, const char *file, int line)
{
    fprintf(f->out, "%c%s:%d: the spec did not finish within %d million instructions of Lua; a spec only "
            "describes one step, so look for an endless loop", FRONT_SENT_ERROR, file, line,
            FRONT_INSTRUCTIONS / 1000000);
    fflush(f->out);
    _exit(0);
}

void front_charge(lua_State *L, int64_t instructions)
{
    Front *f = front_of(L);
    const char *file = f->path;
    int line = 0;
    f->instructions += instructions;
    if (f->instructions < FRONT_INSTRUCTIONS)
        return;
    front_where(L, &file, &line);
    out_of_budget(f, file, line);
}

static void on_count(lua_State *L, lua_Debug *unused)
{
    (void)unused;
    front_charge(L, STEP);
}

void front_limit_instructions(lua_State *L) { lua_sethook(L, on_count, LUA_MASKCOUNT, STEP); }
