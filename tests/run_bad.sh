#!/bin/sh
# run_bad.sh TAPELESS DIR - every spec in DIR is wrong and must be refused in the right words.
#
# A spec's first line says what `tapeless compile` prints on stderr, a line by itself:
#     -- expect: tests/bad/NAME.lua:14: W(x): ...     all of it
#     -- expect-match: did not finish                 a part of it, letter by letter
# and an optional second line what stands on the command line as well:
#     -- args: -D hidden=3
# The exit status must be 2, within 10 seconds, and nothing may be written. Run from the root of
# the repository: messages have the path that was given.
set -u
if [ $# -ne 2 ]; then
    echo "usage: $0 TAPELESS DIR" >&2
    exit 2
fi
tapeless=$1
dir=${2%/}
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
count=0
failed=0

complain() {
    failed=$((failed + 1))
    printf 'FAILED %s: %s\n' "$1" "$2"
}

for spec in "$dir"/*.lua; do
    [ -f "$spec" ] || continue
    count=$((count + 1))
    args=$(sed -n '2s/^-- args: //p' "$spec")
    # $args is several words
    # shellcheck disable=SC2086
    timeout -s KILL 10 "$tapeless" compile "$spec" -o "$out/c" $args >"$out/stdout" 2>"$out/stderr"
    status=$?
    [ $status -eq 2 ] || complain "$spec" "exit status $status, not 2 (137: it took more than 10 seconds)"
    [ -s "$out/stdout" ] && complain "$spec" "something on stdout: $(head -c 200 "$out/stdout")"
    [ -e "$out/c" ] && complain "$spec" "something was written" && rm -rf "$out/c"
    # What the spec prints comes first; the message is the last line.
    got=$(tail -n 1 "$out/stderr")
    if expected=$(sed -n '1s/^-- expect: //p' "$spec") && [ -n "$expected" ]; then
        [ "$(cat "$out/stderr")" = "$expected" ] ||
            complain "$spec" "$(printf '\n  expected %s\n  got      %s' "$expected" "$(head -c 1500 "$out/stderr")")"
    elif part=$(sed -n '1s/^-- expect-match: //p' "$spec") && [ -n "$part" ]; then
        case $got in
        *"$part"*) ;;
        *) complain "$spec" "$(printf '\n  expected ...%s...\n  got      %s' "$part" "$got")" ;;
        esac
    else
        complain "$spec" "its first line must be '-- expect: MESSAGE' or '-- expect-match: PART'"
    fi
done

if [ $count -eq 0 ]; then
    echo "FAILED: no specs in $dir"
    exit 1
fi
echo "$((count)) specs, $failed failures"
[ $failed -eq 0 ]
