# Where a step's loss weighs 0 its target may be anything, NaN or a token that there is not, and its input is
# read: loss, gradients and states are those of any other target, of one window, of a training, scored and by
# both engines; with the mask instead the state would have stood still.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
cat >"$tmp/m.lua" <<'LUA'
local o = options { overlap = "recompute", loss = "new" }
return model {
  input = real(2), target = { y = real(2), word = token(3) },
  params = { U = { 2, 2 }, W = { 2, 2 }, V = { 3, 2 } },
  state = { h = { 2 } },
  step = function(p, x, s) local h = tanh(p.U(s.h) + p.W(x)); return { y = h, word = p.V(h) }, { h = h } end,
  loss = function(y, t) return mse(y.y / t.y, t.y) + cross_entropy(y.word, t.word) end,
  tbptt = { k1 = 2, k2 = 4, batch = 2, overlap = o.overlap, loss = o.loss },
}
LUA
"$tensors" write "$tmp/params" U 2x2 0.3 -0.5 0.7 0.2 -- W 2x2 0.4 -0.6 0.1 0.8 -- V 3x2 0.4 -0.6 0.1 0.8 0.5 -0.3
write() { # FILE REAL TOKEN, of the steps 1 and 3 in the first lane and of the last two in the second
    "$tensors" write "$1" weight 4x2 0 1 2.5 0.25 0 0 1 0 \
        -- input 4x2x2 0.5 -1 0.25 0.75 0.5 -0.5 0.3 0.6 0.1 0.7 0.2 -0.1 -0.4 0.2 0.4 0.4 \
        -- target.y 4x2x2 "$2" "$2" 0.3 0.4 0.5 0.6 0.7 0.8 "$2" 1 "$2" "$2" 0.2 0.3 "$2" 0.5 \
        -- target.word 4x2 "$3" 1 2 0 "$3" "$3" 1 "$3"
}
write "$tmp/ones.safetensors" 1 1
write "$tmp/anything.safetensors" nan -100
same() { # TENSORS...
    "$BUILD/tests/compare" "$tmp/ones.out" "$tmp/anything.out" 0 "$@" >"$tmp/said" || { cat "$tmp/said"; fail "$engine $how: $*"; }
}
for engine in generated interpreter; do
    for how in "new recompute" "last retain" "all versions"; do
        set -- -D loss=${how% *} -D overlap=${how#* }
        for fill in ones anything; do
            "$TAPELESS" grad "$tmp/m.lua" "$@" --engine $engine --precision f64 --params "$tmp/params" \
                --data "$tmp/$fill.safetensors" --out "$tmp/$fill.out" >"$tmp/said" || fail "$engine grad $fill: $(cat "$tmp/said")"
        done
        same loss grad state
        for fill in ones anything; do
            "$TAPELESS" train "$tmp/m.lua" "$@" --engine $engine --precision f64 --data "$tmp/$fill.safetensors" \
                --valid-data "$tmp/$fill.safetensors" --start "$tmp/params" --epochs 3 --quiet --overwrite \
                --checkpoint "$tmp/$fill.out" >/dev/null 2>"$tmp/said" || fail "$engine train $fill: $(cat "$tmp/said")"
            "$TAPELESS" eval "$tmp/m.lua" "$@" --engine $engine --precision f64 --data "$tmp/$fill.safetensors" \
                --lanes 2 --checkpoint "$tmp/$fill.out" --json >"$tmp/$fill.json" || fail "$engine eval $fill"
        done
        same U W V state
        cmp -s "$tmp/ones.json" "$tmp/anything.json" || fail "$engine eval: $(cat "$tmp/ones.json" "$tmp/anything.json")"
        grep -q '"weight": 4.75' "$tmp/ones.json" || fail "the weights' sum: $(cat "$tmp/ones.json")"
    done
done
# A training that goes on in the middle of an epoch is the same.
train() { "$TAPELESS" train "$tmp/m.lua" -D overlap=versions --data "$tmp/anything.safetensors" --valid 0 --quiet "$@" >/dev/null 2>"$tmp/said" || fail "$(cat "$tmp/said")"; }
train --steps 5 --checkpoint "$tmp/through"
train --steps 3 --checkpoint "$tmp/stopped"
train --steps 5 --checkpoint "$tmp/stopped" --resume
"$BUILD/tests/compare" "$tmp/through" "$tmp/stopped" 0 U W V state optim >"$tmp/said" || { cat "$tmp/said"; fail "a resumed training goes another way"; }
# A token that counts is looked at, and a weight must be one.
"$tensors" write "$tmp/bad.safetensors" weight 2x1 1 1 -- input 2x1x2 1 2 3 4 -- target.y 2x1x2 1 1 1 1 -- target.word 2x1 0 -100
"$TAPELESS" grad "$tmp/m.lua" --params "$tmp/params" --data "$tmp/bad.safetensors" --out "$tmp/out" >"$tmp/said" 2>&1 && fail "a token of -100 counts"
grep -qF "target.word[1, 0] is -100 (step 2, lane 1); tokens are integers from 0 to 2" "$tmp/said" || fail "$(cat "$tmp/said")"
"$tensors" write "$tmp/bad.safetensors" weight 2x1 1 -2 -- input 2x1x2 1 2 3 4 -- target.y 2x1x2 1 1 1 1 -- target.word 2x1 0 1
"$TAPELESS" grad "$tmp/m.lua" --params "$tmp/params" --data "$tmp/bad.safetensors" --out "$tmp/out" >"$tmp/said" 2>&1 && fail "a weight of -2"
grep -q "weight has -2 at element 1; it takes 0, or a number from 1e-15 to 1e15" "$tmp/said" || fail "$(cat "$tmp/said")"
# Nothing counts in all of the data.
"$tensors" write "$tmp/none.safetensors" weight 4x2 0 0 0 0 0 0 0 0 \
    -- input 4x2x2 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4 -- target.y 4x2x2 nan nan 1 1 1 1 1 1 1 1 1 1 1 1 1 1 -- target.word 4x2 9 9 9 9 9 9 9 9
"$TAPELESS" train "$tmp/m.lua" --data "$tmp/none.safetensors" --valid 0 --steps 3 --quiet --overwrite --checkpoint "$tmp/out" >"$tmp/said" 2>&1 && fail "nothing counts"
grep -q "no step of the data counts: the mask times the weight is 0" "$tmp/said" || fail "$(cat "$tmp/said")"
finish
