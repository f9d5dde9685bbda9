#!/bin/sh
# docs/tapeless.lua is what the table of the language says, and Lua can read it.
. tests/cli/common.sh
luajit scripts/definitions.lua >"$tmp/tapeless.lua" || fail "scripts/definitions.lua"
cmp "$tmp/tapeless.lua" docs/tapeless.lua ||
    fail "luajit scripts/definitions.lua > docs/tapeless.lua, and look at what the difference does to users"
luajit -bl docs/tapeless.lua >"$tmp/listing" || fail "it is not Lua"
