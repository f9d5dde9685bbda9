# What stands in the data where the mask is 0 does not matter, be it NaN: loss, gradients and states are
# those of any other filling, of one window and of a training, by both engines.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
cat >"$tmp/m.lua" <<'LUA'
return model {
  input = real(2), target = real(2),
  params = { U = { 2, 2 }, W = { 2, 2 } },
  state = { h = { 2 } },
  step = function(p, x, s) local h = tanh(p.U(s.h) + p.W(x)); return h / x, { h = h } end,
  loss = mse,
  tbptt = { k1 = 2, k2 = 4, batch = 2, masks = true },
}
LUA
"$tensors" write "$tmp/params" U 2x2 0.3 -0.5 0.7 0.2 -- W 2x2 0.4 -0.6 0.1 0.8
write() { # FILE FILLER: the second lane ends after two steps
    "$tensors" write "$1" mask 4x2 1 1 1 1 1 0 1 0 \
        -- input 4x2x2 0.5 -1 0.25 0.75 0.5 -0.5 0.3 0.6 0.1 0.7 "$2" "$2" -0.4 0.2 "$2" "$2" \
        -- target 4x2x2 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 "$2" "$2" 0.2 0.3 "$2" "$2"
}
write "$tmp/ones.safetensors" 1
write "$tmp/nan.safetensors" nan
for engine in generated interpreter; do
    for fill in ones nan; do
        "$TAPELESS" grad "$tmp/m.lua" --engine $engine --precision f64 --params "$tmp/params" \
            --data "$tmp/$fill.safetensors" --out "$tmp/$fill.out" >"$tmp/said" || fail "$engine grad $fill: $(cat "$tmp/said")"
        "$TAPELESS" train "$tmp/m.lua" --engine $engine --precision f64 --data "$tmp/$fill.safetensors" --valid 0 \
            --start "$tmp/params" --epochs 3 --quiet --overwrite --checkpoint "$tmp/$fill.trained" >/dev/null 2>"$tmp/said" ||
            fail "$engine train $fill: $(cat "$tmp/said")"
    done
    "$BUILD/tests/compare" "$tmp/ones.out" "$tmp/nan.out" 0 loss grad state >"$tmp/said" || { cat "$tmp/said"; fail "$engine: grad"; }
    "$BUILD/tests/compare" "$tmp/ones.trained" "$tmp/nan.trained" 0 U W state >"$tmp/said" || { cat "$tmp/said"; fail "$engine: train"; }
done
finish
