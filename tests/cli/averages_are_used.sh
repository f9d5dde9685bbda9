# train.average: the parameters in a checkpoint are the moving average of those that a training without it has after each update; they are
# what is validated, kept as the best, scored and exported; the training goes on with its own, resumed to the same bits.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
scalar() { # CHECKPOINT OPTIONS...
    c=$1
    shift
    "$TAPELESS" train models/scalar.lua --optimizer sgd --lr 0.1 -p f64 --engine interpreter -q --overwrite -c "$tmp/$c" "$@" \
        >"$tmp/out" 2>&1 || fail "$*: $(cat "$tmp/out")"
}
# On a single weight, after up to 12 updates; 0.5 is reached by d_n after the 7th.
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    scalar plain --steps $n
    "$tensors" print "$tmp/plain" w
done >"$tmp/weights"
for average in 0.5 0.999; do
    scalar averaged --steps 12 --set train.average=$average
    "$tensors" print "$tmp/averaged" w >"$tmp/got"
    awk -v D=$average 'NR == FNR { got = $1; next } FNR == 1 { a = 0.2 } { n = FNR; d = (1 + n) / (10 + n); if (d > D) d = D; a = d * a + (1 - d) * $1 }
        END { e = a / got - 1; exit !(n == 12 && e < 1e-14 && e > -1e-14) }' "$tmp/got" "$tmp/weights" || fail "average $average: $(cat "$tmp/got")"
    [ "$("$tensors" print "$tmp/averaged" optim.params.w)" = "$(tail -n 1 "$tmp/weights")" ] || fail "average $average: what is trained is another"
    [ "$("$tensors" print "$tmp/averaged" optim.average.w)" = "$(cat "$tmp/got")" ] || fail "average $average: in f64 it is another"
done
scalar none --steps 0 --set train.average=0.9
[ "$("$tensors" print "$tmp/none" w | cut -c1-3)" = 0.2 ] || fail "before the first update: $("$tensors" print "$tmp/none" w)"

# What is used.
head -n 250 models/data/sunspots.csv >"$tmp/d.csv"
{ head -n 1 models/data/sunspots.csv && tail -n +251 models/data/sunspots.csv; } >"$tmp/v.csv"
data="--data $tmp/d.csv --valid-data $tmp/v.csv"
train() { # CHECKPOINT OPTIONS...
    c=$1
    shift
    # shellcheck disable=SC2086
    "$TAPELESS" train models/sunspots.lua $data --lr 0.01 -q --json -c "$tmp/$c" "$@" >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
number() { sed -n "s/.*\"$1\": \([^,]*\).*/\1/p" "$tmp/out"; }
# shellcheck disable=SC2086 # words
for engine in generated interpreter; do
    train plain --epochs 12 --engine $engine --overwrite
    plain=$(number valid_loss)
    train averaged --epochs 12 --engine $engine --set train.average=0.98 --best "$tmp/best" --overwrite
    valid=$(number valid_loss) best=$(number best_valid_loss)
    [ "$valid" != "$plain" ] || fail "the average is not what is validated"
    for file in averaged:"$valid" best:"$best"; do
        "$TAPELESS" eval models/sunspots.lua --data "$tmp/v.csv" --engine $engine -c "$tmp/${file%%:*}" --json >"$tmp/out" 2>"$tmp/err" ||
            fail "eval: $(cat "$tmp/err")"
        [ "$(number loss)" = "${file#*:}" ] || fail "$engine: ${file%%:*} has $(number loss), and its validation had ${file#*:}"
    done
    # Without it the training is the same.
    for c in plain averaged; do "$tensors" print "$tmp/$c" optim.m.head.weight >"$tmp/$c.m"; done
    cmp "$tmp/plain.m" "$tmp/averaged.m" || fail "the training sees its average"
    "$tensors" print "$tmp/plain" rnn.weight_hh_l0 >"$tmp/1"
    "$tensors" print "$tmp/averaged" optim.params.rnn.weight_hh_l0 >"$tmp/2"
    cmp "$tmp/1" "$tmp/2" || fail "what is trained is another"
done
"$TAPELESS" export models/sunspots.lua -c "$tmp/averaged" -o "$tmp/exported" >"$tmp/out" 2>&1 || fail "export: $(cat "$tmp/out")"
"$tensors" print "$tmp/exported" head.weight >"$tmp/1"
"$tensors" print "$tmp/averaged" head.weight >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "export has other weights"

# In parts; with another average; and without one any more.
train parts --steps 20 --set train.average=0.98
train parts --resume --steps 100
train parts --resume --epochs 12
train whole --epochs 12 --set train.average=0.98
"$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "in parts: $(grep -v ok "$tmp/out")"
train parts --resume --epochs 12 --set train.average=0
"$tensors" print "$tmp/parts" head.weight >"$tmp/1"
"$tensors" print "$tmp/whole" optim.params.head.weight >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "without the average the weights are not those that were trained"
"$tensors" print "$tmp/parts" optim.params.head.weight >"$tmp/out" 2>&1 && fail "without the average there is still one"
train late --epochs 3
train late --resume --epochs 3 --set train.average=0.9
"$tensors" print "$tmp/late" optim.params.head.weight >"$tmp/1"
"$tensors" print "$tmp/late" head.weight >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "an average that is new does not begin with the weights"

for optimizer in lm lbfgs; do
    # shellcheck disable=SC2086
    if "$TAPELESS" train models/sunspots.lua $data -c "$tmp/no" --optimizer $optimizer --set train.average=0.9 >"$tmp/out" 2>&1; then fail "$optimizer"; fi
    grep -q "average is of parameters that go on moving, and $optimizer ends at a minimum" "$tmp/out" || fail "$optimizer: $(cat "$tmp/out")"
done
finish
