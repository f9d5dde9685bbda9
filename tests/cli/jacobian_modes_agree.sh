# Forward mode, reverse mode and blocks of any length give the same J of an untruncated stream, of sizes whose rows fill no
# vector, and of several.
. tests/cli/common.sh

agree() { # PRECISION TOLERANCE SPEC options...
    precision=$1 tolerance=$2
    shift 2
    for mode in reverse forward blocks "blocks --block 1" "blocks --block 11" "blocks --block 4"; do
        # shellcheck disable=SC2086 # a mode and its options
        "$TAPELESS" jacobian "$@" -p "$precision" --k2 12 --steps 12 --mode $mode --out "$tmp/${mode%% *}" >"$tmp/out" 2>&1 ||
            fail "$* $mode: $(cat "$tmp/out")"
        [ "$mode" != reverse ] || continue
        "$BUILD/tests/compare" "$tmp/${mode%% *}" "$tmp/reverse" "$tolerance" >"$tmp/out" 2>&1 ||
            fail "$* $precision $mode: $(head -5 "$tmp/out")"
        grep -q 'jacobian' "$tmp/out" || fail "$*: no Jacobian was compared: $(cat "$tmp/out")"
    done
}

for size in 3 4 10 16 21; do
    agree f64 1e-12 models/elman.lua -D hidden=$size
    agree f32 2e-6 models/elman.lua -D hidden=$size
done
agree f64 1e-12 models/elman.lua -D hidden=10 -D output=3
agree f64 1e-12 models/lstm.lua -D hidden=16
agree f64 1e-12 models/gru.lua -D hidden=10
agree f64 1e-12 models/state_space.lua

# A sequence whose sensitivities overflow: the next one knows nothing of it.
cat >"$tmp/astray.lua" <<'LUA'
return model {
  input = real(1), target = real(2), params = { w = param({ 2 }, 1.5), u = param({ 2 }, 1) }, state = { h = { 2 } },
  step = function(p, x, s)
    local h = sin(20 * p.w * s.h + p.u * x + 0.3)
    return h, { h = h }
  end,
  loss = mse, tbptt = { k1 = 1, k2 = 90, resets = true },
}
LUA
awk 'BEGIN { for (t = 0; t < 90; t++) printf "%s ", t == 60 }' >"$tmp/reset"
awk 'BEGIN { for (t = 0; t < 90; t++) printf "%.3f ", sin(t) }' >"$tmp/numbers"
# shellcheck disable=SC2046 # numbers
"$BUILD/tests/tensors" write "$tmp/stream" input 90x1x1 $(cat "$tmp/numbers") -- reset 90x1 $(cat "$tmp/reset")
"$BUILD/tests/tensors" write "$tmp/params" w 2 1.5 1.4 -- u 2 1 0.9
for mode in "forward" "blocks --block 5"; do
    # shellcheck disable=SC2086 # a mode and its options
    "$TAPELESS" jacobian "$tmp/astray.lua" --params "$tmp/params" --data "$tmp/stream" --mode $mode --out "$tmp/${mode%% *}" >"$tmp/out" 2>&1 ||
        fail "astray, $mode: $(cat "$tmp/out")"
    "$BUILD/tests/tensors" print "$tmp/${mode%% *}" jacobian.w >"$tmp/numbers"
    [ "$(wc -l <"$tmp/numbers")" = 360 ] || fail "astray, $mode: not 90 steps of 2 outputs in 2 weights"
    head -n 240 "$tmp/numbers" | grep -qi -e nan -e inf || fail "astray, $mode: nothing overflows before the reset"
    if tail -n 120 "$tmp/numbers" | grep -i -e nan -e inf; then fail "astray, $mode: the next sequence is no number"; fi
done
finish
