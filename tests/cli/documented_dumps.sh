# What docs/inside.md shows of a small model after each pass is what compile -d prints.
. tests/cli/common.sh
. tests/cli/common_excerpt.sh

awk -v dir="$tmp" '/^```(lua|dump )/ { out = $0; sub(/^```/, "", out); sub(/ /, ".", out); out = dir "/" out; next }
    /^```/ { out = "" } out != "" { print > out }' docs/inside.md
mv "$tmp/lua" "$tmp/tiny.lua" || fail "there is no spec"
seen=0
for block in "$tmp"/dump.*; do
    pass=${block##*/dump.}
    seen=$((seen + 1))
    "$TAPELESS" compile "$tmp/tiny.lua" -d "$pass" >"$tmp/printed" || fail "compile -d $pass"
    excerpt "$tmp/printed" "$block" || fail "the page shows something else after $pass"
done
[ "$seen" -ge 5 ] || fail "only $seen passes are shown"
finish
