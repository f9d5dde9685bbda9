# The program in docs/generated-code.md compiles without a warning against the code generated from
# the spec that stands there, and prints what the page says.
. tests/cli/common.sh
page=docs/generated-code.md

block() { # LANGUAGE: the first such block of the page
    awk -v fence="\`\`\`$1" '$0 == fence && !done { inside = done = 1; next } /^```/ { inside = 0 } inside' $page
}

block lua >"$tmp/sensor.lua"
block c >"$tmp/online.c"
[ -s "$tmp/sensor.lua" ] && [ -s "$tmp/online.c" ] || fail "the page has no program"
"$TAPELESS" compile "$tmp/sensor.lua" -o "$tmp/out" || fail "the spec does not compile"
# shellcheck disable=SC2046
gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -O2 "-I$tmp/out" -Iruntime $(pkg-config --cflags openblas) \
    "$tmp/online.c" "$tmp/out/sensor.c" -o "$tmp/online" -lopenblas -lm || fail "the program does not compile"
"$tmp/online" >"$tmp/printed" || fail "the program fails"
sed -n 's/^    \(mean squared error.*\)/\1/p; s/^    \(sensor: .*\)/\1/p' $page >"$tmp/promised"

# Digits may differ in the last place from one processor to the other.
paste -d' ' "$tmp/printed" "$tmp/promised" | awk '{
    half = NF / 2
    for (i = 1; i <= half; i++) {
        a = $i; b = $(i + half)
        if (a != b && !(a + 0 == a && (a - b) ^ 2 < 4e-6)) exit 1
    }
    lines++ } END { exit lines != 2 }' || { fail "it prints something else:"; cat "$tmp/printed"; }
finish
