# The program in docs/online.md compiles without a warning against the code generated from the spec
# that stands there, and prints what the page says; it links nothing of the trainer.
. tests/cli/common.sh
page=docs/online.md

block() { # LANGUAGE: the first such block of the page
    awk -v fence="\`\`\`$1" '$0 == fence && !done { inside = done = 1; next } /^```/ { inside = 0 } inside' $page
}

block lua >"$tmp/sensor.lua"
block c >"$tmp/stream.c"
[ -s "$tmp/sensor.lua" ] && [ -s "$tmp/stream.c" ] || fail "the page has no program"
"$TAPELESS" compile "$tmp/sensor.lua" -o "$tmp/out" || fail "the spec does not compile"
# shellcheck disable=SC2046
gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 "-I$tmp/out" -Iruntime $(pkg-config --cflags openblas) \
    "$tmp/stream.c" "$tmp/out/sensor.c" "$BUILD/libtapeless.a" -o "$tmp/stream" -lopenblas -lxxhash -lm ||
    fail "the program does not compile"
"$tmp/stream" >"$tmp/printed" || fail "the program fails"
sed -n 's/^    \( *[0-9]* samples, mean.*\)/\1/p; s/^    \(frozen after.*\)/\1/p' $page >"$tmp/promised"

# Digits may differ in the last places from one processor to the other.
paste -d' ' "$tmp/printed" "$tmp/promised" | tr -d , | awk '{
    half = NF / 2
    for (i = 1; i <= half; i++) {
        a = $i; b = $(i + half)
        if (a != b && !(a + 0 == a && (a - b) ^ 2 < (6e-5 + 0.02 * b) ^ 2)) exit 1
    }
    lines++ } END { exit lines != 5 }' || { fail "it prints something else:"; cat "$tmp/printed"; }
grep -q 'reach' "$tmp/promised" || fail "the page shows nothing of a probe"
finish
