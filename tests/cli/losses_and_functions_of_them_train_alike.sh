# What is standardised does not depend on whether a loss is named or stands in a function: the same bits come out
# of the training, and the same predictions in the table's units.
. tests/cli/common.sh
data=tests/faults/load.csv

for f in false true; do
    "$TAPELESS" train tests/faults/mt.lua -D f=$f --data $data --epochs 5 -c "$tmp/$f" --log "$tmp/$f.log" >/dev/null 2>"$tmp/said" ||
        fail "f=$f: $(cat "$tmp/said")"
    grep -q 'inputs load; targets load, 1 row ahead; all standardised;' "$tmp/said" || fail "f=$f: $(cat "$tmp/said")"
    "$TAPELESS" predict tests/faults/mt.lua -D f=$f --data $data -c "$tmp/$f" -o "$tmp/$f.csv" || fail "predict f=$f"
    "$TAPELESS" eval tests/faults/mt.lua -D f=$f --data $data -c "$tmp/$f" | grep -v '^model' >"$tmp/$f.score"
done
cmp "$tmp/false.log" "$tmp/true.log" || fail "the trainings differ"
cmp "$tmp/false.csv" "$tmp/true.csv" || fail "the predictions differ"
cmp "$tmp/false.score" "$tmp/true.score" || fail "the scores differ"
# The load goes from 2970 to 6000; what is predicted of a row is near to it.
awk -F, 'NR == FNR { load[FNR - 1] = $1; next } FNR > 1 && $1 <= 400 { d = $2 - load[$1]; s += d * d; n++ }
    END { exit !(n == 399 && sqrt(s / n) < 200) }' $data "$tmp/true.csv" || fail "predictions are not in the table's units"

# bce compares probabilities: as they stand, by name and in a function, and predicted as probabilities.
cat >"$tmp/b.lua" <<'LUA'
local o = options { f = false }
return model {
  input = real(1), target = real(1), params = { r = nn.rnn(1, 4), h = nn.linear(4, 1) },
  step = function(p, x, s) local h, r = p.r(x, s.r) return p.h(h), { r = r } end,
  loss = o.f and function(y, t) return bce(y, t) end or bce,
  tbptt = { k1 = 4, k2 = 8, batch = 2 }, train = { optimizer = adam { lr = 1e-2 } },
}
LUA
awk 'BEGIN { print "x,up"; for (t = 0; t < 200; t++) print 50 + 10 * sin(t / 3) "," (cos(t / 3) > 0) }' >"$tmp/b.csv"
for f in false true; do
    "$TAPELESS" train "$tmp/b.lua" -D f=$f --data "$tmp/b.csv" --epochs 20 -c "$tmp/b.$f" --log "$tmp/b.$f.log" >/dev/null 2>"$tmp/said" ||
        fail "bce f=$f: $(cat "$tmp/said")"
    grep -q 'standardised x; raw up;' "$tmp/said" || fail "bce f=$f: $(cat "$tmp/said")"
    "$TAPELESS" predict "$tmp/b.lua" -D f=$f --data "$tmp/b.csv" -c "$tmp/b.$f" -o "$tmp/b.$f.csv" || fail "bce predict"
done
cmp "$tmp/b.false.log" "$tmp/b.true.log" || fail "the trainings with bce differ"
cmp "$tmp/b.false.csv" "$tmp/b.true.csv" || fail "the predictions with bce differ"
awk -F, 'FNR > 1 && ($2 <= 0 || $2 >= 1) { exit 1 }' "$tmp/b.true.csv" || fail "bce predicts what is no probability"
finish
