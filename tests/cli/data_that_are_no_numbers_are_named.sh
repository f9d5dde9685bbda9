# A number that is not finite, or a token that there is not, is named by tensor, place and value wherever it
# comes from; a tensor that nothing reads is named, too. Where the mask is 0 anything may stand.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

says() { # SENTENCE WORD...
    sentence=$1 status=0
    shift
    "$@" >"$tmp/said" 2>&1 || status=$?
    [ $status = 2 ] || fail "$*: exit status $status"
    grep -qF "$sentence" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
}

bad=tests/faults/nan_target.safetensors
element='nan_target.safetensors: target[5, 1, 0] is nan (step 6, lane 2); data are finite numbers'
says "$element" "$TAPELESS" train tests/faults/nan_target.lua --data $bad -c "$tmp/c"
[ ! -e "$tmp/c" ] || fail "a checkpoint was written"

cat >"$tmp/m.lua" <<'LUA'
return model {
  input = { a = real(2), t = token(5) }, target = real(1),
  params = { W = { 2, 2 }, E = { 5, 2 }, V = { 1, 2 } }, state = { h = { 2 } },
  step = function(p, x, s) local h = tanh(p.W(x.a) + embedding(p.E, x.t) + s.h); return p.V(h), { h = h } end,
  loss = mse, tbptt = { k1 = 3, k2 = 3, batch = 1 },
}
LUA
params() { # FILE ONE_OF_W
    "$tensors" write "$1" W 2x2 0.1 0.2 "$2" 0.4 -- E 5x2 1 2 3 4 5 6 7 8 9 0 -- V 1x2 0.5 0.5
}
data() { # FILE A T Y STATE [MORE...]
    file=$1 a=$2 t=$3 y=$4 h=$5
    shift 5
    "$tensors" write "$file" input.a 3x1x2 1 2 3 "$a" 5 6 -- input.t 3x1 1 "$t" 4 -- target 3x1x1 1 2 "$y" "$@" \
        -- state.h 1x2 0.5 "$h"
}
grad() { "$TAPELESS" grad "$tmp/m.lua" --params "$1" --data "$2" --out "$tmp/g" ; }
params "$tmp/p" 0.3
data "$tmp/d" 4 2 3 0.25
grad "$tmp/p" "$tmp/d" >/dev/null || fail "good data are refused"

params "$tmp/bad" nan
says 'bad: W[1, 0] is nan, which is not finite' grad "$tmp/bad" "$tmp/d"
params "$tmp/bad" 1e39
says 'bad: W[1, 0] is 1e+39, which is not finite in f32; --precision f64 reads it' grad "$tmp/bad" "$tmp/d"
data "$tmp/bad" inf 2 3 0.25
says 'bad: input.a[1, 0, 1] is inf (step 2, lane 1)' grad "$tmp/p" "$tmp/bad"
data "$tmp/bad" 1e300 2 3 0.25
says 'bad: input.a[1, 0, 1] is 1e+300 (step 2, lane 1); that is beyond the largest number of f32' grad "$tmp/p" "$tmp/bad"
data "$tmp/bad" 4 5 3 0.25
says 'bad: input.t[1, 0] is 5 (step 2, lane 1); tokens are integers from 0 to 4' grad "$tmp/p" "$tmp/bad"
data "$tmp/bad" 4 2 nan 0.25
says 'bad: target[2, 0, 0] is nan (step 3, lane 1)' grad "$tmp/p" "$tmp/bad"
data "$tmp/bad" 4 2 3 nan
says 'bad: state.h[0, 1] is nan, which is not finite' grad "$tmp/p" "$tmp/bad"

# What nothing reads.
data "$tmp/bad" 4 2 3 0.25 -- targt 3x1x1 1 2 3
says "bad: the model m has no use for a tensor 'targt'; did you mean 'target'?" grad "$tmp/p" "$tmp/bad"
data "$tmp/bad" 4 2 3 0.25 -- state.g 1x2 1 1
says "bad: the model m has no use for a tensor 'state.g'; did you mean 'state.h'?" grad "$tmp/p" "$tmp/bad"
"$tensors" write "$tmp/bad" W 2x2 1 2 3 4 -- E 5x2 1 2 3 4 5 6 7 8 9 0 -- V 1x2 1 1 -- EE 5x2 1 2 3 4 5 6 7 8 9 0
says "bad: it has a parameter 'EE' that the model m does not have; did you mean 'E'?" grad "$tmp/bad" "$tmp/d"

# The same from files of data and of weights, by every command that reads them.
"$tensors" write "$tmp/t.safetensors" input.a 3x1x2 1 2 3 4 5 6 -- input.t 3x1 1 2 4 -- target 3x1x1 1 2 3
"$tensors" write "$tmp/n.safetensors" input.a 3x1x2 1 2 3 4 5 nan -- input.t 3x1 1 2 4 -- target 3x1x1 1 2 3
"$TAPELESS" train "$tmp/m.lua" --data "$tmp/t.safetensors" --valid 0 -c "$tmp/w" -q >/dev/null || fail "training failed"
params "$tmp/bad.safetensors" inf
for command in eval lags; do
    says 'n.safetensors: input.a[2, 0, 1] is nan (step 3, lane 1)' "$TAPELESS" $command "$tmp/m.lua" --data "$tmp/n.safetensors" -c "$tmp/w"
    says 'bad.safetensors: W[1, 0] is inf' "$TAPELESS" $command "$tmp/m.lua" --data "$tmp/t.safetensors" -c "$tmp/bad.safetensors"
done
says 'bad.safetensors: W[1, 0] is inf' "$TAPELESS" import "$tmp/m.lua" "$tmp/bad.safetensors" -c "$tmp/i"
says 'bad.safetensors: W[1, 0] is inf' "$TAPELESS" train "$tmp/m.lua" --start "$tmp/bad.safetensors" --data "$tmp/t.safetensors" -c "$tmp/i"
says 'n.safetensors: input.a[2, 0, 1] is nan' "$TAPELESS" train "$tmp/m.lua" --data "$tmp/t.safetensors" --valid-data "$tmp/n.safetensors" -c "$tmp/i"

# Padding: PyTorch's ignore_index, NaN, anything.
cat >"$tmp/i.lua" <<'LUA'
return model {
  input = token(5), target = { t = token(5), y = real(1) },
  params = { E = { 5, 4 }, U = { 4, 4 }, V = { 5, 4 }, Y = { 1, 4 } }, state = { h = { 4 } },
  step = function(p, x, s)
    local h = tanh(embedding(p.E, x) + p.U(s.h))
    return { t = p.V(h), y = p.Y(h) }, { h = h }
  end,
  loss = function(y, t) return cross_entropy(y.t, t.t) + mse(y.y, t.y) end,
  tbptt = { k1 = 4, k2 = 4 },
}
LUA
padded() { # FILE TOKEN NUMBER
    "$tensors" write "$1" mask 4x1 1 0 1 0 -- input 4x1 1 "$2" 3 "$2" -- target.t 4x1 2 "$2" 4 "$2" -- target.y 4x1x1 0.5 "$3" 1 "$3"
}
padded "$tmp/zero.safetensors" 0 0
padded "$tmp/any.safetensors" -100 nan
"$tensors" write "$tmp/ip" E 5x4 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 -- U 4x4 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 \
    -- V 5x4 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 -- Y 1x4 1 2 3 4
for engine in generated interpreter; do
    for file in zero any; do
        "$TAPELESS" grad "$tmp/i.lua" --engine $engine --precision f64 --params "$tmp/ip" --data "$tmp/$file.safetensors" \
            --out "$tmp/$file.out" >"$tmp/said" 2>&1 || fail "$engine: $(cat "$tmp/said")"
    done
    "$BUILD/tests/compare" "$tmp/zero.out" "$tmp/any.out" 0 loss grad state >"$tmp/said" || fail "$engine: $(cat "$tmp/said")"
done
"$TAPELESS" train tests/faults/ignore_index.lua --data tests/faults/ignore_index.safetensors --valid 0 -c "$tmp/j" -q >/dev/null \
    2>"$tmp/said" || fail "ignore_index: $(cat "$tmp/said")"
"$TAPELESS" eval tests/faults/ignore_index.lua --data tests/faults/ignore_index.safetensors -c "$tmp/j" >"$tmp/said" || fail "eval of padding"
finish
