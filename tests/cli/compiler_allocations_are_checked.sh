# What the compiler allocates goes through checked.h: no pass meets a NULL, and nothing is cut short.
. tests/cli/common.sh
grep -nE '\b(malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf|open_memstream|tl_memory_open|json_dumpf)\(' \
    compiler/*.c compiler/*/*.c | grep -vE 'compiler/graph/checked\.c|checked(_print)?\((re|c|m)?(alloc|str|asp|vasp|reallocarray|tl_memory_open)' >"$tmp/unchecked" || true
# The allocator that Lua asks and the text that the child sends pass the failure on.
grep -vE 'compiler/front/(lua_env|sandbox)\.c:.* = realloc\(' "$tmp/unchecked" >"$tmp/wrong" || true
[ ! -s "$tmp/wrong" ] || fail "unchecked: $(cat "$tmp/wrong")"
[ "$(wc -l <"$tmp/unchecked")" = 2 ] || fail "not two that pass a failure on: $(cat "$tmp/unchecked")"
finish
