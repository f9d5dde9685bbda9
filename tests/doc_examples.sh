#!/bin/sh
# doc_examples.sh TAPELESS FILE.md... - compiles the Lua that stands in the documentation.
#
# What follows the word lua after the three backquotes says how a block is run:
#     (nothing)   it is a whole spec
#     step        it is part of a step, see step_model below, which docs/language.md describes
#     token       likewise, and the input is a token
#     file NAME   it is a file that later blocks require
#     part        it is not run: a piece of a table
# A line `-- error: TEXT` in a block says that it must be refused, with TEXT in the message.
set -u
if [ $# -lt 2 ]; then
    echo "usage: $0 TAPELESS FILE.md..." >&2
    exit 2
fi
case $1 in
/*) tapeless=$1 ;;
*) tapeless=$PWD/$1 ;;
esac
shift
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

step_model() { # FILE INPUT
    cat <<LUA
return model {
  input  = $2,
  params = { W = { 8, 4 }, U = { 8, 8 }, M = { 6, 8 }, E = { 10, 8 }, b = { 8 }, g = param({ 8 }, ones),
             K = { 3, 1, 3 }, F = { 2, 1, 3, 3 } },
  state  = { h = { 8 }, c = { 8 } },
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = 1, k2 = 4 },
  step   = function(p, x, s)
    do
LUA
    cat "$1"
    cat <<'LUA'
    end
    return s.h, { h = s.h, c = s.c }
  end,
}
LUA
}

check() { # FILE PLACE
    count=$((count + 1))
    timeout -s KILL 300 "$tapeless" compile "$1" -o "$dir/out" >"$dir/stdout" 2>"$dir/stderr"
    status=$?
    error=$(sed -n 's/^ *-- error: //p' "$1")
    if [ -n "$error" ]; then
        if [ $status -eq 2 ] && grep -qF -- "$error" "$dir/stderr"; then return; fi
    elif [ $status -eq 0 ]; then
        return
    fi
    failed=$((failed + 1))
    echo "FAILED $2 (status $status): $(cat "$dir/stderr")"
    [ -n "$error" ] && echo "  expected: $error"
}

for file in "$@"; do
    awk -v dir="$dir" '
        /^```lua/ { n++; out = sprintf("%s/block%03d", dir, n); kind = $0; sub(/^```lua */, "", kind)
                    printf "%s:%d\n%s\n", FILENAME, NR, kind > (out ".kind"); close(out ".kind")
                    printf "" > out; next }
        /^```/    { if (out != "") close(out); out = ""; next }
        out != "" { print > out }' "$file"
    for block in "$dir"/block???; do
        [ -f "$block" ] || continue
        place=$(sed -n 1p "$block.kind")
        kind=$(sed -n 2p "$block.kind")
        case $kind in
        '') mv "$block" "$dir/spec.lua" && check "$dir/spec.lua" "$place" ;;
        step) step_model "$block" 'real(4)' >"$dir/spec.lua" && check "$dir/spec.lua" "$place" ;;
        token) step_model "$block" 'token(10)' >"$dir/spec.lua" && check "$dir/spec.lua" "$place" ;;
        'file '*) mv "$block" "$dir/${kind#file }" ;;
        part) ;;
        *) failed=$((failed + 1)) && echo "FAILED $place: a block of the kind lua $kind" ;;
        esac
    done
    rm -f "$dir"/block*
done

if [ $count -eq 0 ]; then
    echo "FAILED: no examples in $*"
    exit 1
fi
echo "$count examples, $failed failures"
[ $failed -eq 0 ]
