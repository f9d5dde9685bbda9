# The program in docs/jacobians.md compiles without a warning against the code that the command there writes, and prints
# what the page says, forward, in reverse and by blocks of one step, of two and of all; truncated to two steps it prints that.
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

for mode in forward reverse blocks 'blocks --block 1' 'blocks --block 2'; do
    # shellcheck disable=SC2086 # a mode and its options
    prints --jacobian $mode >"$tmp/printed"
    cmp "$tmp/printed" "$tmp/promised" || fail "--jacobian $mode prints something else: $(cat "$tmp/printed")"
done
prints --jacobian reverse --k2 2 >"$tmp/printed"
grep -q "^t = 3: y = 0.0072, dy/dw = 0.072$" "$tmp/printed" || fail "truncated: $(cat "$tmp/printed")"

says() { # SENTENCE, COMMAND...: it fails and says so
    want=$1
    shift
    "$@" >"$tmp/said" 2>&1 && fail "$*: it does not fail"
    grep -qF -e "$want" "$tmp/said" || fail "$*: it does not say '$want': $(cat "$tmp/said")"
}

"$TAPELESS" build models/scalar.lua --jacobian forward -o "$tmp/trainer" || fail "no trainer is built"
says "computes a Jacobian (jacobian.h), and is not trained" "$tmp/trainer/scalar_jacobian" train --steps 1
says "it is reverse, forward or blocks" "$TAPELESS" compile models/elman.lua --jacobian sideways -o "$tmp/out"
says "--block is of --jacobian blocks" "$TAPELESS" compile models/elman.lua --jacobian forward --block 3 -o "$tmp/out"
cat >"$tmp/stateless.lua" <<'LUA'
return model { input = real(2), params = { W = { 1, 2 } }, step = function(p, x) return p.W(x), {} end, loss = mse, target = real(1), tbptt = { k1 = 1, k2 = 1 } }
LUA
says "there is no state to carry from block to block" "$TAPELESS" compile "$tmp/stateless.lua" --jacobian blocks -o "$tmp/out"
says "a head over the window sees k2 steps of it" "$TAPELESS" compile models/lstm_cnn.lua --jacobian blocks -o "$tmp/out"
finish
