# What was wrong in fixed point, or could be: rows that are quiet beside others, functions of wide arguments, limits and thresholds
# between units, tails of many small terms, first states, values out of range, calibration on too little.
. tests/cli/common.sh

write() { "$BUILD/tests/tensors" write "$tmp/d.safetensors" "$@" || fail "the data are not written"; }

spec() { # INPUT OUTPUT PARAMS STEP: $tmp/s.lua
    cat >"$tmp/s.lua" <<LUA
return model {
  input = real($1), target = real($2), params = { $3 },
  step = function(p, x) return $4 end,
  loss = mse, tbptt = { k1 = 1, k2 = 1 },
}
LUA
}

within() { # WHAT MOST_INT16 MOST_INT8: the largest that outputs are off by
    what=$1
    "$TAPELESS" train "$tmp/s.lua" --data "$tmp/d.safetensors" --epochs 1 --lr 0 --engine interpreter --overwrite -c "$tmp/s.st" >"$tmp/out" 2>&1 ||
        { fail "$what: $(tail -1 "$tmp/out")"; return; }
    for kind in int16 int8; do
        most=$2
        [ $kind = int16 ] || most=$3
        "$TAPELESS" eval "$tmp/s.lua" --data "$tmp/d.safetensors" -c "$tmp/s.st" --quantised $kind >"$tmp/out" 2>&1 || { fail "$what, $kind: $(cat "$tmp/out")"; return; }
        awk -v most="$most" '/^off by/ { sub(/.*at most /, ""); n++; if (!($1 + 0 <= most)) bad = 1 } END { exit bad || n != 1 }' "$tmp/out" ||
            fail "$what, $kind: over $most: $(grep '^off by' "$tmp/out")"
    done
}

zeros() { i=0; while [ $i -lt "$1" ]; do printf ' 0'; i=$((i + 1)); done; }

spec 8 1 "A = param({ 1, 2 }, ones), B = param({ 1, 8 }, ones)" "p.A(slice(x, 1, 2)) + p.B(x)"
write input 2x1x8 3 1 1 1 1 1 1 1 -3 1 2 1 2 1 2 1 -- target 2x1x1 0 0
within "a slice and its whole" 0.01 0.1

spec 4 4 "g = param({ 4 }, ones)" "layer_norm(x) * p.g"
# shellcheck disable=SC2046 # words
write input 4x1x4 1 -1 1.5 -2 1 1.0005 1.001 1.0015 0.5 2 -1 1 1 1.001 1 1.001 -- target 4x1x4 $(zeros 16)
within "quiet rows of layer_norm" 0.01 0.01

spec 4 8 "g = param({ 4 }, ones)" "concat { layer_norm(x) * p.g, layer_norm(x, 2 * p.g, 0 * p.g, { eps = 1e-3 }) }"
# shellcheck disable=SC2046 # words
write input 3x1x4 1 -1 1.5 -2 1 1.0005 1.001 1.0015 0.5 2 -1 1 -- target 3x1x8 $(zeros 24)
within "two of one row, with what they share" 0.01 0.01

# What is like it and is another: a mean of another number, another's row, an inner value that is read elsewhere.
spec 4 12 "g = param({ 4 }, ones)" "concat { x / sqrt(sum(square(x)) / 8 + 1e-5), (x + 1) / sqrt(sum(square(x)) / 4 + 1e-5), g_of(p, x) }"
sed -i '1i local function g_of(p, x) local s = sum(square(0.5 * x)) return 0.5 * x / sqrt(s / 4 + 1e-5) * p.g + s end' "$tmp/s.lua"
# shellcheck disable=SC2046 # words
write input 3x1x4 1 -1 1.5 -2 0.5 2 -1 1 1 0.7 1 -0.4 -- target 3x1x12 $(zeros 36)
within "what is like layer_norm" 0.01 0.01

for f in tanh sigmoid; do
    spec 4 4 "g = param({ 4 }, ones)" "$f(500 * x) * p.g"
    # shellcheck disable=SC2046
    write input 6x1x4 0.1 2 -2 -0.1 1 1.5 0.01 0 -0.01 -1 0.5 0.3 -0.3 0.004 -0.002 1.7 -1.2 0.07 0 0.009 0.02 -0.5 1 0.6 -- target 6x1x4 $(zeros 24)
    within "$f of wide arguments" 0.015 0.015
done

spec 2 2 "A = param({ 2, 2 }, zeros)" "clamp(x, 0, 0.3) + p.A(x)"
write input 4x1x2 5000 -5000 1 0 200 -3 4000 2 -- target 4x1x2 0 0 0 0 0 0 0 0
within "limits between units" 1e-4 1e-4

spec 11 11 "g = param({ 11 }, ones)" "(ge(x, 0.3) + eq(x, 0.7) + lt(0.2, x)) * p.g"
# shellcheck disable=SC2046
write input 2x1x11 0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1 0.9 0.8 0.7 0.6 0.5 0.4 0.3 0.2 0.1 0 -- target 2x1x11 $(zeros 22)
within "thresholds between units" 1e-3 1e-3

spec 1 2 "g = param({ 1 }, ones)" "concat { slice(softmax(concat { x, 0 * p.g + table }), 1, 1), slice(log_softmax(concat { x, table }), 1, 1) }"
sed -i '1i local table = const((function() local t = {} for i = 1, 3000 do t[i] = 0 end return t end)())' "$tmp/s.lua"
write input 2x1x1 10.3 10.1 -- target 2x1x2 0 0 0 0
within "a tail of many" 1e-3 1e-3

spec 1 1 "g = param({ 1 }, ones)" "x * p.g"
write input 2x1x1 2.5 -1 -- target 2x1x1 0 0
within "ordinary numbers" 1e-3 1e-3
write input 2x1x1 2.5e12 -1e12 -- target 2x1x1 0 0
if "$TAPELESS" eval "$tmp/s.lua" --data "$tmp/d.safetensors" -c "$tmp/s.st" --quantised int16 >"$tmp/out" 2>&1; then fail "numbers of 10^12 are taken"; fi
grep -q 's.lua:[0-9]*: --quantise: .* 16 bits with a shift end at 2^31' "$tmp/out" || fail "it says $(cat "$tmp/out")"
write input 2x1x1 2e-8 -1e-8 -- target 2x1x1 0 0
"$TAPELESS" eval "$tmp/s.lua" --data "$tmp/d.safetensors" -c "$tmp/s.st" --quantised int16 >"$tmp/out" 2>&1 || fail "small numbers: $(cat "$tmp/out")"
grep -q 'keeps few digits in fixed point' "$tmp/out" || fail "nothing is said of small numbers"

# The first state is rounded once, here and on the device.
cat >"$tmp/h.lua" <<'LUA'
return model {
  input = { u = real(1) }, target = { y = real(1) }, params = { g = param({ 1 }, ones) }, state = { c = init({ 1 }, 0.5) },
  step = function(p, x, s) return { y = s.c * p.g }, { c = s.c + 600 + 0 * x.u } end,
  loss = mse, tbptt = { k1 = 1, k2 = 1 },
}
LUA
seq 1 40 | awk 'BEGIN { print "u,y" } { print $1 "," $1 * $1 }' >"$tmp/h.csv"
"$TAPELESS" train "$tmp/h.lua" --data "$tmp/h.csv" --no-standardise --epochs 1 --lr 0 --engine interpreter -c "$tmp/h.st" >"$tmp/out" 2>&1 || fail "h.lua: $(cat "$tmp/out")"
"$TAPELESS" compile "$tmp/h.lua" --single-file --params "$tmp/h.st" --quantise int16 --calibrate "$tmp/h.csv" -o "$tmp/h" >"$tmp/out" 2>&1 || fail "h.lua: $(cat "$tmp/out")"
"$TAPELESS" predict "$tmp/h.lua" -c "$tmp/h.st" --data "$tmp/h.csv" --quantised int16 -o "$tmp/want.csv" >"$tmp/out" 2>&1 || fail "h.lua: $(cat "$tmp/out")"
cat >"$tmp/main.c" <<'C'
#include <stdio.h>
#include "h_weights.h"
int main(void)
{
    static h_predictor p;
    h_start(&p);
    for (h_input x; scanf("%f", x.u) == 1;) {
        h_output y;
        h_predict(&p, &x, &y);
        printf("%.9g\n", (double)y.y[0]);
    }
}
C
cc -std=c99 "-I$tmp/h" "$tmp/main.c" "$tmp/h/h.c" -o "$tmp/main" && seq 1 40 | "$tmp/main" >"$tmp/got"
tail -n +2 "$tmp/want.csv" | awk -F, '{ print $NF }' | cmp -s - "$tmp/got" || fail "the first state: $(head -3 "$tmp/want.csv" "$tmp/got")"

# Beyond what was seen there is a quarter more, in 8 bits too.
spec 2 1 "W = param({ 1, 2 }, ones)" "p.W(x)"
write input 4x1x2 1 -1 0.5 1 -0.5 1 1 1 -- target 4x1x1 0 0 0 0
within "as it was seen" 1e-3 2e-2
cp "$tmp/d.safetensors" "$tmp/seen.safetensors"
write input 2x1x2 1.2 1.2 -1.2 1.1 -- target 2x1x1 0 0
for kind in int16 int8; do
    "$TAPELESS" eval "$tmp/s.lua" --data "$tmp/d.safetensors" -c "$tmp/s.st" --quantised $kind --calibrate "$tmp/seen.safetensors" >"$tmp/out" 2>&1 || fail "margin: $(cat "$tmp/out")"
    awk '/^off by/ { sub(/.*at most /, ""); exit !($1 < 0.03) }' "$tmp/out" || fail "a fifth more than was seen, $kind: $(grep '^off' "$tmp/out")"
done

# A head sees nothing of fewer than k2 steps.
"$TAPELESS" show models/lstm_cnn.lua >/dev/null
awk 'BEGIN { printf "input 4x1x16"; for (i = 0; i < 64; i++) printf " %d", i % 3; printf " -- target 4x1x4"; for (i = 0; i < 16; i++) printf " 0"; print "" }' >"$tmp/words"
# shellcheck disable=SC2046
write $(cat "$tmp/words")
cp "$tmp/d.safetensors" "$tmp/short.safetensors"
awk 'BEGIN { printf "input 30x1x16"; for (i = 0; i < 480; i++) printf " %d", i % 3; printf " -- target 30x1x4"; for (i = 0; i < 120; i++) printf " 0"; print "" }' >"$tmp/words"
# shellcheck disable=SC2046
write $(cat "$tmp/words")
"$TAPELESS" train models/lstm_cnn.lua --data "$tmp/d.safetensors" --epochs 1 --engine interpreter -c "$tmp/cnn.st" >"$tmp/out" 2>&1 || fail "lstm_cnn: $(cat "$tmp/out")"
if "$TAPELESS" eval models/lstm_cnn.lua --data "$tmp/d.safetensors" -c "$tmp/cnn.st" --quantised int8 --calibrate "$tmp/short.safetensors" >"$tmp/out" 2>&1; then
    fail "ranges of a head that has seen nothing"
fi
grep -q 'k2 = 9 steps' "$tmp/out" || fail "it says $(cat "$tmp/out")"
if "$TAPELESS" eval models/lstm_cnn.lua -c "$tmp/cnn.st" --quantised int8 >"$tmp/out" 2>&1; then fail "eval of nothing"; fi
grep -q 'say of what: --data FILE' "$tmp/out" || fail "it says $(cat "$tmp/out")"
finish
