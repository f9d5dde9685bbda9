# The program in docs/jacobians.md compiles without a warning against the code that the command there writes, and prints
# what the page says, forward and in reverse; truncated to two steps it prints that.
. tests/cli/common.sh
page=docs/jacobians.md
awk '$0 == "```c" { inside = 1; next } /^```/ { inside = 0 } inside' $page >"$tmp/main.c"
[ -s "$tmp/main.c" ] || fail "the page has no program"
sed -n 's/^    \(t = [0-9]: y = .*\)/\1/p' $page >"$tmp/promised"
[ "$(wc -l <"$tmp/promised")" = 3 ] || fail "the page does not say what it prints"

prints() { # OPTIONS...: what the program prints
    rm -rf "$tmp/out"
    "$TAPELESS" compile models/scalar.lua -o "$tmp/out" "$@" || fail "$*: the model does not compile"
    # shellcheck disable=SC2046
    gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 "-I$tmp/out" -Iruntime $(pkg-config --cflags openblas) \
        "$tmp/main.c" "$tmp/out/scalar_jacobian.c" "$BUILD/libtapeless.a" -o "$tmp/main" -lopenblas -lxxhash -lm ||
        fail "$*: the program does not compile"
    "$tmp/main"
}

for mode in forward reverse; do
    prints --jacobian $mode >"$tmp/printed"
    cmp "$tmp/printed" "$tmp/promised" || fail "--jacobian $mode prints something else: $(cat "$tmp/printed")"
done
prints --jacobian reverse --k2 2 >"$tmp/printed"
grep -q "^t = 3: y = 0.0072, dy/dw = 0.072$" "$tmp/printed" || fail "truncated: $(cat "$tmp/printed")"

says() { # SENTENCE, COMMAND...: it fails and says so
    want=$1
    shift
    "$@" >"$tmp/said" 2>&1 && fail "$*: it does not fail"
    grep -qF "$want" "$tmp/said" || fail "$*: it does not say '$want': $(cat "$tmp/said")"
}

"$TAPELESS" build models/scalar.lua --jacobian forward -o "$tmp/trainer" || fail "no trainer is built"
says "computes a Jacobian (jacobian.h), and is not trained" "$tmp/trainer/scalar_jacobian" train --steps 1
says "it is forward or reverse" "$TAPELESS" compile models/elman.lua --jacobian sideways -o "$tmp/out"
finish
