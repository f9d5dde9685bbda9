# Peak memory after ten million updates is that after ten thousand, within a MiB; with validation of
# nothing, a picture's curve, progress and checkpoints as in any training.
. tests/cli/common.sh
cat >"$tmp/tiny.lua" <<'LUA'
return model {
  params = { w = param({ 1 }, 0.2) },
  state  = { x = init({ 1 }, 0.9) },
  step   = function(p, _, s) local x = tanh(p.w * s.x + 0.1); return x, { x = x } end,
  loss   = function(y) return sum(y * y) end,
  tbptt  = { k1 = 1, k2 = 3 },
  train  = { optimizer = adam { lr = 1e-6 } },
}
LUA
peak() { # UPDATES: in KiB
    "$TAPELESS" train "$tmp/tiny.lua" --steps "$1" --checkpoint "$tmp/c" --overwrite --save-updates 1000000 --json \
        2>"$tmp/err" >"$tmp/out" || { cat "$tmp/err"; fail "$1 updates"; }
    grep -q "\"steps\": $1," "$tmp/out" || fail "$1 updates were not done: $(cat "$tmp/out")"
    sed -n 's/.*"peak_memory_kib": \([0-9]*\).*/\1/p' "$tmp/out"
}
few=$(peak 10000)
many=$(peak 10000000)
[ "$few" -gt 1000 ] || fail "a peak of $few KiB cannot be"
[ $((many - few)) -le 1024 ] && [ $((few - many)) -le 1024 ] || fail "10^4 updates: $few KiB, 10^7: $many KiB"
echo "10^4 updates: $few KiB, 10^7 updates: $many KiB"
finish
