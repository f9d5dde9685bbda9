# The cost of Levenberg-Marquardt is of the steps that tbptt.loss counts: with "last" those before an update, every k1-th,
# as if all others weighed nothing.
. tests/cli/common.sh

awk 'BEGIN { print "x,y,w"; for (i = 1; i <= 60; i++) printf "%.6f,%.6f,%d\n", sin(i * i * 0.3), cos(i * 0.25), i % 5 == 0 }' \
    >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 2, 1 }, U = { 2, 2 }, V = { 1, 2 } },
  state  = { h = learned { 2 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 5, k2 = 60 },
  train  = { optimizer = lm {} },
}
LUA
train() { # CHECKPOINT, options...
    c=$1
    shift
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --no-standardise --valid 0 --steps 3 -q \
        -c "$tmp/$c" "$@" >"$tmp/out" 2>&1 || fail "train $*: $(cat "$tmp/out")"
}
train weighed --weight w
train every
train last --set tbptt.loss=last
train carried --set tbptt.loss=last --learn rtrl
for c in last carried; do
    "$BUILD/tests/compare" "$tmp/weighed" "$tmp/$c" 1e-9 >"$tmp/out" 2>&1 || fail "$c: $(cat "$tmp/out")"
done
"$BUILD/tests/compare" "$tmp/weighed" "$tmp/every" 1e-3 >/dev/null 2>&1 && fail "it does not matter which steps count"
finish
