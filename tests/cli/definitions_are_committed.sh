# docs/tapeless.lua is what the table of the language says, and Lua can read it; docs/language.md shows every
# function as the table has it.
. tests/cli/common.sh
luajit scripts/definitions.lua >"$tmp/tapeless.lua" || fail "scripts/definitions.lua"
cmp "$tmp/tapeless.lua" docs/tapeless.lua ||
    fail "docs/tapeless.lua is not what the table says: luajit scripts/definitions.lua > docs/tapeless.lua"
luajit -bl docs/tapeless.lua >"$tmp/listing" || fail "it is not Lua"
luajit tests/tools/usages.lua >"$tmp/usages" || fail "no usages"
[ "$(wc -l <"$tmp/usages")" -gt 90 ] || fail "only $(wc -l <"$tmp/usages") usages"
while read -r usage; do
    grep -qF -- "$usage" docs/language.md || fail "docs/language.md does not show $usage"
done <"$tmp/usages"
finish
