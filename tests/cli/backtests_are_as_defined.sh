# eval --backtest: errors by steps ahead are those of forecasts made by hand, from every origin anew: the state goes on from what is
# known, predictions are read again where a column is a target, too, others are the table's; persistence and the season beside
# them. Of what is held out, or from a row or a part of the rows on; of several sequences, with steps that do not count.
. tests/cli/common.sh
awk 'BEGIN { print "id,x,y,n"; s = 1; for (q = 1; q <= 4; q++) for (i = 0; i < 25 + 3 * q; i++) {
    s = (s * 1103515245 + 12345) % 2147483648; r = s / 2147483648 - 0.5
    printf "q%d,%.4f,%.4f,%.4f\n", q, 5 + cos(i / 2), 40 + 3 * sin(i / 3 + q) + r, r } }' >"$tmp/d.csv"
awk -F, 'BEGIN { OFS = "," } NR % 7 == 3 { $4 = "" } { print }' "$tmp/d.csv" >"$tmp/gaps.csv"
cat >"$tmp/net.lua" <<'LUA'
local o = options { batch = 1 }
return model {
  input = real(2), target = { y = real(1), n = real(1) }, params = { a = param({ 1 }, 0.6), b = param({ 1 }, 0.3) }, state = { h = { 1 } },
  step = function(p, v, s)
    local x, y = slice(v, 1, 1), slice(v, 2, 2)
    local h = p.a * y + p.b * s.h
    return { y = h + 0.2 * x, n = 0.5 * h }, { h = h }
  end,
  loss = mse, tbptt = { k1 = 2, k2 = 4, batch = o.batch },
}
LUA
cat >"$tmp/by_hand.py" <<'PY'
import csv, json, math, sys
data, sequence, horizon, every, season, start, scores, report = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6], sys.argv[7], json.load(open(sys.argv[8]))
trained, eval_json = report.get("trained_on", 0), json.load(open(sys.argv[9]))
scale = {(c["name"], c["side"]): (c["mean"], c["sd"]) for c in eval_json["columns"]}
parts = {}
for r in csv.DictReader(open(data)):
    parts.setdefault(r["id"] if sequence else 0, []).append(r)
z = lambda v, name, side: (float(v) - scale[name, side][0]) / scale[name, side][1]
number = lambda v: float(v) if v else None
off = {t: [[] for _ in range(horizon)] for t in "yn"}
naive, seasonal = ({t: [[] for _ in range(horizon)] for t in "yn"} for _ in range(2))
truth = {t: [[] for _ in range(horizon)] for t in "yn"}
origins = 0
last = next({c: float(r[c]) for c in "yn"} for q in parts.values() for r in q[1:] if r["n"])
for k, q in enumerate(parts.values()):
    if start:
        first = int(float(start) * (len(q) - 1)) if float(start) < 1 else int(start) - 1
    else:
        first = trained if not sequence else (0 if k >= trained else len(q))
    h, first = 0.0, max(first, season, 1)
    known = {c: [number(r[c]) for r in q] for c in "yn"}
    for i in range(1, len(q)):  # targets stand from the second row on; of a step that does not count they are the last that did
        if q[i]["n"]:
            last = {c: known[c][i] for c in "yn"}
        for c in "yn":
            known[c][i] = last[c]
    for t in range(len(q) - 1):
        x, y = z(q[t]["x"], "x", "input"), z(q[t]["y"], "y", "input")
        h = 0.6 * y + 0.3 * h
        if t + horizon > len(q) - 1 or t < first or (t - first) % every:
            continue
        origins += 1
        g, out = h, h + 0.2 * x
        for ahead in range(1, horizon + 1):
            if ahead > 1:
                xx = z(q[t + ahead - 1]["x"], "x", "input")
                yy = (out * scale["y", "target"][1] + scale["y", "target"][0] - scale["y", "input"][0]) / scale["y", "input"][1]
                g = 0.6 * yy + 0.3 * g
                out = g + 0.2 * xx
            said = {"y": out * scale["y", "target"][1] + scale["y", "target"][0], "n": 0.5 * g * scale["n", "target"][1] + scale["n", "target"][0]}
            if not q[t + ahead]["n"]:
                continue
            for c in "yn":
                is_ = known[c][t + ahead]
                off[c][ahead - 1].append(said[c] - is_)
                truth[c][ahead - 1].append(is_)
                naive[c][ahead - 1].append(known[c][t] - is_)
                if season:
                    seasonal[c][ahead - 1].append(known[c][t + ahead - season * -(-ahead // season)] - is_)
rms = lambda e: math.sqrt(sum(v * v for v in e) / len(e))
mae = lambda e: sum(map(abs, e)) / len(e)
rows = list(csv.DictReader(open(scores)))
assert len(rows) == 2 * horizon and report["backtest"]["forecasts"] == origins, (len(rows), report["backtest"]["forecasts"], origins)
for r in rows:
    c, a = r["target"], int(r["ahead"]) - 1
    mean = sum(truth[c][a]) / len(truth[c][a])
    want = {"forecasts": len(off[c][a]), "rms": rms(off[c][a]), "mae": mae(off[c][a]),
            "r2": 1 - sum(v * v for v in off[c][a]) / sum((v - mean) ** 2 for v in truth[c][a]),
            "persistence_rms": rms(naive[c][a]), "persistence_mae": mae(naive[c][a])}
    if season:
        want.update(season_rms=rms(seasonal[c][a]), season_mae=mae(seasonal[c][a]))
    for what, w in want.items():
        if abs(float(r[what]) - w) > 1e-6 * (1 + abs(w)):
            sys.exit(f"{what} of {c}, {a + 1} ahead: {r[what]}, by hand {w}")
PY
agrees() { # DATA SEQUENCE HORIZON EVERY SEASON FROM OPTIONS...: of the training
    data=$1 sequence=$2 horizon=$3 every=$4 season=$5 from=$6
    shift 6
    "$TAPELESS" train "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/$data" --input x,y --lr 0 --steps 1 --ahead 1 -q --overwrite -c "$tmp/c" "$@" \
        >"$tmp/out" 2>&1 || { fail "train $*: $(cat "$tmp/out")"; return; }
    "$TAPELESS" eval "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/$data" -c "$tmp/c" --json >"$tmp/eval.json" 2>"$tmp/err" || fail "eval: $(cat "$tmp/err")"
    # shellcheck disable=SC2046
    "$TAPELESS" eval "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/$data" -c "$tmp/c" --backtest "$horizon" --every "$every" --json --scores "$tmp/scores.csv" \
        $([ "$season" = 0 ] || echo "--season $season") $([ -z "$from" ] || echo "--from $from") >"$tmp/report.json" 2>"$tmp/err" ||
        { fail "backtest $horizon $*: $(cat "$tmp/err")"; return; }
    python3 "$tmp/by_hand.py" "$tmp/$data" "$sequence" "$horizon" "$every" "$season" "$from" "$tmp/scores.csv" "$tmp/report.json" "$tmp/eval.json" >"$tmp/out" 2>&1 ||
        fail "$data, $horizon steps, every $every, season $season, from '$from' $*: $(tail -n 1 "$tmp/out")"
}
agrees d.csv "" 6 1 0 "" --valid 0.3
agrees d.csv "" 5 3 4 "" --valid 0.4
agrees d.csv "" 1 1 0 0.5
agrees d.csv "" 7 2 3 17
agrees d.csv id 4 1 3 "" --sequence id --valid 0.5
agrees d.csv id 4 2 0 0.4 --sequence id
agrees gaps.csv id 5 1 6 9 --sequence id --missing mask
agrees gaps.csv "" 5 1 0 "" --missing mask --valid 0.5

run() { "$TAPELESS" eval "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/d.csv" -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err"; }
refused() { # SENTENCE WORD...
    sentence=$1
    shift
    run "$@" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
agrees d.csv "" 6 1 0 "" --valid 0.3
run --backtest 6 --season 5 --plot "$tmp/p.svg" || fail "for people: $(cat "$tmp/err")"
grep -q '^backtest  *33 forecasts of 6 rows, the first from row 92$' "$tmp/out" || fail "for people: $(cat "$tmp/out")"
[ "$(grep -c '^  [1-6]  *33  ' "$tmp/out")" = 12 ] || fail "a row for each step ahead: $(cat "$tmp/out")"
for word in persistence 'the season' model 'rows ahead' 'forecasts, some of them'; do
    grep -q ">$word<" "$tmp/p.svg" || fail "the picture has no $word"
done
# Forecasts that follow each other are drawn, all of them, each a line of its own, along the times of the table.
lines() { # FILE: of the forecasts
    tr '\n' ' ' <"$1" | grep -o "<path stroke='rgb(209,  73,  91)'[^>]*>" | grep -o 'M[0-9]' | wc -l
}
run --backtest 6 --every 6 --plot "$tmp/p.svg" || fail "--every 6: $(cat "$tmp/err")"
origins=$(sed -n 's/^backtest  *\([0-9]*\) forecasts of 6 rows, every 6.*/\1/p' "$tmp/out")
[ "$(lines "$tmp/p.svg")" = $((2 * origins + 2)) ] || fail "of $origins forecasts of 2 targets, and 2 lines of the legend, $(lines "$tmp/p.svg") are drawn"
grep -q '>forecasts<' "$tmp/p.svg" || fail "some forecasts are said to be left out"
awk -F, 'NR == 1 { print "when," $0; next } { printf "2024-03-%02dT%02d:00,%s\n", 1 + int(NR / 24), NR % 24, $0 }' "$tmp/d.csv" >"$tmp/timed.csv"
"$TAPELESS" eval "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/timed.csv" --time when -c "$tmp/c" --backtest 6 --every 6 --plot "$tmp/p.svg" \
    >"$tmp/out" 2>"$tmp/err" || fail "with times: $(cat "$tmp/err")"
grep -q '>when<' "$tmp/p.svg" || fail "the times are not along the axis"
# No line leads across what is missing in time.
awk 'NR < 50 || NR > 60' "$tmp/timed.csv" >"$tmp/hole.csv"
for drawn in eval predict 'eval --residuals' 'eval --backtest 6 --every 200 --from 20'; do
    case $drawn in *residuals) plot= ;; *) plot=--plot ;; esac
    for table in timed hole; do
        # shellcheck disable=SC2086
        "$TAPELESS" ${drawn%% *} "$tmp/net.lua" -p f64 --engine interpreter --data "$tmp/$table.csv" --time when --gaps keep -c "$tmp/c" \
            ${drawn#"${drawn%% *}"} $plot "$tmp/$table.svg" >"$tmp/out" 2>"$tmp/err" || fail "$drawn with a hole: $(cat "$tmp/err")"
    done
    grey() { tr '\n' ' ' <"$1" | grep -o "<path stroke='rgb($2)'[^>]*>" | grep -o 'M[0-9]' | wc -l; }
    case $drawn in *residuals) colour='209,  73,  91' ;; *) colour='160, 160, 160' ;; esac
    [ $(($(grey "$tmp/hole.svg" "$colour") - $(grey "$tmp/timed.svg" "$colour"))) = 2 ] || fail "$drawn: a line runs across a hole"
done
refused 'no row has as many behind it in what is held out' --backtest 60
refused 'no row has as many behind it from the one on that --from names' --backtest 6 --from 129
refused '--from 1.5: it takes the number of a row' --backtest 6 --from 1.5
refused '--every: it is for --backtest H' --every 3
refused '--fit: --backtest is a score of its own' --backtest 6 --fit
cat >"$tmp/plain.lua" <<'LUA'
return model { input = real(1), target = real(1), params = { a = param({ 1 }, 1) }, step = function(p, x) return p.a * x end, loss = mse, tbptt = { k1 = 1, k2 = 1 } }
LUA
"$TAPELESS" train "$tmp/plain.lua" --engine interpreter --data "$tmp/d.csv" --input x --target y --steps 1 -q -c "$tmp/p" >"$tmp/out" 2>&1 || fail "train: $(cat "$tmp/out")"
"$TAPELESS" eval "$tmp/plain.lua" --engine interpreter --data "$tmp/d.csv" -c "$tmp/p" --backtest 3 >"$tmp/out" 2>"$tmp/err" && fail "nothing is read again"
grep -qF 'no input is a target, so nothing that is predicted is read again' "$tmp/err" || fail "$(cat "$tmp/err")"
finish
