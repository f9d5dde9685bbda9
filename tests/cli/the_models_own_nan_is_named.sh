# What both engines find that is not finite is the model's own: diff and check name the operation that made it first, with
# its operands, and what to give so that it sees others. What one engine alone finds is a disagreement.
. tests/cli/common.sh
faults=tests/faults

ends() { # STATUS, words: standard output in $tmp/out
    want=$1
    shift
    status=0
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = "$want" ] || fail "tapeless $*: exit status $status: $(tail -n 3 "$tmp/out" "$tmp/err")"
}

says() { # WHAT: in $tmp/out
    grep -qF -- "$1" "$tmp/out" || fail "'$1' is not in: $(tail -n 3 "$tmp/out")"
}

own="It is the model's own"
for p in f32 f64; do
    # ---- a value ----
    ends 1 diff $faults/nanstate.lua -p $p
    says "$p, agree, but not all is finite"
    says "nanstate.lua:7 is NaN, of (... + ...) = -0.592653, in step 1 of a window of 2"
    says "sqrt at $faults/nanstate.lua:7"
    says "$own, not a disagreement; --state v=LOW..HIGH, --range TENSOR=LOW..HIGH, --params F or --data F choose"
    grep -q DIFFER "$tmp/out" && fail "nanstate: $(cat "$tmp/out")"
    ends 0 diff $faults/nanstate.lua -p $p --state v=0.1..2
    ends 0 diff $faults/nanstate.lua -p $p --range state.v=0.1..2

    # ---- a derivative ----
    ends 1 diff $faults/sqrt0.lua -p $p
    says "going back through sqrt at $faults/sqrt0.lua:2, of (... * ...) = -0, the gradient"
    says "becomes -inf, in step 3 of a window of 3, lane 1, element 0; its derivative there is infinite"

    # ---- what where does not take ----
    ends 1 diff $faults/divmask.lua -p $p
    says "going back through div at $faults/divmask.lua:2, of w = 0.0996088 and (... * ...) = 0, the gradient 0 becomes NaN"
    says "where at $faults/divmask.lua:2 does not take that value, but what goes back to it is 0 times infinity"
    says "$own"

    # ---- what is too small or too many for a tolerance of one size ----
    ends 0 diff $faults/sg.lua -p $p
    ends 0 diff $faults/bigbatch.lua -p $p
done
ends 0 diff $faults/bigbatch.lua
says "of 3.1e-05"
ends 1 diff $faults/bigbatch.lua --tolerance 1e-7 # of all, if it is said
says DIFFER

# ---- check ----
for spec in sqrt0 divmask; do
    ends 1 check $faults/$spec.lua
    says "$faults/$spec.lua: f64, not checked: going back through"
    says "$own"
done
ends 1 check $faults/nanstate.lua --state v=-2..-1
says "f64, not checked: sqrt at $faults/nanstate.lua:7 is NaN, of (... + ...) = "
ends 0 check $faults/nanstate.lua --state v=0.1..2
ends 0 check $faults/sg.lua
says "finite differences see nothing"
says "6 of 6 gradients are less than the rounding of the loss"
ends 0 check $faults/sg.lua --range w=-1e-5..1e-5 # where the sigmoids bend
says "with steps of"
says "finite differences agree"
ends 0 check $faults/bigbatch.lua -p f64
ends 2 check $faults/sg.lua -p f32
grep -q "finite differences say something in f64 alone" "$tmp/err" || fail "check -p f32: $(cat "$tmp/err")"

# ---- JSON ----
ends 1 diff $faults/nanstate.lua --json
says '"passed": false'
says '"agree": true'
says '"finite": false'
says '"nan_in_both": 1'
says '"not_finite": "sqrt at'
ends 1 check $faults/divmask.lua --json
says '"worst": null'
says '"not_finite": "going back through div'
ends 0 check $faults/sg.lua --json
says '"unseen": 6'

# ---- other operations ----
spec() { # STEP: a spec of one step
    cat >"$tmp/net.lua" <<LUA
return model {
  input = real(2), target = real(2), params = { w = param({ 2 }, 1), m = { 2, 2 } }, state = { h = { 2 } },
  step = function(p, x, s)
    $1
    return y, { h = 0.5 * s.h + 0.1 * x }
  end,
  loss = mse, tbptt = { k1 = 2, k2 = 3, batch = 2 },
}
LUA
}
spec "local y = log(x - 10) * p.w"
ends 1 diff "$tmp/net.lua" -p f64
says "log at $tmp/net.lua:4 is NaN, of (... - ...) = "
spec "local y = p.w / (x * 0)"
ends 1 diff "$tmp/net.lua" -p f64
says "div at $tmp/net.lua:4 is"
says "of w = "
spec "local y = p.w * exp(1000 + square(x))"
ends 1 diff "$tmp/net.lua" -p f64
says "exp at $tmp/net.lua:4 is inf, of (... + ...) = 100"
spec "local y = exp(1000 + x) - exp(1000 + x * 2) + p.w"
ends 1 diff "$tmp/net.lua" -p f64
says "sub at $tmp/net.lua:4 is NaN, of exp(...) = inf and exp(...) = inf"
spec "local y = p.m(x * 1e30) * 1e30 * p.w"
ends 1 diff "$tmp/net.lua"  # too large for f32
says "at $tmp/net.lua:4 is"
ends 0 diff "$tmp/net.lua" -p f64
spec "local y = p.m(sqrt(relu(x))) + p.w"
ends 0 diff "$tmp/net.lua" -p f64 # x has no gradient
spec "local y = p.m(sqrt(abs(p.w * x * 0)))"
ends 1 diff "$tmp/net.lua" -p f64
says "going back through sqrt at $tmp/net.lua:4, of abs(...) = 0"
spec "local y = p.m(max(sqrt(s.h * p.w), 0))"
ends 1 diff "$tmp/net.lua" -p f64 --state h=-2..-1
says "sqrt at $tmp/net.lua:4 is NaN"

# ---- every operation, with 0, NaN and infinity in it and with infinite gradients, in both engines alike ----
for how in "-p f64" "-p f32" "-p f64 -O no-fuse"; do
    ends 1 diff $faults/infinite.lua $how
    says "agree, but not all is finite"
done

# ---- what it is tried on ----
ends 2 diff $faults/nanstate.lua --state v=2..1
grep -qF -- "--state v=2..1: write NAME=LOW..HIGH with two numbers" "$tmp/err" || fail "$(cat "$tmp/err")"
ends 2 diff $faults/nanstate.lua --state w=0..1
grep -qF -- "--state w=0..1: the model has no state w" "$tmp/err" || fail "$(cat "$tmp/err")"
ends 2 diff $faults/nanstate.lua --range input.x=0..1
grep -qF -- "--range input.x=0..1: the model has no tensor input.x" "$tmp/err" || fail "$(cat "$tmp/err")"
ends 2 diff models/charlstm.lua -D vocab=5 --range input=0..1
grep -qF -- "--range input=0..1: it is a token" "$tmp/err" || fail "$(cat "$tmp/err")"
for range in input=0..1 target=0..1 a=2..3 state.v=1..1; do
    ends 0 diff $faults/nanstate.lua --state v=1..2 --range $range 2>/dev/null || true
done

# Parameters and a window of files, as grad reads them: the loss is the same.
"$BUILD/tests/tensors" write "$tmp/p.safetensors" a 1 3
"$BUILD/tests/tensors" write "$tmp/d.safetensors" input 3x1x1 1 2 3 -- target 3x1x1 0 0 0 -- state.v 1x1 4
ends 0 diff $faults/nanstate.lua --params "$tmp/p.safetensors" --data "$tmp/d.safetensors" -p f64
says "a (3 steps)"
grep -q "2 steps" "$tmp/out" && fail "diff --data runs other windows than that of the file"
ends 0 check $faults/nanstate.lua --params "$tmp/p.safetensors" --data "$tmp/d.safetensors"
"$BUILD/tests/tensors" write "$tmp/n.safetensors" input 3x1x1 1 2 3 -- target 3x1x1 0 0 0 -- state.v 1x1 -40
ends 1 diff $faults/nanstate.lua --params "$tmp/p.safetensors" --data "$tmp/n.safetensors" -p f64
says "sqrt at $faults/nanstate.lua:7 is NaN, of (... + ...) = -35.9, in step 1 of a window of 3"
ends 2 diff $faults/nanstate.lua --params "$tmp/d.safetensors"
ends 2 diff $faults/nanstate.lua --data "$tmp/none.safetensors"

# ---- generated code that is spoiled: a disagreement, whatever the model finds itself ----
export TAPELESS_CACHE="$tmp/cache" SPOILED="$tmp/spoiled" CC="sh $PWD/tests/cli/common_spoiled_cc.sh"
mkdir "$SPOILED"
spoiled() { # SED SCRIPT, STATUS, words
    export SPOIL="$1"
    shift
    rm -rf "$TAPELESS_CACHE"
    ends "$@"
}
spoiled '' 0 diff $faults/nanstate.lua -p f64 --state v=0.1..2
spoiled 's/sqrt(/1.0000001 * sqrt(/' 1 diff $faults/nanstate.lua -p f64 --state v=0.1..2
says "f64, DIFFER: worst"
says "worst value: step "
says "worst adjoint: step "
spoiled 's/sqrt(/(0.0 \/ 0.0) * sqrt(/' 1 diff $faults/nanstate.lua -p f64 --state v=0.1..2
says "f64, DIFFER: worst inf"
says "worst value: step 1 of 4, $faults/nanstate.lua:7 sqrt"
grep -qF "$own" "$tmp/out" && fail "a NaN of the generated code's was called the model's"
spoiled 's/sqrt(/(0.0 \/ 0.0) * sqrt(/' 1 check $faults/nanstate.lua --state v=0.1..2
says "the loss of the generated code is not finite, and the interpreter finds nothing that makes it so"
spoiled 's/sqrt(/fabs(/' 1 diff $faults/nanstate.lua -p f64 --state v=-2..-1 # a NaN that the generated code does not make
says "f64, DIFFER"
spoiled 's/tl_tanh_f32(/1.001f * tl_tanh_f32(/' 1 diff $faults/bigbatch.lua # a tolerance that grew is still one
says "f32, DIFFER"
spoiled 's/\(y[0-9]*\[[^]]*\]\) += /\1 += 1e-5 + /' 1 check models/elman.lua -D hidden=3
says "finite differences DIFFER"
finish
