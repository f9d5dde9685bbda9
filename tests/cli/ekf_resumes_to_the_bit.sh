# A training by the extended Kalman filter that was stopped between any two updates goes on to the same bits, its covariance
# among them; generated code and the interpreter agree; what is wrong gets a sentence.
. tests/cli/common.sh
. tests/cli/common_resume.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 90; i++) { x = sin(i * i * 0.3); y = 0.5 * y + x; printf "%.6f,%.6f\n", x, y } }' >"$tmp/d.csv"
spec() { # OPTIMIZER LOSS >NET
    cat <<LUA
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
  loss   = $2,
  tbptt  = { k1 = 1, k2 = 1, batch = 2, learn = "rtrl" },
  train  = { optimizer = $1 },
}
LUA
}
spec 'ekf { r = 0.1, q = 1e-6 }' mse >"$tmp/net.lua"

for how in "-p f32" "-p f64" "--set train.optimizer.decoupled=true" "--k1 3" "--learn tbptt --k2 5" "-p f64 --shards 2 --threads 2"; do
    same_in_parts "$how" 1 3 4 17 30
    grep -q 'optim.p ' "$tmp/compared" || fail "$how: the covariance is not in the checkpoint: $(cat "$tmp/compared")"
done

# Double precision is what there is where nothing else is asked for.
train own --overwrite --steps 40
"$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -q --engine interpreter -c "$tmp/other" \
    --steps 40 >"$tmp/out" 2>&1 || fail "interpreter: $(cat "$tmp/out")"
"$BUILD/tests/compare" "$tmp/own" "$tmp/other" 1e-10 >"$tmp/out" 2>&1 || fail "interpreter: $(cat "$tmp/out")"

# It learns: the loss of the third epoch is a fifth of the first's at most.
train learns --overwrite --epochs 1
first=$(sed -n 's/^ *"loss": \(.*\),$/\1/p' "$tmp/out")
train learns --resume --epochs 3
third=$(sed -n 's/^ *"loss": \(.*\),$/\1/p' "$tmp/out")
awk -v a="$first" -v b="$third" 'BEGIN { exit !(b > 0 && b < a / 5) }' || fail "it does not learn: $first, then $third"

says() { # SENTENCE, COMMAND...: it fails and says so
    want=$1
    shift
    "$@" >"$tmp/said" 2>&1 && fail "$*: it does not fail"
    grep -qF "$want" "$tmp/said" || fail "$*: it does not say '$want': $(cat "$tmp/said")"
}
# What the spec says of a learning rate is left behind with it, unless the command line says it, too.
spec 'adam {}, clip_norm = 1, schedule = cosine { total = 9, warmup = 2 }' mse >"$tmp/adam.lua"
of="--data $tmp/d.csv --input x --target y --valid 0 -q --steps 2 --overwrite -c $tmp/left"
"$TAPELESS" train "$tmp/adam.lua" $of --optimizer ekf >"$tmp/out" 2>&1 || fail "ekf in place of adam: $(cat "$tmp/out")"
"$TAPELESS" train "$tmp/adam.lua" $of --optimizer lm >"$tmp/out" 2>&1 || fail "lm in place of adam: $(cat "$tmp/out")"
says "clip_norm bounds a gradient" "$TAPELESS" train "$tmp/adam.lua" $of --optimizer ekf --set train.clip_norm=1

"$TAPELESS" build "$tmp/net.lua" -o "$tmp/trainer" || fail "no trainer"
on="--data $tmp/d.csv --input x --target y --valid 0 --steps 1 -c $tmp/none"
says "this trainer was built for ekf, and has no gradient for adam" "$tmp/trainer/net" train $on --optimizer adam
says "lm learns from a Jacobian, which this trainer was not built with" "$tmp/trainer/net" train $on --optimizer lm
says "ekf has no adjoints" "$TAPELESS" train "$tmp/net.lua" $on --lags
says "learn = 'rtrl' has no adjoints" "$TAPELESS" train "$tmp/net.lua" $on --lags --optimizer adam
says "learn = 'rtrl' has no adjoints" "$TAPELESS" diff "$tmp/net.lua" --lags --optimizer adam

# What arrives some steps back is the same whatever the spec learns by.
for how in "--learn tbptt --optimizer adam" "--learn rtrl --optimizer ekf" "--learn rtrl --optimizer lm" "--learn rtrl --optimizer sgd --lr 1"; do
    "$TAPELESS" lags "$tmp/net.lua" $how -p f64 --k2 3 -c "$tmp/own" --data "$tmp/d.csv" >"$tmp/lags" 2>"$tmp/err" ||
        fail "lags $how: $(cat "$tmp/err")"
    [ -s "$tmp/lags-tbptt" ] || cp "$tmp/lags" "$tmp/lags-tbptt"
    cmp "$tmp/lags" "$tmp/lags-tbptt" || fail "lags $how: $(cat "$tmp/lags")"
done
awk '$1 == 3 && $2 > 0 { found = 1 } END { exit !found }' "$tmp/lags-tbptt" || fail "no gradient: $(cat "$tmp/lags-tbptt")"

# In one process: a filter takes the rows of all shards.
if command -v mpirun >/dev/null 2>&1; then
    mpirun --oversubscribe --allow-run-as-root -n 2 "$TAPELESS" train "$tmp/net.lua" $on --shards 2 >"$tmp/out" \
        2>"$tmp/err" && fail "two processes train with ekf"
    grep -qF "ekf runs in one process" "$tmp/err" "$tmp/out" || fail "processes: $(cat "$tmp/err")"
fi
spec 'ekf {}' 'function(y, t) return sum(abs(y - t)) end' >"$tmp/abs.lua"
says "the loss is no sum of squares" "$TAPELESS" train "$tmp/abs.lua" $on
says "abs.lua:11" "$TAPELESS" train "$tmp/abs.lua" $on
says "optim.p" "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x \
    --target y --valid 0 -c "$tmp/own" --resume --steps 41 --set train.optimizer.decoupled=true
finish
