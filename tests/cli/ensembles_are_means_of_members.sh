# predict and eval with several checkpoints: rows are the means of what each member writes alone, each having read again what it has predicted
# itself; of numbers their deviation and interval, of tokens and probabilities the mean probability, of quantiles each; scores are those of these
# means, beside each member's. Members that read data otherwise are refused by their file. The seeds of a sweep are one.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PYTHONPATH="$tmp"
awk 'BEGIN { print "id,x,y,k,p,m"; s = 1; for (i = 0; i < 160; i++) {
    s = (s * 1103515245 + 12345) % 2147483648; r = s / 2147483648 - 0.5
    printf "%s,%.4f,%.4f,%s,%d,%.4f\n", (i < 70 ? "a" : "b"), sin(i / 4), 50 + 8 * sin(i / 4) + 6 * r, (i % 5 < 2 ? "low" : "high"), ((i % 7) > 3), 9 * sin(i / 5) + r } }' >"$tmp/d.csv"
cd "$tmp" || exit 1
cat >net.lua <<'LUA'
local o = options { hidden = 5 }
return model {
  input = real(2), target = { y = real(1), k = token(2), p = real(1), m = real(1) },
  params = { rnn = nn.gru(2, o.hidden), y = nn.linear(o.hidden, 1), k = nn.linear(o.hidden, 2), p = nn.linear(o.hidden, 1), m = nn.linear(o.hidden, 3) },
  step = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return { y = p.y(h), k = p.k(h), p = p.p(h), m = p.m(h), own = mean(h) }, { rnn = rnn }
  end,
  loss = function(y, t) return mse(y.y, t.y) + cross_entropy(y.k, t.k) + bce(y.p, t.p) + quantile(y.m, t.m, { 0.1, 0.5, 0.9 }) end,
  tbptt = { k1 = 5, k2 = 10 }, train = { optimizer = adam { lr = 2e-2 } },
}
LUA
cat >more.py <<'PY'
import csv, json, math
def rows(path): return list(csv.DictReader(open(path)))
def near(what, got, want, by=2e-6):
    if not abs(float(got) - want) <= by * (1 + abs(want)):
        raise SystemExit(f"{what}: {got}, by hand {want}")
def spread(x):
    mean = sum(x) / len(x)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in x) / (len(x) - 1))
PY
train() { "$TAPELESS" train net.lua -p f64 --data d.csv --input x,y --ahead 1 --valid 0.2 --epochs 6 -q --overwrite "$@" >out 2>&1 || fail "train $*: $(cat out)"; }
for seed in 1 2 3; do
    train --sequence id --seed $seed -c "q$seed"
    "$TAPELESS" predict net.lua -p f64 -c "q$seed" --data d.csv -o "q$seed.csv" 2>err || fail "predict: $(cat err)"
    train --seed $seed -c "m$seed"
done
"$TAPELESS" predict net.lua -p f64 -c q1 -c q2 -c q3 --data d.csv -o q.csv 2>err || fail "three: $(cat err)"
"$TAPELESS" predict net.lua -p f64 -c 'q[123]' --data d.csv -o pattern.csv --threads 2 2>err || fail "a pattern: $(cat err)"
cmp q.csv pattern.csv || fail "a pattern names others"
"$TAPELESS" predict net.lua -p f64 -c 'q[1]' --data d.csv -o one.csv 2>err && cmp one.csv q1.csv || fail "one of a pattern is that one"
[ "$(head -1 q.csv)" = "id,row,k,k.probability,k.agree,m.q0.1,m.q0.5,m.q0.9,m.sd,p,p.sd,p.low,p.high,y,y.sd,y.low,y.high,own" ] || fail "columns: $(head -1 q.csv)"
cat >means.py <<'PY'
import sys
from more import *
all, each = rows(sys.argv[1]), [rows(f) for f in sys.argv[2:]]
assert len(all) == len(each[0]) > 100
for r, of in zip(all, zip(*each)):
    assert len({(o.get("id"), o["row"]) for o in of} | {(r.get("id"), r["row"])}) == 1, r
    for c in ("y", "p"):
        mean, sd = spread([float(o[c]) for o in of])
        ends = [mean - 1.96 * sd, mean + 1.96 * sd]
        if c == "p":
            ends = [min(max(e, 0), 1) for e in ends]
        near(c, r[c], mean), near(c + ".sd", r[c + ".sd"], sd, 1e-5), near(c + ".low", r[c + ".low"], ends[0], 1e-5), near(c + ".high", r[c + ".high"], ends[1], 1e-5)
    for q in ("0.1", "0.5", "0.9"):
        near("m.q" + q, r["m.q" + q], spread([float(o["m.q" + q]) for o in of])[0])
    near("m.sd", r["m.sd"], spread([float(o["m.q0.5"]) for o in of])[1], 1e-5)
    near("own", r["own"], spread([float(o["own"]) for o in of])[0])
    high = sum(float(o["k.probability"]) if o["k"] == "high" else 1 - float(o["k.probability"]) for o in of) / len(of)
    word = "high" if high >= 0.5 else "low"
    assert abs(high - 0.5) < 1e-6 or r["k"] == word, (r, of)
    near("k.probability", r["k.probability"], max(high, 1 - high))
    near("k.agree", r["k.agree"], sum(o["k"] == r["k"] for o in of) / len(of))
assert any(0 < float(r["k.agree"]) < 1 for r in all), "they always agree"
PY
python3 means.py q.csv q1.csv q2.csv q3.csv 2>err || fail "means: $(tail -n 1 err)"

# Rows ahead: each member goes on from its own predictions.
awk 'BEGIN { print "x"; for (i = 160; i < 190; i++) printf "%.4f\n", sin(i / 4) }' >f.csv
for seed in 1 2 3; do
    "$TAPELESS" predict net.lua -p f64 -c "m$seed" --data d.csv --horizon 25 --future f.csv -o "m$seed.csv" 2>err || fail "--horizon: $(cat err)"
done
"$TAPELESS" predict net.lua -p f64 -c 'm[123]' --data d.csv --horizon 25 --future f.csv -o m.csv --plot m.svg 2>err || fail "three, --horizon: $(cat err)"
python3 means.py m.csv m1.csv m2.csv m3.csv 2>err || fail "means of forecasts: $(tail -n 1 err)"
grep -q '>1.96 sd of 3 members<' m.svg || fail "the picture shades no interval of members"
python3 - <<'PY' || fail "the interval does not widen"
from more import *
r = rows("m.csv")
assert float(r[-1]["y.sd"]) != float(r[-25]["y.sd"])
PY

# Scores, of what the rows say.
"$TAPELESS" eval net.lua -p f64 -c 'm[123]' --data d.csv --json >e.json 2>err || fail "eval: $(cat err)"
"$TAPELESS" eval net.lua -p f64 -c m2 --data d.csv --json >e2.json 2>err || fail "eval of one: $(cat err)"
cat >scores.py <<'PY'
from more import *
e, two, data = json.load(open("e.json")), json.load(open("e2.json")), rows("d.csv")
by = {t["name"]: t for t in e["targets"]}
said = [r for r in rows("m.csv") if int(r["row"]) <= len(data)]
truth = [data[int(r["row"]) - 1] for r in said]
n = len(said)
off = [float(r["y"]) - float(t["y"]) for r, t in zip(said, truth)]
near("RMS", by["y"]["root_mean_square_error"], math.sqrt(sum(d * d for d in off) / n))
near("mean absolute", by["y"]["mean_absolute_error"], sum(map(abs, off)) / n)
near("accuracy", by["k"]["accuracy"], sum(r["k"] == t["k"] for r, t in zip(said, truth)) / n)
p = [float(r["k.probability"]) if r["k"] == t["k"] else 1 - float(r["k.probability"]) for r, t in zip(said, truth)]
near("log loss", by["k"]["log_loss"], -sum(map(math.log, p)) / n)
near("Brier", by["p"]["brier"], sum((float(r["p"]) - float(t["p"])) ** 2 for r, t in zip(said, truth)) / n)
q = next(t for t in e["quantiles"] if t["name"] == "m")
near("coverage", q["coverage"], sum(float(r["m.q0.1"]) <= float(t["m"]) <= float(r["m.q0.9"]) for r, t in zip(said, truth)) / n)
apart = {a["name"]: a for a in e["ensemble"]["apart"]}
near("deviation", apart["y"]["deviation"], sum(float(r["y.sd"]) for r in said) / n)
near("inside", apart["y"]["inside"], sum(float(r["y.low"]) <= float(t["y"]) <= float(r["y.high"]) for r, t in zip(said, truth)) / n)
members = e["ensemble"]["members"]
assert [m["checkpoint"] for m in members] == ["m1", "m2", "m3"] and members[1]["loss"] == two["loss"]
near("the mean of the losses", e["members_loss"], sum(m["loss"] for m in members) / 3, 1e-14)
one = {t["name"]: t for t in members[1]["targets"]}
near("RMS of one", one["y"]["root_mean_square_error"], next(t for t in two["targets"] if t["name"] == "y")["root_mean_square_error"], 1e-12)
near("log loss of one", one["k"]["log_loss"], next(t for t in two["targets"] if t["name"] == "k")["log_loss"], 1e-12)
all = {t["name"]: t for t in e["ensemble"]["targets"]}
near("RMS beside them", all["y"]["root_mean_square_error"], by["y"]["root_mean_square_error"], 1e-12)
PY
python3 scores.py 2>err || fail "scores: $(tail -n 1 err)"
"$TAPELESS" eval net.lua -p f64 -c 'm[123]' --data d.csv --baselines --fit --plot fit.svg --residuals res.svg >out 2>err || fail "for people: $(cat err)"
for line in '^members of y  *deviation [0-9.]* from their mean; [0-9.]* of the steps within 1.96 of it$' '^  the ensemble  ' '^  m2  ' '^  mean of the 3  ' '^  k  *accuracy  *log loss  *perplexity$' '^  persistence: 1 step'; do
    grep -q "$line" out || fail "no '$line' for people: $(cat out)"
done

# A backtest of one origin is a forecast of one.
"$TAPELESS" eval net.lua -p f64 -c 'm[123]' --data d.csv --backtest 20 --from 139 --every 100 --json --scores b.csv >b.json 2>err || fail "backtest: $(cat err)"
awk -F, 'BEGIN { OFS = "," } NR > 140 { $3 = $4 = $5 = $6 = "" } { print }' d.csv >cut.csv
"$TAPELESS" predict net.lua -p f64 -c 'm[123]' --data cut.csv --missing mask --horizon 20 -o cut.out 2>err || fail "as a forecast: $(cat err)"
python3 - <<'PY' 2>err || fail "backtest: $(tail -n 1 err)"
from more import *
data, said = rows("d.csv"), {int(r["row"]): r for r in rows("cut.out")}
assert json.load(open("b.json"))["backtest"]["members"] == 3
for r in rows("b.csv"):
    if r["target"] == "y":
        row = 139 + int(r["ahead"])
        near(f"{r['ahead']} ahead", r["rms"], abs(float(said[row]["y"]) - float(data[row - 1]["y"])), 1e-5)
PY

# Members are of one kind.
refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" predict net.lua -p f64 --data d.csv "$@" >out 2>err && fail "$* went through"
    grep -qF -e "$sentence" err || fail "$*: $(cat err)"
}
"$TAPELESS" train net.lua -p f64 --data d.csv --input x,y --ahead 1 --valid 0.4 --epochs 1 -q -c rows >out 2>&1 || fail "$(cat out)"
train --seed 4 -c hidden -D hidden=4
"$TAPELESS" train net.lua -p f64 --data d.csv --input y,x --ahead 1 --valid 0.2 --epochs 1 -q -c columns >out 2>&1 || fail "$(cat out)"
"$TAPELESS" train net.lua -p f64 --data d.csv --input x,y --ahead 2 --valid 0.2 --epochs 1 -q -c ahead >out 2>&1 || fail "$(cat out)"
refused "rows: it takes 'x' by the mean" -c m1 -c rows
refused "columns: it reads other columns than m1, the first of them 'y' in place of 'x'" -c m1 -c columns
refused "ahead: it was trained with --ahead 2, and m1 with --ahead 1" -c m1 -c ahead
refused "q1: it was trained with --sequence 'id', and m1 with ''" -c m1 -c q1
refused "hidden: k.weight is {2, 4}" -c m1 -c hidden
refused "-c m1: it is named twice" -c m1 -c 'm?'
refused "--checkpoint z*: no file has a name that the pattern matches" -c 'z*'
refused "--output m2: this file is read" -c m1 -c m2 -o m2
refused "--quantised is of one checkpoint, and -c names 2" -c m1 -c m2 --quantised int16

# The program of its own; and what a sweep's seeds are together.
"$TAPELESS" build net.lua -p f64 -o built >out 2>&1 || fail "build: $(cat out)"
built/net predict -c m1 -c m2 -c m3 --data d.csv --horizon 25 --future f.csv -o built.csv 2>err && cmp built.csv m.csv || fail "the trainer: $(cat err)"
"$TAPELESS" sweep net.lua -p f64 --data d.csv --input x,y --ahead 1 --seeds 3 --epochs 2 -o sweep -q >out 2>err || fail "sweep: $(cat err)"
line=$(sed -n 's/^  *its seeds together: tapeless //p' out | sed 's/FILE$/d.csv/; s/net.lua/net.lua -p f64/')
[ -n "$line" ] || fail "a sweep does not say how its seeds are one: $(cat out)"
sh -c "'$TAPELESS' $line" >out 2>err || fail "$line: $(cat err)"
grep -q '^  mean of the 3  ' out || fail "the seeds together: $(cat out)"
finish
