# How much gradient arrives k steps back, as `grad --lags`, the training's log and `lags` say it:
#   - of models/scalar.lua, x' = w x, d x_t / d x_(t-k) = w^k, exactly;
#   - what enters a window has the adjoint that differences of the loss show, without and with a head,
#     in windows of every length, by both engines; where a sequence starts nothing passes;
#   - so it has where a head sees parts of states, and where a state comes of the input alone;
#   - of lags that no window reaches nothing is said;
#   - what a trainer was not built for, it refuses with a sentence.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

for engine in generated interpreter; do
    "$TAPELESS" train models/scalar.lua --engine $engine --precision f64 --steps 5 --lags --lr 0 --quiet --overwrite \
        --checkpoint "$tmp/s" --log "$tmp/log.csv" >/dev/null || fail "$engine: train --lags"
    got=$(cut -d, -f8- "$tmp/log.csv" | tr '\n' ' ')
    [ "$got" = "lag_1,lag_2,lag_3 0.2,, 0.2,0.04, 0.2,0.04,0.008 0.2,0.04,0.008 0.2,0.04,0.008 " ] ||
        fail "$engine: the log says $got"
    "$TAPELESS" lags models/scalar.lua --engine $engine --precision f64 --checkpoint "$tmp/s" --k2 6 --windows 20 \
        --plot "$tmp/lags.svg" >"$tmp/said" || fail "$engine: lags"
    awk '$1 ~ /^[1-6]$/ { n++; d = $2 / 0.2 ^ $1 - 1; if (d > 1e-3 || d < -1e-3) exit 1 } END { exit n != 6 }' "$tmp/said" ||
        fail "$engine: lags says $(cat "$tmp/said")"
    grep -q "^At lag 6 the window is cut: 0.032 % of the norm at lag 1" "$tmp/said" || fail "$engine: $(tail -n 1 "$tmp/said")"
done
grep -q "</svg>" "$tmp/lags.svg" || fail "no picture was drawn"

spec() { # HEAD
    cat <<LUA
return model {
  input = real(2), target = real(2),
  params = { U = { 2, 2 }, a = { 2 }, b = { 2 } },
  state = { h = { 2 }, slow = { 2 } },
  step = function(p, x, s)
    local h = tanh(p.U(s.h) + p.a * x + s.slow)
    return h, { h = h, slow = 0.5 * s.slow + p.b * square(h) }
  end,
  $1
  loss = mse,
  tbptt = { k1 = 1, k2 = 3, loss = "last", resets = true },
}
LUA
}
spec "" >"$tmp/plain.lua"
spec "window = function(p, ys, ss) return ss[1].h * ss[3].slow + ss[2].h * ys[2] + p.b * ss[1].slow end," >"$tmp/head.lua"
"$tensors" write "$tmp/params" U 2x2 0.3 -0.5 0.7 0.2 -- a 2 0.4 -0.6 -- b 2 0.9 0.5

data() { # T H1 RESET: T steps; the state is h = (H1, -0.3), slow = (0.1, 0.2)
    case $1 in
    1) set -- "$@" 1x1x2 "0.5 -1" "0.3 0.2" "$3" ;;
    2) set -- "$@" 2x1x2 "0.5 -1 0.25 0.75" "0.3 0.2 -0.5 0.1" "0 $3" ;;
    *) set -- "$@" 3x1x2 "0.5 -1 0.25 0.75 -0.5 0.6" "0.3 0.2 -0.5 0.1 0.7 0.4" "0 $3 0" ;;
    esac
    # shellcheck disable=SC2086
    "$tensors" write "$tmp/data" input "$4" $5 -- target "$4" $6 -- reset "$1x1" $7 -- state.h 1x2 "$2" -0.3 \
        -- state.slow 1x2 0.1 0.2
}
run() { # SPEC ENGINE
    "$TAPELESS" grad "$tmp/$1.lua" --engine "$2" --precision f64 --params "$tmp/params" --data "$tmp/data" \
        --out "$tmp/out" --new 1 --lags >/dev/null || fail "grad $1 $2"
    "$tensors" print "$tmp/out" loss
}
for case in "plain 1" "plain 2" "plain 3" "head 3"; do
    model=${case% *} steps=${case#* }
    for engine in generated interpreter; do
        data "$steps" 0.40001 0
        above=$(run $model $engine)
        data "$steps" 0.39999 0
        below=$(run $model $engine)
        data "$steps" 0.4 0
        run $model $engine >/dev/null
        got=$("$tensors" print "$tmp/out" state_grad.h | head -n 1)
        awk -v a="$above" -v b="$below" -v g="$got" 'BEGIN { d = (a - b) / 2e-5; e = d - g; if (e < 0) e = -e
            m = g < 0 ? -g : g; exit !(m > 1e-3 && e < 1e-7 * m) }' ||
            fail "$model, $steps steps, $engine: the adjoint is $got, differences say ($above - $below) / 2e-5"
        last=$("$tensors" print "$tmp/out" state_grad.slow | tail -n 1) # of what the newest step left
        case "$model $last" in "plain 0" | "head "[-0-9]*[1-9]*) ;; *) fail "$model: slow is left with the adjoint $last" ;; esac
    done
done
data 3 0.4 1
run plain generated >/dev/null
[ "$("$tensors" print "$tmp/out" state_grad.h | head -n 4 | tr '\n' ' ')" = "0 0 0 0 " ] ||
    fail "gradient passes the start of a sequence: $("$tensors" print "$tmp/out" state_grad.h | tr '\n' ' ')"

# What a head takes a part of, what depends on the input alone, two states that are one value.
cat >"$tmp/parts.lua" <<'LUA'
return model {
  input = real(4), target = real(2),
  params = { U = { 4, 4 }, b = { 4 } },
  state = { h = { 4 }, same = { 4 }, trace = { 4 } },
  step = function(p, x, s)
    local h = tanh(p.U(s.h) + p.b * x + 0.3 * s.same)
    return h, { h = h, same = h, trace = 0.5 * s.trace + x }
  end,
  window = function(p, ys, ss)
    local left, right = split(ss[1].h, 2)
    return left * slice(ss[3].h, 2, 3) + right * slice(ss[2].same, 1, 2) + slice(ss[1].trace * ys[2], 3, 4) +
      slice(ss[3].trace, 1, 2)
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 3 },
}
LUA
for flags in "" "--resets" "--resets --masks"; do
    # Options are several words.
    # shellcheck disable=SC2086
    "$TAPELESS" diff "$tmp/parts.lua" --precision f64 --lags $flags >"$tmp/said" 2>&1 ||
        fail "parts $flags: $(grep -e '<-- over' -e DIFFER -e error "$tmp/said" | head -n 3)"
done
"$tensors" write "$tmp/params" U 4x4 $(yes 0.1 | head -n 16) -- b 4 0.5 0.5 0.5 0.5
"$tensors" write "$tmp/data" input 3x1x4 1 2 3 4 1 2 3 4 1 2 3 4 -- target 3x1x2 0 0 0 0 0 0
"$TAPELESS" grad "$tmp/parts.lua" --precision f64 --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" --lags \
    >/dev/null || fail "grad parts"
[ "$("$tensors" print "$tmp/out" state_grad.trace | tail -n 4 | awk '$1 != 0' | wc -l)" = 2 ] ||
    fail "two of four elements of the newest trace are looked at: $("$tensors" print "$tmp/out" state_grad.trace | tr '\n' ' ')"

# Two windows reach two steps back.
"$TAPELESS" lags models/scalar.lua --precision f64 --checkpoint "$tmp/s" --k2 6 --windows 2 --plot "$tmp/short.svg" \
    >"$tmp/said" || fail "lags of two windows"
grep -q nan "$tmp/said" && fail "lags of two windows: $(cat "$tmp/said")"
grep -q "^No window reaches further back than 2 steps" "$tmp/said" || fail "lags of two windows: $(cat "$tmp/said")"

"$TAPELESS" build models/scalar.lua -o "$tmp/built" >/dev/null || fail "build"
"$tmp/built/scalar" train --steps 1 --lags --checkpoint "$tmp/n" 2>"$tmp/said" && fail "a trainer without lags took --lags"
grep -q "tbptt = { lags = true }" "$tmp/said" || fail "it says $(cat "$tmp/said")"
"$TAPELESS" lags models/lstm_cnn.lua --k2 20 --data models/data/sunspots.csv 2>"$tmp/said" && fail "a head took another k2"
grep -q "looks at k2 = 9 steps" "$tmp/said" || fail "it says $(cat "$tmp/said")"
finish
