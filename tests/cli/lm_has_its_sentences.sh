# What Levenberg-Marquardt cannot do is said, with what would be right; and what its residuals leave open, once.
. tests/cli/common.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 40; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.25) }' >"$tmp/d.csv"
head -8 "$tmp/d.csv" >"$tmp/short.csv"
sed '9s/,.*/,nan/' "$tmp/d.csv" >"$tmp/nan.csv"
net() { # NAME OUTPUT LOSS [TARGET]
    cat >"$tmp/$1.lua" <<LUA
return model {
  input  = real(1),
  target = ${4:-real(1)},
  params = { W = { 2, 1 }, U = { 2, 2 }, V = { 1, 2 }, c = { 2 } },
  state  = { h = { 2 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return $2, { h = h }
  end,
  loss   = $3,
  tbptt  = { k1 = 4, k2 = 4 },
  train  = { optimizer = lm {} },
}
LUA
}
net plain "p.V(h) + sum(relu(p.c))" mse
net huber "p.V(h) + sum(p.c)" huber
net bce "p.V(h) + sum(p.c)" bce
net classes "concat { p.V(h), p.c }" cross_entropy "token(3)"
net probed 'probe("o", p.V(h)) + sum(p.c)' mse
net idle "p.V(h) + sum(relu(p.c - 100))" mse
net alike "p.V(h) + sum(p.c)" mse
net far "p.V(h) + sum(exp(800 + p.c))" mse
sed 's/  loss /  window = function(p, y) return y[1] + y[2] + y[3] + y[4] end,\n  loss /' "$tmp/alike.lua" >"$tmp/head.lua"

learn=rtrl
train() { # SPEC, DATA, options...
    spec=$1 data=$2
    shift 2
    timeout 60 "$TAPELESS" train "$tmp/$spec.lua" --data "$tmp/$data.csv" --input x --target y --valid 0 -c "$tmp/c" \
        --engine interpreter --learn $learn "$@" >"$tmp/out" 2>"$tmp/err"
}
refused() { # SENTENCE, SPEC, DATA, options...
    sentence=$1
    shift
    status=0
    train "$@" || status=$?
    [ $status = 2 ] && grep -qF -e "$sentence" "$tmp/err" || fail "$*: status $status, $(cat "$tmp/err"), not: $sentence"
    [ ! -e "$tmp/c" ] || fail "$*: a checkpoint was written"
    rm -f "$tmp/c"
}
refused "the loss is no sum of squares: it adds up a" huber d
refused "the loss is no sum of squares: it adds up a" bce d
refused "the loss is no sum of squares: it adds up a" classes d
refused "lm has no adjoints, so there is no gradient of probes" probed d
refused "a model with a head over its window learns by tbptt alone" head d
learn=immediate
refused "learn = 'immediate' and lm: take learn = 'tbptt' and k2 = 1" plain d
learn=rtrl
refused "lm has no field lr" plain d --lr 0.5
refused "train: clip_norm bounds a gradient before a learning rate multiplies it" plain d --clip-norm 1
refused "train: the schedule is of a learning rate, and lm has none" plain d --set train.schedule=cosine
refused "every iteration of lm begins at the initial state: leave out tbptt.carry" plain d --set tbptt.carry=true
refused "patience = 3 of lm waits for the loss of held-out data" plain d --set train.optimizer.patience=3
refused "has 'nan' where a number is needed" plain nan
train far d && fail "it begins where the cost is infinite"
grep -qF "the cost of the data is inf, and it or its gradient is not finite, before any step is taken" "$tmp/err" ||
    fail "far: $(cat "$tmp/err")"

said() { # SENTENCE, SPEC, DATA, options...: once
    sentence=$1
    shift
    train "$@" --overwrite --steps 12 || fail "$*: $(cat "$tmp/err")"
    [ "$(grep -cF -e "$sentence" "$tmp/err")" = 1 ] || fail "$*: it does not say once: $sentence: $(cat "$tmp/err")"
}
said "alike: 7 residuals for 10 parameters: many parameters have the same cost" alike short
said "alike: 7 residuals for 10 parameters: what they leave open l2 decides" alike short --set train.optimizer.l2=1e-3
said "idle: no residual depends on some element of c, here: it stays as it is" idle d
said "alike: what some element of c does to the residuals others do as well (the matrix J'J is singular)" alike d
train alike d --overwrite --steps 12 --set train.optimizer.l2=1e-3
grep -q "singular\|residual" "$tmp/err" && fail "with l2 nothing is open: $(cat "$tmp/err")"

# Trainers are built for what they learn by.
"$TAPELESS" build "$tmp/plain.lua" --learn rtrl -o "$tmp/lm" >"$tmp/out" 2>"$tmp/err" || fail "build: $(cat "$tmp/err")"
"$tmp/lm/plain" train --data "$tmp/d.csv" --input x --target y -c "$tmp/c" --overwrite --optimizer adam >"$tmp/out" 2>"$tmp/err" &&
    fail "a trainer of lm trains with adam"
grep -qF "this trainer was built for lm, and has no gradient for adam: tapeless train SPEC --optimizer adam builds one" "$tmp/err" ||
    fail "adam: $(cat "$tmp/err")"
"$TAPELESS" build "$tmp/plain.lua" --optimizer adam -o "$tmp/adam" >"$tmp/out" 2>"$tmp/err" || fail "build: $(cat "$tmp/err")"
"$tmp/adam/plain" train --data "$tmp/d.csv" --input x --target y -c "$tmp/c" --overwrite --optimizer lm >"$tmp/out" 2>"$tmp/err" &&
    fail "a trainer of adam trains with lm"
grep -qF "lm learns from a Jacobian, which this trainer was not built with: tapeless train SPEC --optimizer lm" "$tmp/err" ||
    fail "lm: $(cat "$tmp/err")"

# No iteration raises the cost: the last parameters are the best.
train plain d --overwrite --steps 30 --log "$tmp/log"
awk -F, 'NR > 2 && $4 > before { bad = 1 } NR > 1 { before = $4 } END { exit bad || NR < 20 }' "$tmp/log" || fail "the cost rises"
finish
