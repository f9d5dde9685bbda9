# eval --baselines: R2, persistence, seasonal persistence and the linear forecast are those of their definitions (docs/evaluation.md),
# computed here by Gaussian elimination: of several targets and inputs, with --ahead, sequences, steps that do not count, --skip and
# --season; fitted on the steps that are scored, on those that the checkpoint was trained on, or on another file.
. tests/cli/common.sh
awk 'BEGIN { print "id,a,b,u"; s = 1; for (q = 1; q <= 3; q++) for (i = 0; i < 70 + 9 * q; i++) {
    s = (s * 1103515245 + 12345) % 2147483648; r = s / 2147483648 - 0.5
    printf "%d,%.5f,%.5f,%.5f\n", q, sin(i / 5 + q) + 0.2 * r, 40 + 3 * cos(i / 7) * sin(i / 3) + r, r * r * 10 } }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input = real(2), target = real(2), params = { rnn = nn.gru(2, 5), head = nn.linear(5, 2) },
  step = function(p, x, s) local h, rnn = p.rnn(x, s.rnn) return p.head(h), { rnn = rnn } end,
  loss = mse, tbptt = { k1 = 4, k2 = 8 },
}
LUA
cat >"$tmp/by_hand.py" <<'PY'
import csv, json, sys
path, ahead, skip, sequence, predictions, got = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5], json.load(open(sys.argv[6]))
season, fit_path, held = int(sys.argv[7]), sys.argv[8], int(sys.argv[9])
P = 8
names, lag = ["a", "b"], max(1, ahead)
def solve(A, B):
    n = len(A)
    ridge = 1e-9 * sum(A[i][i] for i in range(n)) / n
    M = [A[i][:] + B[i][:] for i in range(n)]
    for i in range(n):
        M[i][i] += ridge
    for i in range(n):
        p = max(range(i, n), key=lambda k: abs(M[k][i])); M[i], M[p] = M[p], M[i]
        for k in range(n):
            if k != i:
                f = M[k][i] / M[i][i]
                M[k] = [x - f * y for x, y in zip(M[k], M[i])]
    return [[M[i][n + j] / M[i][i] for j in range(len(B[0]))] for i in range(n)]
scale = {c: (float(got["scale"][c][0]), float(got["scale"][c][1])) for c in ("a", "b", "u")}
z = lambda r, c: (float(r[c]) - scale[c][0]) / scale[c][1]
def read(path, skip):  # (inputs, targets, past or None, last or None, season before or None)
    steps, parts = [], {}
    for r in csv.DictReader(open(path)):
        parts.setdefault(r["id"] if sequence else 0, []).append(r)
    for q in parts.values():
        y = [[z(q[t + ahead], c) for c in names] for t in range(len(q) - ahead)]
        for t in range(len(y)):
            back = season * -(-lag // season) if season else t + 1
            if t >= skip:
                steps.append(([z(q[t], "b"), z(q[t], "u")], y[t],
                              [v for k in range(P) for v in y[t - lag - k]] if t >= lag + P - 1 else None,
                              y[t - lag] if t >= lag else None, y[t - back] if t >= back else None))
    return steps
steps = read(path, max(skip, held))
fitted = read(fit_path, skip) if fit_path else read(path, skip)[:held - skip] if held else steps
mean = [sum(s[1][i] for s in fitted) / len(fitted) for i in range(2)]
F = [s[0] + s[2] + [1.0] for s in fitted if s[2] is not None]
Y = [s[1] for s in fitted if s[2] is not None]
A = [[sum(f[i] * f[k] for f in F) for k in range(len(F[0]))] for i in range(len(F[0]))]
B = [[sum(f[i] * y[j] for f, y in zip(F, Y)) for j in range(2)] for i in range(len(F[0]))]
C = solve(A, B)
for j, c in enumerate(names):
    sd = scale[c][1]
    own = sum(s[1][j] for s in steps) / len(steps)
    spread = sum((s[1][j] - own) ** 2 for s in steps)
    off = {"linear": [], "persistence": [], "seasonal": []}
    for x, y, past, last, before in steps:
        off["linear"].append(y[j] - (sum(f * C[i][j] for i, f in enumerate(x + past + [1.0])) if past is not None else mean[j]))
        off["persistence"].append(y[j] - (last[j] if last is not None else mean[j]))
        off["seasonal"].append(y[j] - (before[j] if before is not None else mean[j]))
    have = next(b for b in got["baselines"] if b["name"] == c)
    want = {"r2": 1 - (got["rms"][c] / sd) ** 2 * len(steps) / spread}
    for kind, e in off.items():
        if kind == "seasonal" and not season:
            continue
        want[kind] = sd * (sum(v * v for v in e) / len(e)) ** 0.5
        want[kind + "_mean_absolute_error"] = sd * sum(map(abs, e)) / len(e)
        want["mean_absolute_error_by_" + kind] = got["mae"][c] / want[kind + "_mean_absolute_error"]
    for what, w in want.items():
        if not abs(w - have[what]) <= 2e-5 * (1 + abs(w)):
            sys.exit(f"{what} of {c}: {have[what]}, by hand {w}")
PY
agrees() { # AHEAD SKIP SEQUENCE SEASON FIT HELD OPTIONS...: FIT a file or "", HELD 1: --held-out
    ahead=$1 skip=$2 sequence=$3 season=$4 fit=$5 held=$6
    shift 6
    rm -f "$tmp/c.st"
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input b,u --target a,b --ahead "$ahead" --epochs 2 --engine interpreter -q -c "$tmp/c.st" "$@" \
        >"$tmp/out" 2>&1 || { fail "train $*: $(cat "$tmp/out")"; return; }
    # shellcheck disable=SC2046
    "$TAPELESS" eval "$tmp/net.lua" -c "$tmp/c.st" --data "$tmp/d.csv" --engine interpreter --baselines --skip "$skip" --json \
        $([ "$season" = 0 ] || echo "--season $season") $([ -z "$fit" ] || echo "--train-data $fit") $([ "$held" = 0 ] || echo --held-out) \
        >"$tmp/eval.json" 2>"$tmp/err" || { fail "eval $*: $(cat "$tmp/err")"; return; }
    trained=$(python3 - "$tmp/eval.json" "$tmp/got.json" <<'PY'
import json, sys
j = json.load(open(sys.argv[1]))
json.dump({"baselines": j["baselines"], "rms": {t["name"]: t["root_mean_square_error"] for t in j["targets"]},
           "mae": {t["name"]: t["mean_absolute_error"] for t in j["targets"]},
           "scale": {c["name"]: (c["mean"], c["sd"]) for c in j["columns"]}}, open(sys.argv[2], "w"))
print(j["trained_on"])
PY
    ) || fail "the JSON"
    python3 "$tmp/by_hand.py" "$tmp/d.csv" "$ahead" "$skip" "$sequence" - "$tmp/got.json" "$season" "$fit" $((held * trained)) >"$tmp/out" 2>&1 ||
        fail "ahead $ahead, skip $skip, season $season, fitted on '$fit', held out $held $*: $(tail -1 "$tmp/out")"
}
awk -F, 'BEGIN { OFS = "," } NR == 1 { print; next } NR < 90 { $2 += 0.1 * $4; print }' "$tmp/d.csv" >"$tmp/other.csv"
agrees 1 0 "" 0 "" 0
agrees 3 0 "" 4 "" 0
agrees 3 0 "" 2 "" 0
agrees 0 0 "" 5 "" 0
agrees 1 12 id 7 "" 0 --sequence id
agrees 2 0 id 300 "" 0 --sequence id
agrees 1 0 "" 7 "$tmp/other.csv" 0
agrees 1 3 id 0 "$tmp/other.csv" 0 --sequence id
agrees 1 3 "" 6 "" 1 --valid 0.3
agrees 2 0 "" 0 "" 1 --valid 0.5 --batch 3
"$TAPELESS" eval "$tmp/net.lua" -c "$tmp/c.st" --data "$tmp/d.csv" --engine interpreter --baselines >"$tmp/out" 2>&1 || fail "eval: $(cat "$tmp/out")"
grep -q '^  linear, fitted on these steps  *[0-9.]*  *[0-9.]*  *[-0-9.]*  *[0-9.]*$' "$tmp/out" || fail "for people: $(cat "$tmp/out")"
grep -q '^trained on  *the first 129 of these 262 steps; --held-out scores the others alone$' "$tmp/out" || fail "what was trained on: $(cat "$tmp/out")"
make_text "$tmp/text"
# shellcheck disable=SC2086
"$TAPELESS" train $small --data "$tmp/text" --steps 3 --engine interpreter -q -c "$tmp/t.st" >"$tmp/out" 2>&1 &&
    "$TAPELESS" eval $small -c "$tmp/t.st" --data "$tmp/text" --engine interpreter --baselines >"$tmp/out" 2>&1 || fail "of tokens: $(cat "$tmp/out")"

# Before the first target that is there nothing is known: neither what it will be, nor what another sequence was.
awk 'BEGIN { print "id,x,y"; for (q = 0; q < 2; q++) for (i = 0; i < 20; i++) print q "," i % 3 "," (i < 10 ? "" : (q ? 5 : 100) + i % 4) }' >"$tmp/late.csv"
sed 's/real(2), target = real(2)/real(1), target = real(1)/; s/gru(2/gru(1/; s/linear(5, 2)/linear(5, 1)/; s/k2 = 8/k2 = 8, resets = true/' "$tmp/net.lua" >"$tmp/one.lua"
"$TAPELESS" train "$tmp/one.lua" --data "$tmp/late.csv" --sequence id --input x --target y --ahead 1 --missing mask --valid 0 --steps 2 -q --overwrite -c "$tmp/late" \
    >"$tmp/out" 2>&1 || fail "late: $(cat "$tmp/out")"
"$TAPELESS" eval "$tmp/one.lua" --data "$tmp/late.csv" -c "$tmp/late" --baselines --season 4 --json >"$tmp/late.json" 2>"$tmp/err" || fail "late: $(cat "$tmp/err")"
"$TAPELESS" eval "$tmp/one.lua" --data "$tmp/late.csv" -c "$tmp/late" --backtest 1 --from 1 --season 4 --json >"$tmp/late_back.json" 2>"$tmp/err" || fail "late: $(cat "$tmp/err")"
python3 - "$tmp/late.json" "$tmp/late_back.json" <<'PY' || fail "late: $(cat "$tmp/late.json" "$tmp/late_back.json")"
import json, sys
y = [[b + i % 4 for i in range(10, 20)] for b in (100, 5)]
mean = sum(map(sum, y)) / 20
rms = lambda e: (sum(v * v for v in e) / len(e)) ** 0.5
got = json.load(open(sys.argv[1]))["baselines"][0]
for kind, back in (("persistence", 1), ("seasonal", 4)):
    want = rms([q[t] - (q[t - back] if t >= back else mean) for q in y for t in range(10)])
    assert abs(got[kind] - want) < 1e-4, (kind, got[kind], want)
back = json.dumps(json.load(open(sys.argv[2]))["backtest"])
assert json.loads(back)["forecasts"] == 12, back
PY
finish
