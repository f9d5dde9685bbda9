# What an optimizer of the whole record cannot do is said, with what would be right.
. tests/cli/common.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 40; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.25) }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 2, 1 }, U = param({ 2, 2 }, glorot, { lr = 0.5 }), V = { 1, 2 } },
  state  = { h = { 2 } },
  step   = function(p, x, s)
    local h = probe("h", tanh(p.W(x) + p.U(s.h)))
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 40, k2 = 40 },
}
LUA
sed 's/glorot, { lr = 0.5 }/glorot/' "$tmp/net.lua" >"$tmp/plain.lua"
refused() { # SENTENCE, SPEC, options...
    sentence=$1 spec=$2
    shift 2
    status=0
    "$TAPELESS" train "$tmp/$spec.lua" --data "$tmp/d.csv" --input x --target y -c "$tmp/c" --optimizer lbfgs "$@" \
        >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 2 ] && grep -qF -e "$sentence" "$tmp/err" ||
        fail "$*: status $status, $(cat "$tmp/err"), not: $sentence"
    [ ! -e "$tmp/c" ] || fail "$*: a checkpoint was written"
}

refused "the parameter U has lr = 0.5, a factor of the optimizer's learning rate, and lbfgs has none" net
refused "every iteration of lbfgs begins at the initial state: leave out tbptt.carry" plain --set tbptt.carry=true
refused "--lags looks into the window of an update, and an update of lbfgs is of all windows" plain --lags
refused "--probe looks into the window of an update, and an update of lbfgs is of all windows" plain --probe h \
    --probe-out "$tmp/h.npy"
refused "patience = 3 of lbfgs waits for the loss of held-out data, and there are none; --valid 0.1 keeps a" plain \
    --valid 0 --set train.optimizer.patience=3
refused "and with --valid-every 0 nothing is validated" plain --set train.optimizer.patience=3 --valid-every 0
refused "lbfgs has no field lr" plain --lr 0.5
refused "train: clip_norm bounds a gradient before a learning rate multiplies it" plain --clip-norm 1
refused "train: the schedule is of a learning rate, and lbfgs has none" plain --set train.schedule=cosine

# In one process: the launcher's variables are what tells of several.
if command -v mpirun >/dev/null 2>&1; then
    mpirun --oversubscribe --allow-run-as-root -n 2 "$TAPELESS" train "$tmp/plain.lua" --data "$tmp/d.csv" --input x \
        --target y -c "$tmp/c" --optimizer lbfgs --batch 2 --shards 2 >"$tmp/out" 2>"$tmp/err" &&
        fail "two processes train with lbfgs"
    grep -qF "lbfgs runs in one process, whose threads share the shards (--threads)" "$tmp/err" "$tmp/out" ||
        fail "processes: $(cat "$tmp/err")"
fi

# It ends by itself, in a log whose lr is the length of the step; and what only looks at windows takes the spec as well.
"$TAPELESS" train "$tmp/plain.lua" --data "$tmp/d.csv" --input x --target y -c "$tmp/c" --optimizer lbfgs -p f64 \
    --json --set train.optimizer.l2=1e-2 >"$tmp/out" 2>"$tmp/err" || fail "train: $(cat "$tmp/err")"
grep -q 'plain: ended after [0-9]* iterations: ' "$tmp/err" || fail "it does not say why it ended: $(cat "$tmp/err")"
grep -q 'truncated' "$tmp/err" && fail "windows of all steps are called truncated"
"$TAPELESS" lags "$tmp/plain.lua" --optimizer lbfgs -p f64 --checkpoint "$tmp/c" --data "$tmp/d.csv" >"$tmp/out" \
    2>"$tmp/err" || fail "lags: $(cat "$tmp/err")"
"$TAPELESS" bench "$tmp/plain.lua" --optimizer lbfgs --seconds 0.05 --json >"$tmp/out" 2>"$tmp/err" ||
    fail "bench: $(cat "$tmp/err")"
"$TAPELESS" info "$tmp/plain.lua" --optimizer lbfgs --json | grep -q '"kind": "lbfgs"' || fail "info"
finish
