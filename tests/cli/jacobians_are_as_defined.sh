# J_t = d y_t / dθ with the state that enters step t - k2 + 1 held constant (docs/jacobians.md): of models/scalar.lua on
# paper; of others by both engines, which agree, and by finite differences; with sequences that start and padding inside of the
# stream, a head over the window, k2 shorter than the stream, states that the file gives.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

near() { # GOT WANT TOLERANCE WHAT
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && d <= t * b) }' ||
        fail "$4 is $1, it should be $2"
}

jacobian() { # SPEC words...
    "$TAPELESS" jacobian "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$*"; }
}

"$tensors" write "$tmp/params" w 1 0.2
"$tensors" write "$tmp/data" mask 5x1 1 1 1 1 1
for engine in generated interpreter; do
    for precision in "f32 1e-6" "f64 1e-14"; do
        for k2 in "3 0.9 0.36 0.108 0.0216 0.00432" "2 0.9 0.36 0.072 0.0144 0.00288" "5 0.9 0.36 0.108 0.0288 0.0072"; do
            # shellcheck disable=SC2086 # words
            set -- $k2
            jacobian models/scalar.lua --params "$tmp/params" --data "$tmp/data" --out "$tmp/j" --engine $engine --k2 "$1" \
                --precision "${precision% *}"
            shift
            for got in $("$tensors" print "$tmp/j" jacobian.w); do
                near "$got" "$1" "${precision#* }" "$engine, $precision, k2 $k2: a row of J"
                shift
            done
            [ $# = 0 ] || fail "$engine, k2 $k2: $# rows are missing"
            near "$("$tensors" print "$tmp/j" state.x)" 0.000288 "${precision#* }" "$engine, k2 $k2: the last state"
        done
    done
done

agree() { # WHAT SPEC words... both engines, and finite differences
    what=$1
    shift
    for engine in generated interpreter; do
        jacobian "$@" --precision f64 --engine $engine --out "$tmp/$engine" --check
        grep -q "finite differences along [1-9]" "$tmp/out" || fail "$what: nothing was compared"
    done
    "$BUILD/tests/compare" "$tmp/interpreter" "$tmp/generated" 1e-12 >"$tmp/said" || { cat "$tmp/said"; fail "$what"; }
}

for case in lstm lstm_2_layers gru rnn_tanh char_2_layers layer_norm_learned mask reset probes_head; do
    from=tests/torch/gradient/$case
    [ -d "$from" ] || { fail "there is no $from"; continue; }
    spec="tests/torch/$(sed "s/ --new [0-9]*//" "$from/case")"
    for k2 in "" "--k2 3"; do
        [ "$case $k2" = "probes_head --k2 3" ] && continue # its head is of its own k2
        # shellcheck disable=SC2086
        agree "$case $k2" $spec --params "$from/params.safetensors" --data "$from/data.safetensors" $k2
    done
done

# A stream of 9 steps in two lanes, in which sequences start, with padding that holds anything.
values() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%g ", sin(i * i + 1) }'; }
# shellcheck disable=SC2046
"$tensors" write "$tmp/params" W 3x2 $(values 6) -- U 3x3 $(values 9) -- b 3 $(values 3) -- V 2x3 $(values 6)
# shellcheck disable=SC2046
"$tensors" write "$tmp/data" input 9x2x2 $(values 36) -- reset 9x2 0 0 0 0 1 0 0 0 0 0 0 1 0 0 0 0 0 1 \
    -- mask 9x2 1 1 1 0 1 1 1 1 0 1 1 1 1 1 0 0 1 1 -- state.h 2x3 $(values 6)
cat >"$tmp/cell.lua" <<'EOF'
return model {
  input  = real(2),
  params = { W = { 3, 2 }, U = { 3, 3 }, b = { 3 }, V = { 2, 3 } },
  state  = { h = { 3 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return { mean = p.V(h), square = sum(square(h)) }, { h = h }
  end,
  loss   = function(y) return sum(y.mean) + y.square end,
  tbptt  = { k1 = 1, k2 = 4 },
}
EOF
agree "resets and padding" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/data"
[ "$("$tensors" print "$tmp/generated" output | wc -l)" = 54 ] || fail "three outputs of nine steps in two lanes"
"$tensors" print "$tmp/generated" jacobian.b >"$tmp/rows" # [9][2][3][3]; step 2 of lane 2 is padded
[ "$(sed -n 28,36p "$tmp/rows" | sort -u)" = 0 ] || fail "a padded step has rows of zeros"

# A head sees k2 steps of one sequence, of which none is padding: in training no other windows count.
cat >"$tmp/head.lua" <<'EOF'
return model {
  input  = real(1),
  params = { v = { 1, 1 } },
  step   = function(p, x) return p.v(x) end, -- no state: what the head sees of older steps alone stands in the step's state
  window = function(p, ys) return ys[1] + ys[2] + ys[3] end,
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = 1, k2 = 3 },
}
EOF
"$tensors" write "$tmp/one" v 1x1 1
"$tensors" write "$tmp/window" input 12x1x1 1 2 4 8 16 32 64 128 256 512 1024 2048 -- \
    reset 12x1 0 0 0 1 0 0 0 0 0 0 0 0 -- mask 12x1 1 1 1 1 1 1 1 0 1 1 1 1
jacobian "$tmp/head.lua" --params "$tmp/one" --data "$tmp/window" --out "$tmp/j"
[ "$("$tensors" print "$tmp/j" jacobian.v | tr '\n' ' ')" = "0 0 7 0 0 56 112 0 0 0 1792 3584 " ] || fail "what a head sees"

# Dropout is drawn as grad draws it, by the seed, the step and the lane.
cat >"$tmp/drop.lua" <<'EOF'
return model {
  input  = real(2),
  target = real(4),
  params = { W = { 4, 2 } },
  step   = function(p, x) return probe("y", dropout(p.W(x), 0.5)) end,
  loss   = mse,
  tbptt  = { k1 = 5, k2 = 5 },
}
EOF
# shellcheck disable=SC2046
"$tensors" write "$tmp/matrix" W 4x2 $(values 8)
# shellcheck disable=SC2046
"$tensors" write "$tmp/window" input 5x2x2 $(values 20) -- target 5x2x4 $(values 40)
for seed in 3 4; do
    "$TAPELESS" grad "$tmp/drop.lua" --params "$tmp/matrix" --data "$tmp/window" --out "$tmp/g" --tick 4 --seed $seed >"$tmp/out"
    jacobian "$tmp/drop.lua" --params "$tmp/matrix" --data "$tmp/window" --out "$tmp/j" --seed $seed
    "$tensors" print "$tmp/g" probe.y | sed "s/^-0$/0/" >"$tmp/want" # y is read as a sum
    "$tensors" print "$tmp/j" output | sed "s/^-0$/0/" >"$tmp/y.$seed"
    cmp -s "$tmp/want" "$tmp/y.$seed" || fail "dropout of seed $seed is another than grad's"
done
cmp -s "$tmp/y.3" "$tmp/y.4" && fail "the seed does not change dropout"

refused() { # SENTENCE words...
    sentence=$1
    shift
    "$TAPELESS" jacobian "$@" >"$tmp/out" 2>"$tmp/err" && fail "it is not refused: $*"
    grep -qF -e "$sentence" "$tmp/err" || { cat "$tmp/err"; fail "it does not say: $sentence"; }
}
refused "give --out F, --check or --diff" "$tmp/cell.lua" --params "$tmp/params"
refused "are for random numbers" "$tmp/cell.lua" --data "$tmp/data" --out "$tmp/j" --steps 5
refused "--engine torch: it is generated or interpreter" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/data" --out "$tmp/j" --engine torch
refused "add --precision f64" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/data" --check
"$tensors" write "$tmp/none" target 3x1x2 1 2 3 4 5 6
refused "has no tensor 'input'" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/none" --out "$tmp/j"
"$tensors" write "$tmp/bad" input 1x1x2 1 2 -- reset 1x1 0.5
refused "reset has 0.5 at element 0; it takes 0 or 1" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/bad" --out "$tmp/j"
"$tensors" write "$tmp/bad" input 1x1x2 1 2 -- rest 1x1 1
refused "has no use for a tensor 'rest'; did you mean 'reset'?" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/bad" --out "$tmp/j"
"$tensors" write "$tmp/bad" input 1x1x2 1 2 -- state.h 1x3 1 nan 1
refused "state.h[0, 1] is nan, which is not finite" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/bad" --out "$tmp/j"
"$tensors" write "$tmp/bad" input 1x1x2 1 2 -- state.h 2x3 1 1 1 1 1 1
refused "state.h is {2, 3} but the model takes {1, 3}" "$tmp/cell.lua" --params "$tmp/params" --data "$tmp/bad" --out "$tmp/j"
# shellcheck disable=SC2046
"$tensors" write "$tmp/huge" W 3x2 $(values 6) -- U 3x3 $(values 9) -- b 3 1 1e30 1 -- V 2x3 3e38 3e38 3e38 3e38 3e38 3e38
refused "an output of step 1 is not finite" "$tmp/cell.lua" --params "$tmp/huge" --data "$tmp/data" --out "$tmp/j"
finish
