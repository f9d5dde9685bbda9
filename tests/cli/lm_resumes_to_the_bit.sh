# A training with Levenberg-Marquardt that was stopped between any two iterations goes on to the same bits: the parameters,
# its damping, and the log. What has ended stays so, until settings are others.
. tests/cli/common.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 120; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.251) }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 4, 1 }, U = { 4, 4 }, b = param({ 4 }, uniform(0.5), { constrain = { min = -0.4, max = 0.4 } }),
             V = { 1, 4 }, fixed = param({ 1 }, 0.25, { trainable = false }) },
  state  = { h = learned { 4 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return p.V(h) + p.fixed, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 15, k2 = 15, batch = 2, learn = "rtrl" },
  train  = { optimizer = lm { lambda = 1e-2, l2 = 1e-4 } },
}
LUA
valid=0
train() { # CHECKPOINT, options...
    c=$1
    shift
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid "$valid" -q --json -c "$tmp/$c" \
        "$@" >"$tmp/out" 2>"$tmp/err" || fail "train $*: $(cat "$tmp/err")"
}

for how in "-p f64 --set train.optimizer.geodesic=true" "-p f32" "-p f64" "-p f64 --shards 2 --threads 2" "-p f64 --engine interpreter"; do
    rm -f "$tmp/log-whole" "$tmp/log-parts"
    train whole $how --overwrite --steps 20 --log "$tmp/log-whole"
    train parts $how --overwrite --steps 1 --log "$tmp/log-parts"
    for n in 3 4 9 20; do
        train parts $how --resume --steps $n --log "$tmp/log-parts"
    done
    "$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "$how: $(cat "$tmp/out")"
    cmp "$tmp/log-whole" "$tmp/log-parts" || fail "$how: the log is another"
done

# An end.
train end -p f64 --steps 400 --set train.optimizer.tol_cost=1e-2
grep -q '"stopped": "cost"' "$tmp/out" || fail "tol_cost does not end it: $(cat "$tmp/out")"
ended=$(grep '"updates"' "$tmp/out")
"$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -c "$tmp/end" --resume -p f64 \
    --json --steps 400 >"$tmp/out" 2>"$tmp/err"
grep -q 'the training of the checkpoint has ended after .* iterations: the last step lowered the cost by' "$tmp/err" ||
    fail "nothing is said of its end: $(cat "$tmp/err")"
[ "$(grep '"updates"' "$tmp/out")" = "$ended" ] || fail "what has ended goes on"
train end -p f64 --resume --steps 400 --set train.optimizer.tol_cost=1e-9
[ "$(grep '"updates"' "$tmp/out")" != "$ended" ] || fail "with another tolerance it does not go on"

valid=0.3

# Patience: the parameters of the lowest held-out loss come back, which --best has written too.
train patient -p f64 --steps 400 --set train.optimizer.patience=4 --best "$tmp/best" --log "$tmp/log"
grep -q '"stopped": "patience"' "$tmp/out" || fail "patience does not end it: $(cat "$tmp/out")"
best=$(sed -n 's/.*"best_update": \([0-9]*\).*/\1/p' "$tmp/out")
[ "$(sed -n 's/.*"updates": \([0-9]*\).*/\1/p' "$tmp/out")" = $((best + 4)) ] || fail "it did not wait for 4 iterations"
awk -F, 'NR > 1 { if (NR == 2 || $7 < least) { least = $7; at = $1 } } END { print at }' "$tmp/log" >"$tmp/at"
[ "$(cat "$tmp/at")" = "$best" ] || fail "the lowest held-out loss is that of $(cat "$tmp/at"), not of $best"
train early -p f64 --steps "$best"
for c in early patient best; do
    "$TAPELESS" export "$tmp/net.lua" -p f64 -c "$tmp/$c" -o "$tmp/$c.weights" >"$tmp/out" 2>&1 ||
        fail "export: $(cat "$tmp/out")"
done
for c in early best; do
    "$BUILD/tests/compare" "$tmp/$c.weights" "$tmp/patient.weights" 0 >"$tmp/out" 2>&1 ||
        fail "the parameters are not those of update $best, as $c has them: $(cat "$tmp/out")"
done

# The same where it was resumed on the way.
train patient2 -p f64 --steps $((best + 2)) --set train.optimizer.patience=4
train patient2 -p f64 --steps 400 --resume
"$BUILD/tests/compare" "$tmp/patient" "$tmp/patient2" 0 >"$tmp/out" 2>&1 ||
    fail "patience after a resume: $(cat "$tmp/out")"
finish
