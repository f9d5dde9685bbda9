# --ahead 1-3: of each target column three elements, of the rows 1, 2 and 3 ahead. It trains to the bit as columns that are shifted by hand, and 1-1
# as 1; predictions are for the rows that they are of, of each sequence and in time, from the last row for those to come, and nothing is read again;
# scores are row by row ahead, beside what is known when the forecast is made, the same by eval and backtest; what is held out begins where no target has
# been trained on.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
cp tests/tools/same_tensors.py "$tmp/same.py"
cd "$tmp" || exit 1
awk 'BEGIN { print "id,when,y,z,plan"; s = 1; for (i = 0; i < 90; i++) { s = (s * 16807) % 2147483647; r = s / 2147483647 - 0.5; s = (s * 16807) % 2147483647; q = s / 2147483647 - 0.5
    printf "%s,2024-%02d-%02d,%.3f,%.3f,%d\n", (i < 40 ? "a" : "b"), 1 + i % 45 / 28, 1 + i % 45 % 28, 20 + 5 * sin(i / 3) + r, 7 * cos(i / 5) + q, i % 2 } }' >d.csv
cut -d, -f3,4 d.csv >one.csv
cat >net.lua <<'LUA'
local o = options { n = 6, inputs = 2 }
return model {
  input = real(o.inputs), target = real(o.n), params = { rnn = nn.gru(o.inputs, 6), head = nn.linear(6, o.n) },
  step = function(p, x, s) local h, rnn = p.rnn(x, s.rnn) return p.head(h), { rnn = rnn } end,
  loss = mse, tbptt = { k1 = 4, k2 = 9, batch = 2 }, train = { optimizer = adam { lr = 1e-2 } },
}
LUA
train() { "$TAPELESS" train net.lua -q --overwrite "$@" >out 2>&1 || fail "train $*: $(cat out)"; }

# Shifted by hand: the last rows have no target.
python3 - <<'PY'
import csv
r = list(csv.DictReader(open("one.csv")))
with open("hand.csv", "w") as f:
    print("y,z,y1,y2,y3,z1,z2,z3", file=f)
    for t in range(len(r) - 3):
        print(r[t]["y"], r[t]["z"], *(r[t + h][c] for c in "yz" for h in (1, 2, 3)), sep=",", file=f)
PY
train --data one.csv --input y,z --target y,z --ahead 1-3 --no-standardise --valid 0 --epochs 3 -c at_once
train --data hand.csv --input y,z --target y1,y2,y3,z1,z2,z3 --ahead 0 --no-standardise --valid 0 --epochs 3 -c by_hand
python3 same.py at_once by_hand 2>err || fail "not as columns shifted by hand: $(tail -n 1 err)"
train -D n=2 --data one.csv --input y,z --target y,z --ahead 1 --epochs 3 -c single
train -D n=2 --data one.csv --input y,z --target y,z --ahead 1-1 --epochs 3 -c range
python3 same.py single range 2>err || fail "1-1 is not 1: $(tail -n 1 err)"
train --data one.csv --input y,z --target y,z --ahead 1-3 --epochs 2 -c parts
"$TAPELESS" train net.lua -q --data one.csv --resume --epochs 4 -c parts >out 2>&1 || fail "resumed: $(cat out)"
train --data one.csv --input y,z --target y,z --ahead 1-3 --epochs 4 -c whole
python3 same.py parts whole 2>err || fail "resumed it ends elsewhere: $(tail -n 1 err)"
"$TAPELESS" train net.lua --data one.csv --input y,z --target y,z --ahead 1-3 --epochs 1 --overwrite -c said >out 2>&1
grep -qF 'inputs y, z; targets y, z, each 1 to 3 rows ahead; all standardised; 39 steps in 2 lanes to train on, 3 in 2 to validate' out || fail "what is read: $(head -1 out)"

# What a model says of its row times 1, 2 and 3 shows from which row a prediction is.
cat >times.lua <<'LUA'
return model {
  input = real(1), target = real(3), params = { a = param({ 1 }, 1) },
  step = function(p, x) return concat { p.a * x, 2 * p.a * x, 3 * p.a * x } end,
  loss = mse, tbptt = { k1 = 1, k2 = 1 },
}
LUA
printf '%s\n' y 1 2 3 4 5 6 >t.csv
run() { command=$1; shift; "$TAPELESS" "$command" times.lua --engine interpreter -c t "$@" >out 2>err; }
known() { run train --input y --target y --no-standardise --lr 0 --steps 1 -q --overwrite --valid 0 "$@" || fail "train $*: $(cat err)"; }
is() { [ "$(tr '\n' ' ' <out)" = "$1" ] || fail "$2: $(tr '\n' ' ' <out)"; }
known --data t.csv --ahead 1-3
run predict --data t.csv || fail "predict: $(cat err)"
is "row,y 2,1 3,2 4,3 5,4 6,5 7,6 8,12 9,18 " "rows"
run predict --data t.csv --horizon 2 && is "row,y 2,1 3,2 4,3 5,4 6,5 7,6 8,12 " "--horizon 2"
run predict --data t.csv --horizon 4 && fail "--horizon 4 of three"
grep -qF -e '--horizon 4: the model was trained with --ahead 1-3, and predicts no row further ahead' err || fail "--horizon 4: $(cat err)"
run predict --data t.csv --horizon 3 --future t.csv && fail "--future"
grep -qF 'predicts from what is there before: it reads nothing of rows to come' err || fail "--future: $(cat err)"
printf '%s\n' y,plan 1,u 2,v 3,w ,x ,y >plan.csv
run predict --data plan.csv --keep plan,actual || fail "planned rows: $(cat err)"
is "row,plan,y,y.actual 2,v,1,2 3,w,2,3 4,x,3, 5,y,6, 6,,9, " "planned rows"
printf '%s\n' id,when,y b,2024-02-27,10 a,2024-02-01,1 b,2024-02-28,20 a,2024-02-02,2 a,2024-02-03,3 b,2024-02-29,30 a,2024-02-04,4 b,2024-03-01,40 >many.csv
known --data many.csv --sequence id --time when --ahead 1-3
for threads in 1 2; do
    run predict --data many.csv --threads $threads || fail "sequences: $(cat err)"
    is "id,when,row,y b,2024-02-28,3,10 b,2024-02-29,6,20 b,2024-03-01,8,30 b,2024-03-02,,40 b,2024-03-03,,80 b,2024-03-04,,120 a,2024-02-02,4,1 a,2024-02-03,5,2 a,2024-02-04,7,3 a,2024-02-05,,4 a,2024-02-06,,8 a,2024-02-07,,12 " \
        "sequences in time"
done
# Behind a gap the next piece says what comes.
printf '%s\n' when,y 2024-02-01,1 2024-02-02,2 2024-02-03,3 2024-02-05,4 2024-02-06,5 >split.csv
known --data t.csv --ahead 1-3 --overwrite
"$TAPELESS" train times.lua --engine interpreter -c sp --data many.csv --sequence id --input y --target y --no-standardise --lr 0 --steps 1 -q --overwrite --valid 0 --time when \
    --gaps split --ahead 1-3 >out 2>&1 || fail "split: $(cat out)"
sed 's/^/id,/; 2,$s/^id/c/' split.csv >split_id.csv
"$TAPELESS" predict times.lua --engine interpreter -c sp --data split_id.csv >out 2>err || fail "split: $(cat err)"
is "id,when,row,y c,2024-02-02,2,1 c,2024-02-03,3,2 c,2024-02-04,,3 c,2024-02-06,5,4 c,2024-02-07,,5 c,2024-02-08,,10 c,2024-02-09,,15 " "split"
head -3 t.csv >few.csv
run predict --data few.csv --plot few.svg && [ -s few.svg ] || fail "a picture of two rows: $(cat err)"
known --data t.csv --ahead 2-4
run predict --data t.csv && is "row,y 3,1 4,2 5,3 6,4 7,5 8,6 9,12 10,18 " "from two rows ahead on"

# Scores, row by row ahead, of what is in the table; and what was known.
train --data one.csv --input y,z --target y,z --ahead 1-3 --valid 0.3 --epochs 4 -c s
"$TAPELESS" eval net.lua -c s --data one.csv --held-out --season 5 --json >e.json 2>err || fail "eval: $(cat err)"
"$TAPELESS" eval net.lua -c s --data one.csv --backtest 3 --season 5 --scores b.csv --plot b.svg >out 2>err || fail "backtest: $(cat err)"
"$TAPELESS" predict net.lua -c s --data one.csv -o p.csv --plot p.svg 2>err || fail "predict: $(cat err)"
cat >scores.py <<'PY'
import csv, json, math
e, b = json.load(open("e.json")), list(csv.DictReader(open("b.csv")))
data = [{k: float(v) for k, v in r.items()} for r in csv.DictReader(open("one.csv"))]
p = {int(r["row"]): r for r in csv.DictReader(open("p.csv"))}
scale = {(c["name"], c["side"]): (c["mean"], c["sd"]) for c in e["columns"]}
assert scale["y", "input"] == scale["y+1", "target"] == scale["y+3", "target"] and ("z+2", "target") in scale, scale
def near(what, got, want, by=1e-6):
    if not abs(float(got) - want) <= by * (1 + abs(want)):
        raise SystemExit(f"{what}: {got}, by hand {want}")
rms = lambda x: math.sqrt(sum(v * v for v in x) / len(x))
first = e["trained_on"] + 2  # origins, from 0: behind the training and what its targets reach
origins = range(first, len(data) - 3)
for c in e["by_ahead"]:
    n = c["name"]
    for a in c["by_ahead"]:
        h = a["ahead"]
        near(f"persistence of {n}, {h} ahead", a["persistence_root_mean_square_error"], rms([data[t][n] - data[t + h][n] for t in origins]))
        near(f"season of {n}, {h} ahead", a["seasonal_root_mean_square_error"], rms([data[t + h - 5][n] - data[t + h][n] for t in origins]))
        row = next(r for r in b if r["target"] == n and int(r["ahead"]) == h)
        assert int(row["forecasts"]) == len(origins), row
        near("backtest's", row["rms"], a["root_mean_square_error"])
        near("backtest's persistence", row["persistence_rms"], a["persistence_root_mean_square_error"])
        near("backtest's season", row["season_rms"], a["seasonal_root_mean_square_error"])
        named = next(t for t in e["targets"] if t["name"] == f"{n}+{h}")
        near("the target's", named["root_mean_square_error"], a["root_mean_square_error"])
    near(f"{n}, 1 ahead of predict's rows", c["by_ahead"][0]["root_mean_square_error"], rms([float(p[t + 2][n]) - data[t + 1][n] for t in origins]))
# The linear forecast, of what is known at its origin, by least squares over the training part.
def features(t):
    return [data[t - k][c] / 10 for k in range(8) for c in "yz"] + [1.0]
def solve(a, b):
    n = len(b)
    for i in range(n):
        k = max(range(i, n), key=lambda q: abs(a[q][i]))
        a[i], a[k], b[i], b[k] = a[k], a[i], b[k], b[i]
        for q in range(i + 1, n):
            f = a[q][i] / a[i][i]
            b[q] -= f * b[i]
            for m in range(i, n):
                a[q][m] -= f * a[i][m]
    for i in reversed(range(n)):
        b[i] = (b[i] - sum(a[i][m] * b[m] for m in range(i + 1, n))) / a[i][i]
    return b
for c in e["by_ahead"]:
    for a in c["by_ahead"]:
        steps, y = [t for t in range(8, e["trained_on"])], lambda t: data[t + a["ahead"]][c["name"]]
        x = [features(t) for t in steps]
        w = solve([[sum(r[i] * r[k] for r in x) for k in range(17)] for i in range(17)], [sum(r[i] * y(t) for r, t in zip(x, steps)) for i in range(17)])
        near(f"linear forecast of {c['name']}, {a['ahead']} ahead", a["linear_root_mean_square_error"],
             rms([sum(p * q for p, q in zip(features(t), w)) - y(t) for t in origins]), 1e-4)
assert [c["name"] for c in e["by_ahead"]] == ["y", "z"] and [a["ahead"] for a in e["by_ahead"][0]["by_ahead"]] == [1, 2, 3]
PY
python3 scores.py 2>err || fail "scores: $(tail -n 1 err)"
for cut in 60 75; do # what eval says of one origin is what predict says at a table's end
    head -n $((cut + 1)) one.csv >cut.csv
    "$TAPELESS" predict net.lua -c s --data cut.csv -o cut.out 2>err || fail "$(cat err)"
    "$TAPELESS" eval net.lua -c s --data one.csv --backtest 3 --from $cut --every 1000 --scores cut.scores >out 2>err || fail "$(cat err)"
    python3 - "$cut" <<'PY' || fail "the forecast from row $cut: $(cat cut.out cut.scores)"
import csv, sys
data = list(csv.DictReader(open("one.csv")))
said = {int(r["row"]): r for r in csv.DictReader(open("cut.out"))}
for r in csv.DictReader(open("cut.scores")):
    row = int(sys.argv[1]) + int(r["ahead"])
    assert abs(abs(float(said[row][r["target"]]) - float(data[row - 1][r["target"]])) - float(r["rms"])) < 1e-4, (row, r)
PY
done
"$TAPELESS" eval net.lua -c s --data one.csv --held-out --baselines --fit --plot fit.svg --residuals r.svg >out 2>err || fail "for people: $(cat err)"
for line in '^error of y  *RMS' '^  y, rows ahead  .*linear' '^  3  *[0-9.]' '^  all  ' 'the first 62 steps of the data are left out'; do
    grep -q "$line" out || fail "no '$line' for people: $(cat out)"
done
# An interval, and several trainings.
sed 's/head = nn.linear(6, o.n)/head = nn.linear(6, 3 * o.n)/; s/loss = mse/loss = quantile { 0.1, 0.5, 0.9 }/' net.lua >band.lua
"$TAPELESS" train band.lua --data one.csv --input y,z --target y,z --ahead 1-3 --epochs 2 -q -c band >out 2>&1 || fail "quantiles: $(cat out)"
"$TAPELESS" predict band.lua -c band --data one.csv -o band.csv 2>err || fail "quantiles: $(cat err)"
[ "$(head -1 band.csv)" = row,y.q0.1,y.q0.5,y.q0.9,z.q0.1,z.q0.5,z.q0.9 ] && [ "$(wc -l <band.csv)" = 93 ] || fail "quantiles: $(head -1 band.csv)"
train --data one.csv --input y,z --target y,z --ahead 1-3 --valid 0.3 --epochs 4 --seed 9 -c u
"$TAPELESS" predict net.lua -c u --data one.csv -o u.csv && "$TAPELESS" predict net.lua -c s -c u --data one.csv -o both.csv 2>err || fail "two: $(cat err)"
python3 - <<'PY' || fail "the mean of two: $(tail -1 both.csv)"
import csv
for s, u, both in zip(*(csv.DictReader(open(f)) for f in ("p.csv", "u.csv", "both.csv"))):
    assert s["row"] == both["row"] and abs((float(s["z"]) + float(u["z"])) / 2 - float(both["z"])) < 1e-6
assert s["row"] == "93"
PY
"$TAPELESS" eval net.lua -c s -c u --data one.csv --held-out >out 2>err || fail "two: $(cat err)"
[ "$(grep -c '^members of ' out)" = 2 ] && [ "$(grep -c '^  mean of the 2  ' out)" = 2 ] || fail "two are said of each column: $(cat out)"

# A gap in the target takes the steps that look at it.
awk -F, 'BEGIN { OFS = "," } NR == 31 { $2 = "" } { print }' one.csv >gap.csv
"$TAPELESS" train net.lua --data gap.csv --input y,y --target y,z --ahead 1-3 --missing mask --epochs 1 --overwrite -c g >out 2>&1 || fail "a gap: $(cat out)"
grep -qF '3 of 87 steps without a target' out || fail "a gap: $(head -1 out)"

refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" "$@" >out 2>err && fail "$* went through"
    grep -qF -e "$sentence" err || fail "$*: $(cat err)"
}
sed 's/target = real(o.n)/target = token(9)/; s/nn.linear(6, o.n)/nn.linear(6, 9)/; s/mse/cross_entropy/' net.lua >token.lua
refused "--ahead 1-4: the model's target takes 6 numbers, and --ahead 1-4 makes 4 of each column: target = real(4) is of one column" train net.lua --data one.csv --ahead 1-4 -c x
refused "--ahead 1-3: the model's target is a token, which is of one row: --ahead N" train token.lua --data one.csv --ahead 1-3 -c x
refused "--ahead 3-1: it takes a number of rows, N, or N-M for each of several, 1-12, where 1 <= N <= M" train net.lua --data one.csv --ahead 3-1 -c x
refused "--ahead 0-3: it takes a number of rows" train net.lua --data one.csv --ahead 0-3 -c x
refused "--ahead 1-3x: it takes a number of rows" train net.lua --data one.csv --ahead 1-3x -c x
refused "--ahead 1-2: the model was trained with --ahead 1-3" eval net.lua --data one.csv -c s --ahead 1-2
refused "the model's target takes 2 columns, and --target y names 1" train net.lua --data one.csv --input y,z --target y --ahead 1-3 -c x
refused "--backtest 4: the model was trained with --ahead 1-3" eval net.lua --data one.csv -c s --backtest 4
refused "--valid 0.02: it keeps 1 step to validate on" train net.lua --data one.csv --input y,z --target y,z --ahead 1-3 --valid 0.02 -c x
refused "--valid 0.02: it keeps 1 step to validate on" train net.lua --data one.csv --input y,z --target y,z --ahead 1-3 --valid 0.02 --cut 20 -c x
refused "and \`online\` learns from one row as it comes" online net.lua -c s --data one.csv
printf "%s\n" y,z 1,2 2,3 3,4 >t3.csv
refused "rows are too few to predict 3 ahead" eval net.lua --data t3.csv -c s

# Fields that find no columns say what would name them; so does a target of several rows ahead.
cat >power.lua <<'LUA'
return model {
  input  = { clock = real(4) },
  target = { power = real(24) },
  params = { head = nn.linear(4, 24) },
  step   = function(p, x) return { power = p.head(x.clock) } end,
  loss   = function(y, t) return mse(y.power, t.power) end,
  tbptt  = { k1 = 1, k2 = 1 },
}
LUA
sed 's/24/1/g' power.lua >power1.lua
sed 's/{ power = real(24) }/real(24)/; s/{ power = p.head(x.clock) }/p.head(x.clock)/; s/y.power, t.power/y, t/' power.lua >unnamed.lua
printf '%s\n' a,b,c,d,power 1,2,3,4,5 2,3,4,5,6 >power.csv
refused "there is no column 'clock.1'; there are a, b, c, d, power; --input clock=A,B,C,D names the 4 columns of clock" \
    train power.lua --data power.csv --target power=power -c x
refused "there is no column 'power.1'; there are a, b, c, d, power; --ahead 1-24 predicts the column 'power' that many rows ahead" \
    train power.lua --data power.csv --input clock=a,b,c,d -c x
refused "; --ahead 1-24 predicts one column that many rows ahead" train unnamed.lua --data power.csv --input clock=a,b,c,d -c x
refused "--input clock=a,b,c,d: it is given twice; one --input names all of the columns" \
    train power.lua --data power.csv --input clock=d,c,b,a --input clock=a,b,c,d --ahead 1-24 -c x
refused "the model's power takes 1 number, and --ahead 1-24 makes 24 of each column: power = real(24) is of one column" \
    train power1.lua --data power.csv --input clock=a,b,c,d --ahead 1-24 -c x
finish
