# With tbptt.unroll = false alike steps are a loop in the C, which then does not grow with k2. The numbers are the same bits:
# every overlap, windows that start late, resets and padding inside them, dropout, a head over the window.
. tests/cli/common.sh

lines() { # OPTIONS
    "$TAPELESS" compile models/lstm.lua --set tbptt.unroll=false "$@" -o "$tmp/c" && wc -l <"$tmp/c/lstm.c"
}
few=$(lines --k2 100)
many=$(lines --k2 1000)
[ "$((many - few))" -lt 20 ] || fail "100 steps are $few lines, 1000 are $many"
grep -q 'for (ptrdiff_t t = win->first; t <= 999; t++)' "$tmp/c/lstm.c" || fail "there is no loop over the steps"
"$TAPELESS" compile models/lstm.lua --k2 100 -o "$tmp/c" && [ "$(wc -l <"$tmp/c/lstm.c")" -gt $((2 * few)) ] ||
    fail "100 steps that are written out are no more lines"

cat >"$tmp/drops.lua" <<'LUA'
local o = options { overlap = "recompute", k1 = 6 }
return model {
  input = real(2), target = real(1), state = { h = { 4 } },
  params = { W = { 4, 2 }, U = { 4, 4 }, V = { 1, 4 } },
  step = function(p, x, s)
    local h = tanh(p.W(dropout(x, 0.3)) + p.U(s.h))
    return p.V(dropout(h, 0.5)), { h = h }
  end,
  loss = mse, tbptt = { k1 = o.k1, k2 = 6, batch = 2, overlap = o.overlap, resets = true, masks = true },
  train = { optimizer = adam { lr = 1e-2 } },
}
LUA
awk 'BEGIN { print "run,u,v,y"; for (s = 1; s <= 5; s++) for (t = 0; t < 9 + 4 * s % 7; t++)
    printf "r%d,%.6f,%.6f,%.6f\n", s, sin(s + t * 0.3), cos(t * 0.2), sin(t * 0.1) }' >"$tmp/d.csv"
same() { # SPEC OPTIONS
    run="--data $tmp/d.csv --sequence run --input u,v --target y --epochs 2 -q"
    {
        "$TAPELESS" train "$@" $run -c "$tmp/out-of-line"
        "$TAPELESS" train "$@" --set tbptt.unroll=false $run -c "$tmp/rolled"
    } >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
    "$BUILD/tests/compare" "$tmp/out-of-line" "$tmp/rolled" 0 >"$tmp/out" 2>&1 || fail "$*: $(cat "$tmp/out")"
    rm -f "$tmp/out-of-line" "$tmp/rolled"
}
for overlap in recompute retain versions; do
    same "$tmp/drops.lua" -D overlap=$overlap -D k1=2
done
same "$tmp/drops.lua"
for spec in models/*.lua tests/ops/head.lua tests/ops/state.lua tests/ops/training.lua; do
    "$TAPELESS" diff "$spec" -p f64 --set tbptt.unroll=false >"$tmp/out" 2>&1 || fail "diff $spec: $(tail -n 3 "$tmp/out")"
done
# Where the workspace is large, distances of slots are too large for an int.
"$TAPELESS" diff models/lstm.lua --set tbptt.unroll=false --k2 1500 --batch 16 -D hidden=64 -p f64 >"$tmp/out" 2>&1 ||
    fail "1500 steps: $(tail -n 3 "$tmp/out")"
"$TAPELESS" check models/lstm_cnn.lua --set tbptt.unroll=false >"$tmp/out" || fail "check: $(tail -n 3 "$tmp/out")"
finish
