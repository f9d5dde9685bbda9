#!/bin/sh
# run_bad.sh TAPELESS DIR - every spec in DIR is wrong and must be refused in the right words.
#
# A spec's first line says what `tapeless compile` prints on stderr, a line by itself:
#     -- expect: tests/bad/NAME.lua:14: W(x): ...     all of it
#     -- expect-match: did not finish                 a part of it, letter by letter
# and an optional second line what stands on the command line as well:
#     -- args: -D hidden=3
# The exit status must be 2, and nothing may be written. Run from the root of the repository: messages
# have the path that was given. As many specs as there are processors run at a time; nothing measures
# seconds, since what ends a spec is its own work (CTest's timeout ends a spec that nothing ends).
set -u
if [ $# -ne 2 ]; then
    echo "usage: $0 TAPELESS DIR" >&2
    exit 2
fi
tapeless=$1

complain() {
    failed=1
    printf 'FAILED %s: %s\n' "$spec" "$1"
}

check() { # SPEC, with $out a directory of its own
    spec=$1
    failed=0
    args=$(sed -n '2s/^-- args: //p' "$spec")
    # $args is several words
    # shellcheck disable=SC2086
    "$tapeless" compile "$spec" -o "$out/c" $args >"$out/stdout" 2>"$out/stderr"
    status=$?
    [ $status -eq 2 ] || complain "exit status $status, not 2"
    [ -s "$out/stdout" ] && complain "something on stdout: $(head -c 200 "$out/stdout")"
    [ -e "$out/c" ] && complain "something was written"
    if expected=$(sed -n '1s/^-- expect: //p' "$spec") && [ -n "$expected" ]; then
        [ "$(cat "$out/stderr")" = "$expected" ] ||
            complain "$(printf '\n  expected %s\n  got      %s' "$expected" "$(head -c 1500 "$out/stderr")")"
    elif part=$(sed -n '1s/^-- expect-match: //p' "$spec") && [ -n "$part" ]; then
        # What the spec prints comes first; the message is the last line.
        got=$(tail -n 1 "$out/stderr")
        case $got in
        *"$part"*) ;;
        *) complain "$(printf '\n  expected ...%s...\n  got      %s' "$part" "$got")" ;;
        esac
    else
        complain "its first line must be '-- expect: MESSAGE' or '-- expect-match: PART'"
    fi
    return $failed
}

# One spec, for xargs below.
if [ -f "$2" ]; then
    out=$(mktemp -d) || exit 2
    trap 'rm -rf "$out"' EXIT
    check "$2"
    exit
fi

dir=${2%/}
set -- "$dir"/*.lua
if [ ! -f "$1" ]; then
    echo "FAILED: no specs in $dir"
    exit 1
fi
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" sh "$0" "$tapeless"
status=$?
echo "$# specs$([ $status = 0 ] || echo ', some failed')"
[ $status = 0 ]
