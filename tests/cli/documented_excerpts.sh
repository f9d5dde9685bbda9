# What docs/generated-code.md shows of generated/NAME.c stands there.
. tests/cli/common.sh
. tests/cli/common_excerpt.sh

awk -v dir="$tmp" '/^```c [a-z_]+\.c$/ { out = dir "/" ++n "." substr($0, 6); next } /^```/ { out = "" } out != "" { print > out }' \
    docs/generated-code.md
seen=0
for block in "$tmp"/*.c; do
    seen=$((seen + 1))
    name=${block##*/}
    excerpt "generated/${name#*.}" "$block" || fail "the page shows something else of ${name#*.}"
done
[ $seen -ge 3 ] || fail "only $seen excerpts are shown"
finish
