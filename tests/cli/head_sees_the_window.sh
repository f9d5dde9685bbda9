# A head over the window, window(p, ys, ss): training, evaluation and prediction as a user runs them.
#   - no update before there are k2 steps, in a sequence or in the stream; a table that never has as
#     many is refused with a sentence;
#   - without movement of the weights, the loss that an update sees is the one that an evaluation,
#     with the state carried through, finds at the same step;
#   - both engines train alike, whatever overlapping steps are run with, where sequences start, and
#     where k1 is less than k2, as much, and more;
#   - a prediction is made from the k2-th row on;
#   - a schedule knows how many updates there will be;
#   - what padding means for an update, and for an evaluation.
. tests/cli/common.sh
awk 'BEGIN { print "seq,a,b,c,y"; s = 3
    for (t = 0; t < 60; t++) {
        for (i = 0; i < 4; i++) { s = (s * 1103515245 + 12345) % 2147483648; v[i] = s / 1073741824 - 1 }
        print int(t / 23) "," v[0] "," v[1] "," v[2] "," v[3] + v[0]
    } }' >"$tmp/all.csv"
cut -d, -f2- "$tmp/all.csv" >"$tmp/one.csv"

cat >"$tmp/head.lua" <<'LUA'
local o = options { k1 = 1, k2 = 5, batch = 1, overlap = "recompute", lr = 0.1 }
return model {
  input = { a = real(1), b = real(1), c = real(1) },
  target = real(1),
  params = { rnn = nn.gru(3, 4), conv = nn.conv1d(4, 3, 2), V = { 1, 6 }, U = { 1, 3 }, Q = { 3, 4 } },
  step = function(p, x, s)
    local h, rnn = p.rnn(concat { x.a, x.b, x.c }, s.rnn)
    return { seldom = tanh(p.Q(h)), x = concat { x.a, x.b, x.c } }, { rnn = rnn }
  end,
  window = function(p, ys, ss)
    local h = {}
    for t = 1, #ys do h[t] = ss[t].rnn.h end
    local seen = tanh(p.conv(transpose(stack(h))))
    return p.V(concat { mean(seen, 2), tanh(ys[1].x * ys[#ys].x) }) + p.U(ys[2].seldom)
  end,
  loss = mse,
  tbptt = { k1 = o.k1, k2 = o.k2, batch = o.batch, overlap = o.overlap },
  train = { optimizer = sgd { lr = o.lr, momentum = 0.5 } },
}
LUA

train() { # ENGINE OUT OPTIONS...
    engine=$1 out=$2
    shift 2
    "$TAPELESS" train "$tmp/head.lua" --engine "$engine" --precision f64 --no-standardise --valid 0 --epochs 1 \
        --quiet --overwrite --checkpoint "$out" --log "$out.csv" "$@" >"$out.said" 2>&1
}

# Updates: 60 rows have 56 windows of five; k1 = 3 ends windows at 3 (no), 6, 9, ... 60.
updates() { tail -n +2 "$1" | wc -l; }
train interpreter "$tmp/i" --data "$tmp/one.csv" || { cat "$tmp/i.said"; fail "the interpreter does not train"; }
[ "$(updates "$tmp/i.csv")" = 56 ] || fail "$(updates "$tmp/i.csv") updates, not 56"
train interpreter "$tmp/i" --data "$tmp/one.csv" -D k1=3 || fail "k1 = 3"
[ "$(updates "$tmp/i.csv")" = 19 ] || fail "$(updates "$tmp/i.csv") updates with k1 = 3, not 19"
# Sequences of 23, 23 and 14 rows have 19, 19 and 10 windows of five.
train interpreter "$tmp/i" --data "$tmp/all.csv" --sequence seq || fail "sequences"
[ "$(updates "$tmp/i.csv")" = 48 ] || fail "$(updates "$tmp/i.csv") updates of three sequences, not 48"
# A schedule over the whole run knows how many updates that is: the cosine ends at 0.
cp "$tmp/head.lua" "$tmp/steady.lua"
sed -i 's/train = {/train = { schedule = cosine {},/' "$tmp/head.lua"
for case in "-D k1=1" "-D k1=2 -D batch=2"; do
    # shellcheck disable=SC2086
    train interpreter "$tmp/i" --data "$tmp/all.csv" --sequence seq $case || { cat "$tmp/i.said"; fail "cosine"; }
    tail -n 1 "$tmp/i.csv" | awk -F, '{ exit !($5 < 2e-3) }' || fail "cosine, $case: it ends at $(tail -n 1 "$tmp/i.csv")"
done
mv "$tmp/steady.lua" "$tmp/head.lua"
head -n 5 "$tmp/one.csv" >"$tmp/short.csv"
train interpreter "$tmp/i" --data "$tmp/short.csv" && fail "four rows were trained on"
grep -q "nowhere in the data are there k2 = 5 steps of one sequence" "$tmp/i.said" || fail "four rows: $(cat "$tmp/i.said")"

# The engines agree: 1e-12 of parameters that have moved by much more.
agree() {
    train interpreter "$tmp/i" "$@" || { cat "$tmp/i.said"; fail "interpreter $*"; }
    train generated "$tmp/g" "$@" || { cat "$tmp/g.said"; fail "generated $*"; }
    "$BUILD/tests/compare" "$tmp/g" "$tmp/i" 1e-12 Q U V conv rnn optim state >"$tmp/said" || { cat "$tmp/said"; fail "engines differ: $*"; }
    [ "$(updates "$tmp/g.csv")" = "$(updates "$tmp/i.csv")" ] || fail "numbers of updates differ: $*"
}
for overlap in recompute retain versions; do
    agree --data "$tmp/one.csv" -D overlap=$overlap
    agree --data "$tmp/all.csv" --sequence seq -D overlap=$overlap -D k1=2 -D batch=2
done
agree --data "$tmp/one.csv" -D k1=5
agree --data "$tmp/one.csv" -D k1=7
agree --data "$tmp/one.csv" -D k1=13 -D batch=3

# Without movement, training's losses are those of an evaluation.
train generated "$tmp/g" --data "$tmp/one.csv" -D lr=1e-300 || fail "lr = 0"
mean=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "loss") c = i } NR > 1 { s += $c; n++ }
    END { printf "%.8f", s / n }' "$tmp/g.csv")
for engine in generated interpreter; do
    score=$("$TAPELESS" eval "$tmp/head.lua" --engine $engine --precision f64 --checkpoint "$tmp/g" -D lr=1e-300 \
        --data "$tmp/one.csv" --json | sed -n 's/.*"loss": \([0-9.e-]*\).*/\1/p')
    weight=$("$TAPELESS" eval "$tmp/head.lua" --engine $engine --precision f64 --checkpoint "$tmp/g" -D lr=1e-300 \
        --data "$tmp/one.csv" --json | sed -n 's/.*"weight": \([0-9.e-]*\).*/\1/p')
    [ "$(printf %.8f "$score")" = "$mean" ] || fail "$engine: eval says $score, the windows $mean"
    [ "${weight%.0}" = 56 ] || fail "$engine: $weight steps were scored, not 56"
done

# Predictions begin with the fifth row.
"$TAPELESS" predict "$tmp/head.lua" --precision f64 --checkpoint "$tmp/g" -D lr=1e-300 --data "$tmp/one.csv" -o "$tmp/p.csv" ||
    fail "predict"
[ "$(tail -n +2 "$tmp/p.csv" | wc -l)" = 56 ] || fail "$(wc -l <"$tmp/p.csv") lines of predictions"

# A schedule over the whole run is over its 56 updates.
sed 's/momentum = 0.5 } }/momentum = 0.5 }, schedule = cosine {} }/' "$tmp/head.lua" >"$tmp/cosine.lua"
"$TAPELESS" train "$tmp/cosine.lua" --engine interpreter --precision f64 --data "$tmp/one.csv" --valid 0 --epochs 1 --quiet \
    --checkpoint "$tmp/c" --log "$tmp/c.csv" >/dev/null || fail "cosine"
tail -n 1 "$tmp/c.csv" | awk -F, '{ d = $5 / (0.05 * (1 + cos(3.14159265358979 * 55 / 56))) - 1; exit !(d < 1e-9 && d > -1e-9) }' ||
    fail "the last rate of a cosine is $(tail -n 1 "$tmp/c.csv")"

# Padding, of k2 = 2: a window counts where neither of its steps is padding, an evaluation where two real
# steps have been seen, the second of them now. Steps 1, 2, 3, -, 5, -, -, 8, 9 of one lane, 4 and 9 of the other.
"$BUILD/tests/tensors" write "$tmp/padded.safetensors" input.a 9x2x1 $(seq 1 18) -- input.b 9x2x1 $(seq 1 18) -- \
    input.c 9x2x1 $(seq 1 18) -- target 9x2x1 $(seq 1 18) -- mask 9x2 1 0 1 0 1 0 0 1 1 0 0 0 0 0 1 0 1 1
for engine in generated interpreter; do
    train $engine "$tmp/p" --data "$tmp/padded.safetensors" -D k2=2 -D batch=2 -D lr=1e-300 || { cat "$tmp/p.said"; fail "padding"; }
    [ "$(tail -n +2 "$tmp/p.csv" | cut -d, -f3 | tr '\n' ' ')" = "2 3 9 " ] || fail "$engine: updates after $(cut -d, -f3 "$tmp/p.csv" | tr '\n' ' ')"
    weight=$("$TAPELESS" eval "$tmp/head.lua" --engine $engine --precision f64 --checkpoint "$tmp/p" -D k2=2 -D batch=2 \
        -D lr=1e-300 --data "$tmp/padded.safetensors" --json | sed -n 's/.*"weight": \([0-9.e-]*\).*/\1/p')
    [ "${weight%.0}" = 6 ] || fail "$engine: $weight steps were scored, not 2, 3, 5, 8, 9 of one lane and 9 of the other"
done
finish
