# train.accumulate = N: N windows, one after the other, make the update that they make side by side as lanes, whatever each of them
# counts, with every optimizer's step and clipping; fewer at the end of the data; the number of threads, and a stop in between,
# change no bit; and on paper it is the mean.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
cat >"$tmp/net.lua" <<'LUA'
local o = options { reduce = "mean", optimizer = "sgd", lanes = 2, shards = 1, overlap = "recompute", k1 = 4, k2 = 4 }
local optimizers = { sgd = sgd { lr = 0.3, momentum = 0.5 }, adam = adam { lr = 0.05, weight_decay = 0.01 } }
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 3, 1 }, U = { 3, 3 }, V = { 1, 3 } },
  state  = { h = { 3 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.lanes, shards = o.shards, reduce = o.reduce, overlap = o.overlap, resets = true },
  train  = { optimizer = optimizers[o.optimizer], clip_norm = 0.2 },
}
LUA
# Twelve sequences of four steps: side by side in six lanes, two rounds; or in two lanes, six rounds, of which the second and the fifth
# count nothing. Of the others some steps count less than others.
write() { # FILE LANES
    awk -v lanes="$2" 'BEGIN {
        rounds = 12 / lanes
        for (r = 0; r < rounds; r++) for (t = 0; t < 4; t++) for (l = 0; l < lanes; l++) {
            s = r * lanes + l
            x = x sprintf(" %.4f", sin(1.3 * t * s + s)); y = y sprintf(" %.4f", cos(0.7 * t + s))
            w = w " " (int(s / 2) % 3 == 1 ? 0 : s % 5 == 4 && t < 3 ? 0 : s % 3 == 0 ? 0.25 : 1); z = z " " (t == 0)
        }
        n = 4 * rounds
        printf "input %dx%dx1%s -- target %dx%dx1%s -- weight %dx%d%s -- reset %dx%d%s", n, lanes, x, n, lanes, y, n, lanes, w, n, lanes, z
    }' >"$tmp/words"
    # shellcheck disable=SC2046 # words
    "$tensors" write "$1" $(cat "$tmp/words")
}
write "$tmp/wide.safetensors" 6
write "$tmp/narrow.safetensors" 2
train() { # CHECKPOINT DATA OPTIONS...
    c=$1 data=$2
    shift 2
    "$TAPELESS" train "$tmp/net.lua" --data "$data" --valid 0 -p "${precision:-f64}" -q -c "$tmp/$c" --log "$tmp/$c.csv" "$@" >"$tmp/out" 2>"$tmp/err" ||
        fail "$c $*: $(cat "$tmp/err")"
}
# Parameters, moments, and loss, rate and norm of each update; the state is of other lanes.
agree() { # WHAT
    cut -d, -f1,4-6 "$tmp/wide.csv" >"$tmp/1"
    cut -d, -f1,4-6 "$tmp/narrow.csv" >"$tmp/2"
    paste -d, "$tmp/1" "$tmp/2" | awk -F, 'NR > 1 { for (i = 1; i <= 4; i++) { d = $i / $(i + 4) - 1; if (d > 1e-12 || d < -1e-12) bad = $0 } }
        END { if (bad || NR != 11) { print NR - 1 " updates; " bad; exit 1 } }' >"$tmp/out" || fail "$1: $(cat "$tmp/out")"
    for c in wide narrow; do
        "$TAPELESS" export "$tmp/net.lua" -c "$tmp/$c" -o "$tmp/$c.weights" --overwrite >"$tmp/out" 2>&1 || fail "$1: $(cat "$tmp/out")"
    done
    "$BUILD/tests/compare" "$tmp/wide.weights" "$tmp/narrow.weights" 1e-12 >"$tmp/out" 2>&1 || fail "$1: $(cat "$tmp/out")"
}
for how in "mean sgd interpreter" "mean adam generated" "sum adam interpreter"; do
    # shellcheck disable=SC2086
    set -- $how
    options="-D reduce=$1 -D optimizer=$2 --engine $3 --epochs 5 --overwrite"
    # shellcheck disable=SC2086
    train wide "$tmp/wide.safetensors" $options -D lanes=6
    # shellcheck disable=SC2086
    train narrow "$tmp/narrow.safetensors" $options --set train.accumulate=2
    agree "$how"
done

# What is left over at the end of the data makes an update: of four windows that count, two of three and one.
# shellcheck disable=SC2086
train narrow "$tmp/narrow.safetensors" $options --set train.accumulate=3
[ "$(tail -n 1 "$tmp/narrow.csv" | cut -d, -f1,2)" = 10,5 ] || fail "accumulate = 3: $(tail -n 1 "$tmp/narrow.csv")"
train narrow "$tmp/narrow.safetensors" --engine interpreter --epochs 5 --overwrite --set train.accumulate=100 --set train.schedule=cosine
tail -n 1 "$tmp/narrow.csv" | awk -F, '{ exit !($1 == 5 && $5 < 0.1) }' || fail "accumulate = 100: $(tail -n 1 "$tmp/narrow.csv")"

# Stopped and resumed, in windows that overlap; in two threads; and in f32.
precision=f32
for overlap in recompute retain versions; do
    how="-D k1=2 -D k2=5 -D overlap=$overlap -D shards=2 --set train.accumulate=3"
    # shellcheck disable=SC2086
    train whole "$tmp/narrow.safetensors" $how --steps 17 --overwrite
    # shellcheck disable=SC2086
    train parts "$tmp/narrow.safetensors" $how --steps 5 --overwrite
    train parts "$tmp/narrow.safetensors" --resume --steps 6
    train parts "$tmp/narrow.safetensors" --resume --steps 17 --threads 2
    "$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "$overlap, in parts: $(grep -v ok "$tmp/out")"
    cmp "$tmp/whole.csv" "$tmp/parts.csv" || fail "$overlap, in parts: the log is another"
done

# On paper: docs/semantics.md.
for engine in interpreter generated; do
    "$TAPELESS" train models/scalar.lua --optimizer sgd --lr 0.1 --set train.accumulate=3 --steps 1 -p f64 --engine $engine -q --overwrite \
        -c "$tmp/scalar" --log "$tmp/scalar.csv" >"$tmp/out" 2>&1 || fail "scalar: $(cat "$tmp/out")"
    awk -F, 'NR == 2 && $6 - 0.456 < 1e-15 && 0.456 - $6 < 1e-15 { n++ } END { exit n != 1 }' "$tmp/scalar.csv" || fail "scalar: $(cat "$tmp/scalar.csv")"
    [ "$("$tensors" print "$tmp/scalar" w | cut -c1-6)" = 0.1544 ] || fail "scalar: w is $("$tensors" print "$tmp/scalar" w)"
done
grep -q 'mean, 0.456, and with lr 0.1 w is then 0.1544' docs/semantics.md || fail "docs/semantics.md says something else"

refused() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    if "$TAPELESS" train "$tmp/net.lua" --data "$tmp/wide.safetensors" -D lanes=6 -p f64 -c "$tmp/no" "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
refused "accumulate adds up gradients of windows for one step along them, and lm has none" --optimizer lm --set train.accumulate=2
refused "lbfgs has none: it looks for the length of its steps itself; leave it out (--set train.accumulate=1)" --optimizer lbfgs --set train.accumulate=2
refused "ekf has none" --optimizer ekf --set train.accumulate=2
refused "--set train.accumulate=0: it takes a whole number from 1 to 2^40" --set train.accumulate=0
if "$TAPELESS" compile models/scalar.lua --single-file --online --set train.accumulate=2 --optimizer sgd --lr 0.1 -o "$tmp/c" >"$tmp/out" 2>&1; then fail "a learner that stands alone"; fi
grep -q 'accumulate = 2 needs another block of gradients' "$tmp/out" || fail "a learner that stands alone: $(cat "$tmp/out")"
finish
