# `tapeless.d.lua`, as `init` writes it, is Lua, and has every name of the language: globals, operations, modules of nn, losses,
# optimizers, schedules, each with its arguments and every option; and nothing that the language does not have.
. tests/cli/common.sh
"$TAPELESS" init "$tmp/made" >"$tmp/out" 2>&1 || fail "init: $(cat "$tmp/out")"
definitions=$tmp/made/tapeless.d.lua
luajit tests/tools/editor_names.lua "$definitions" "$tmp/spec.lua" || fail "names"
# Every name of the definitions is one of the language: a spec that reads each of them compiles.
"$TAPELESS" compile "$tmp/spec.lua" -o "$tmp/c" || fail "the language does not have all of it"

# A name, an argument, an option, a module that is not there is seen, and so is one that is too much.
missing() { # WHAT sed SCRIPT
    sed "$2" "$definitions" >"$tmp/wrong.lua"
    ! cmp -s "$definitions" "$tmp/wrong.lua" || fail "$1: nothing was taken away"
    ! luajit tests/tools/editor_names.lua "$tmp/wrong.lua" "$tmp/spec.lua" 2>"$tmp/said" || fail "$1 is missing, and it was not seen"
}
missing "a global" '/^function gelu(/d'
missing "a value" '/^orthogonal = nil/d'
missing "an argument" 's/^function clamp(x, low, high)/function clamp(x, low)/'
missing "an option" '/^---@field patience/d'
missing "a module" '/^function nn.gru(/d'
missing "a schedule" '/^function cosine(/d'
missing "less" '$a function nn.transformer() end'
finish
