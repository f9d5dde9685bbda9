# CC may be several words, quoted, many, a path with blanks; empty is unset. What is no compiler is a sentence.
. tests/cli/common.sh
small="models/scalar.lua"
mkdir "$tmp/my tools"
# Says how it was called, and is gcc.
cat >"$tmp/my tools/wrapper" <<END
#!/bin/sh
for word in "\$@"; do printf '[%s]' "\$word"; done >>"$tmp/called"
echo >>"$tmp/called"
while [ "\$1" = -mine ] || [ "\$1" = "two words" ]; do shift; done
exec gcc "\$@"
END
chmod +x "$tmp/my tools/wrapper"

works() { # WHAT CC [WORDS-THAT-IT-WAS-CALLED-WITH]
    rm -rf "$tmp/called" "$tmp/out"
    CC=$2 "$TAPELESS" build $small -o "$tmp/out" 2>"$tmp/said" || fail "$1: $(cat "$tmp/said")"
    [ -x "$tmp/out/scalar" ] || fail "$1: nothing was built"
    [ -z "${3:-}" ] || grep -qF "$3" "$tmp/called" || fail "$1: it was called with $(cat "$tmp/called")"
    CC=$2 TAPELESS_CACHE=$tmp/cache "$TAPELESS" info $small >/dev/null 2>"$tmp/said" || fail "$1, cached: $(cat "$tmp/said")"
}
works "arguments" "gcc -m64 -fno-strict-aliasing"
works "single quotes" "'$tmp/my tools/wrapper' -mine" "[-mine][-std=c99]"
works "double quotes" "\"$tmp/my tools/wrapper\" 'two words' -mine" "[two words][-mine][-std=c99]"
works "a backslash" "$tmp/my\\ tools/wrapper -mine" "[-mine][-std=c99]"
works "a path with blanks and no quotes" "$tmp/my tools/wrapper" "[-std=c99]"
works "more than eight words" "'$tmp/my tools/wrapper' -mine -mine -mine -mine -mine -mine -mine -mine -mine -DA -DB" \
    "[-mine][-DA][-DB][-std=c99]"
many=
for i in 1 2 3 4 5 6 7 8 9; do many="$many -D_A$i -D_B$i -D_C$i -D_D$i -D_E$i -D_F$i -D_G$i"; done
works "more than sixty" "'$tmp/my tools/wrapper' $many" "[-D_G9][-std=c99]"
works "empty" ""
works "blank" "   "
works "clang" "clang"

refused() { # WHAT CC SENTENCE
    for command in "build $small -o $tmp/none" "info $small"; do
        status=0
        # shellcheck disable=SC2086
        CC=$2 TAPELESS_CACHE=$tmp/cache "$TAPELESS" $command >/dev/null 2>"$tmp/said" || status=$?
        [ $status = 2 ] || fail "$1: exit $status"
        grep -q "$3" "$tmp/said" || fail "$1: $(cat "$tmp/said")"
    done
    [ -z "$(find "$tmp" -name '.tapeless-*')" ] || fail "$1: left behind: $(find "$tmp" -name '.tapeless-*')"
}
refused "nonexistent" "no-such-compiler -O2" "CC=no-such-compiler -O2: there is no program no-such-compiler; set CC to"
refused "no such path" "/no/such/gcc" "there is no program /no/such/gcc"
refused "a directory" "$tmp" "there is no program $tmp"
refused "an open quote" "'gcc" "CC='gcc: a quote is not closed"
refused "no compiler" "false" "false"
refused "an option that is none" "gcc --no-such-option" "gcc"
refused "ended by a signal" "sh -c 'kill -9 \$\$'" "sh"
finish
