# ridge ends in one iteration at the readout that least squares by QR gives (tests/torch/ridge.py), whatever the engine, the
# shards, the windows and where it begins; and says what it is not for.
. tests/cli/common.sh
from=tests/torch/ridge

train() { # CASE options...
    case=$1
    shift
    case $case in
    without) words="-D l2=0" ;;
    *) words="-D decay=$case" ;;
    esac
    rm -f "$tmp/c"
    # shellcheck disable=SC2086 # words
    "$TAPELESS" train tests/torch/ridge.lua $words --data $from/data.safetensors --start $from/start.safetensors --valid 0 --json \
        -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err" || fail "$case $*: $(cat "$tmp/err")"
}
solves() { # CASE TOLERANCE options...
    case=$1 tolerance=$2
    shift 2
    train "$case" "$@"
    "$BUILD/tests/compare" $from/"$case".safetensors "$tmp/c" "$tolerance" >"$tmp/said" || fail "$case $*: $(grep FAILED "$tmp/said")"
    awk -v want="$(sed -n "s/^$case //p" $from/costs)" -v most="$tolerance" '
        /"stopped": "solved"/ { solved = 1 }
        /"updates": 1,/ { one = 1 }
        /"cost":/ { d = $2 / want - 1; near = d < most && d > -most }
        END { exit !(solved && one && near) }' "$tmp/out" || fail "$case $*: $(cat "$tmp/out")"
}
for case in all matrices without; do solves $case 1e-10; done
solves all 1e-10 --engine interpreter
solves all 1e-10 --shards 2 --threads 2
solves all 1e-10 --k1 1 --k2 1
solves all 1e-10 --k1 7 --k2 50
solves all 1e-10 --learn rtrl -O none
solves all 1e-4 -p f32
grep -qE "truncated|singular|no residual" "$tmp/err" && fail "something is said of it: $(cat "$tmp/err")"

# The reservoir keeps its bits.
for name in weight_ih weight_hh bias; do
    for file in $from/start.safetensors "$tmp/c"; do "$BUILD/tests/tensors" print "$file" "rnn.$name"; done | sort | uniq -c |
        awk '$1 % 2 { bad = 1 } END { exit bad || !NR }' || fail "rnn.$name has changed"
done

# A training that has ended says so; with another l2 it goes on, to that solution.
train without --set train.optimizer.l2=1e-3
"$TAPELESS" train tests/torch/ridge.lua -D l2=0 --set train.optimizer.l2=1e-3 --data $from/data.safetensors --valid 0 -c "$tmp/c" \
    --resume >"$tmp/out" 2>"$tmp/err" || fail "resume: $(cat "$tmp/err")"
grep -qF "the training of the checkpoint has ended after 1 iterations: the equations are solved" "$tmp/err" ||
    fail "resume: $(cat "$tmp/err")"
"$BUILD/tests/compare" $from/all.safetensors "$tmp/c" 1e-10 >"$tmp/said" || fail "resumed: $(grep FAILED "$tmp/said")"

# ---- what it is not for ----

awk 'BEGIN { print "x,y"; for (i = 0; i < 40; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.25) }' >"$tmp/d.csv"
net() { # NAME PARAMS OUTPUT [STATE] [NEXT]
    cat >"$tmp/$1.lua" <<LUA
return model {
  input  = real(1),
  target = real(1),
  params = { rnn = nn.esn(1, 4), $2 },
  state  = { ${4:-} },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return $3, { rnn = rnn, ${5:-} }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 4 },
  train  = { optimizer = ridge { l2 = 0 } },
}
LUA
}
refused() { # SENTENCE, SPEC, options...
    sentence=$1 spec=$2 status=0 want=${ended:-2}
    shift 2
    "$TAPELESS" train "$tmp/$spec.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -c "$tmp/none" --engine interpreter "$@" \
        >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = "$want" ] && grep -qF -e "$sentence" "$tmp/err" || fail "$spec $*: status $status, $(cat "$tmp/err"), not: $sentence"
    [ ! -e "$tmp/none" ] || [ $want = 1 ] || fail "$spec $*: a checkpoint was written"
    rm -f "$tmp/none"
}
only="ridge solves for parameters that the output is linear in, and"
net plain "V = { 1, 4 }" "p.V(h)"
net moves "V = { 1, 4 }, a = { 4 }" "p.V(s.g)" "g = { 4 }" "g = s.g + p.a * h"
refused "$only a moves the state g; freeze it with trainable = false, or take lm" moves
net learned "V = { 1, 4 }" "p.V(h) + s.g" "g = learned({ 1 })" "g = 0.5 * s.g"
refused "$only init.g moves the state g" learned
net stopped "V = { 1, 4 }" "p.V(h) + s.g" "g = { 1 }" "g = stop_gradient(p.V(h))"
refused "$only V moves the state g" stopped
net curved "V = { 1, 4 }" "tanh(p.V(h))"
refused "$only what V does to it depends on V; freeze one with trainable = false, or take lm" curved
net product "V = { 1, 4 }, g = { 1 }" "p.g * p.V(h)"
refused "$only what V does to it depends on g" product
net bound "V = param({ 1, 4 }, 0, { constrain = { min = 0 } })" "p.V(h)"
refused "the parameter V is constrained, and ridge solves without bounds: lm holds them" bound
net alike "V = { 1, 4 }, W = { 1, 4 }" "p.V(h) + p.W(h)"
ended=1
refused "alike: the equations have no one solution, for W: what some element of it does to the residuals others do as well; an l2 above 0 decides" alike
net idle "V = { 1, 4 }, W = { 1, 4 }" "p.V(h) + p.W(relu(h - 2))"
refused "idle: the equations have no one solution, for W: no residual depends on some element of it; an l2 above 0 decides" idle
ended=2
refused "train: the schedule is of a learning rate, and ridge has none: it solves for the parameters at once" plain --set train.schedule=cosine
refused "ridge has no field lambda" plain --set train.optimizer.lambda=1

# A trainer that was built for something else does not know whether it may.
"$TAPELESS" build "$tmp/plain.lua" --optimizer lm -o "$tmp/lm" >"$tmp/out" 2>"$tmp/err" || fail "build: $(cat "$tmp/err")"
"$tmp/lm/plain" train --data "$tmp/d.csv" --input x --target y -c "$tmp/none" --optimizer ridge >"$tmp/out" 2>"$tmp/err" &&
    fail "a trainer of lm trains with ridge"
grep -qF "tapeless train SPEC --optimizer ridge builds one" "$tmp/err" || fail "lm: $(cat "$tmp/err")"
finish
