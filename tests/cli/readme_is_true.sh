# The README's spec is the model that it names, compiles, and becomes the C that is shown.
. tests/cli/common.sh
. tests/cli/common_excerpt.sh
awk -v dir="$tmp" '/^```(lua|c)$/ { out = dir "/" substr($0, 4); next } /^```/ { out = "" } out != "" { print > out }' README.md

cmp -s "$tmp/lua" models/elman.lua || fail "the spec in the README is not models/elman.lua"
"$TAPELESS" compile models/elman.lua -o "$tmp/out" || fail "the spec does not compile"
excerpt "$tmp/out/elman.c" "$tmp/c" || fail "the C in the README is not what models/elman.lua becomes"

# What it links to is there.
for file in $(grep -o '](\([^)]*\))' README.md docs/*.md | sed 's/\(.*\):](\(.*\))/\1 \2/; s/ /:/'); do
    from=${file%%:*}
    to=${file#*:}
    [ -e "$(dirname "$from")/$to" ] || fail "$from links to $to, which is not there"
done
finish
