# eval --baselines: R2, persistence and the linear forecast are those of their definitions (docs/evaluation.md), computed here by Gaussian
# elimination: of several targets and inputs, with --ahead, sequences, steps that do not count, and --skip.
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
P = 8
rows = list(csv.DictReader(open(path)))
out = list(csv.DictReader(open(predictions)))
parts = {}
for r in rows:
    parts.setdefault(r["id"] if sequence else 0, []).append(r)
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
steps = []  # (inputs, targets, past or None, last or None)
for q in parts.values():
    y = [[z(q[t + ahead], c) for c in names] for t in range(len(q) - ahead)]
    for t in range(len(y)):
        x = [z(q[t], "b"), z(q[t], "u")]
        last = y[t - lag] if t >= lag else None
        past = [v for k in range(P) for v in y[t - lag - k]] if t >= lag + P - 1 else None
        if t >= skip:
            steps.append((x, y[t], past, last))
mean = [sum(s[1][i] for s in steps) / len(steps) for i in range(2)]
F = [s[0] + s[2] + [1.0] for s in steps if s[2] is not None]
Y = [s[1] for s in steps if s[2] is not None]
A = [[sum(f[i] * f[k] for f in F) for k in range(len(F[0]))] for i in range(len(F[0]))]
B = [[sum(f[i] * y[j] for f, y in zip(F, Y)) for j in range(2)] for i in range(len(F[0]))]
C = solve(A, B)
for j, c in enumerate(names):
    sd = scale[c][1]
    linear = persistence = spread = 0
    for x, y, past, last in steps:
        made = sum(f * C[i][j] for i, f in enumerate(x + past + [1.0])) if past is not None else mean[j]
        linear += (y[j] - made) ** 2
        persistence += (y[j] - (last[j] if last is not None else mean[j])) ** 2
        spread += (y[j] - mean[j]) ** 2
    want = [sd * (linear / len(steps)) ** 0.5, sd * (persistence / len(steps)) ** 0.5, 1 - (got["rms"][c] / sd) ** 2 * len(steps) / spread]
    have = next(b for b in got["baselines"] if b["name"] == c)
    for w, h, what in zip(want, (have["linear"], have["persistence"], have["r2"]), ("linear", "persistence", "r2")):
        if not abs(w - h) <= 2e-5 * (1 + abs(w)):
            sys.exit(f"{what} of {c}: {h}, by hand {w}")
PY
agrees() { # AHEAD SKIP SEQUENCE OPTIONS...
    ahead=$1 skip=$2 sequence=$3
    shift 3
    rm -f "$tmp/c.st"
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input b,u --target a,b --ahead "$ahead" --epochs 2 --engine interpreter -q -c "$tmp/c.st" "$@" \
        >"$tmp/out" 2>&1 || { fail "train $*: $(cat "$tmp/out")"; return; }
    "$TAPELESS" eval "$tmp/net.lua" -c "$tmp/c.st" --data "$tmp/d.csv" --engine interpreter --baselines --skip "$skip" --json >"$tmp/eval.json" 2>"$tmp/err" ||
        { fail "eval $*: $(cat "$tmp/err")"; return; }
    python3 - "$tmp/eval.json" "$tmp/got.json" <<'PY' || fail "the JSON"
import json, sys
j = json.load(open(sys.argv[1]))
json.dump({"baselines": j["baselines"], "rms": {t["name"]: t["root_mean_square_error"] for t in j["targets"]},
           "scale": {c["name"]: (c["mean"], c["sd"]) for c in j["columns"]}}, open(sys.argv[2], "w"))
PY
    "$TAPELESS" predict "$tmp/net.lua" -c "$tmp/c.st" --data "$tmp/d.csv" --engine interpreter -o "$tmp/p$$.csv" >"$tmp/out" 2>&1 || fail "predict: $(cat "$tmp/out")"
    python3 "$tmp/by_hand.py" "$tmp/d.csv" "$ahead" "$skip" "$sequence" "$tmp/p$$.csv" "$tmp/got.json" >"$tmp/out" 2>&1 || fail "ahead $ahead, skip $skip $*: $(tail -1 "$tmp/out")"
    rm -f "$tmp/p$$.csv"
}
agrees 1 0 ""
agrees 3 0 ""
agrees 0 0 ""
agrees 1 12 id --sequence id
agrees 2 0 id --sequence id
"$TAPELESS" eval "$tmp/net.lua" -c "$tmp/c.st" --data "$tmp/d.csv" --engine interpreter --baselines >"$tmp/out" 2>&1 || fail "eval: $(cat "$tmp/out")"
grep -q '^baselines of a  *R2 [-0-9.e]*; RMS of persistence [0-9.]*, of a linear forecast [0-9.]*$' "$tmp/out" || fail "for people: $(cat "$tmp/out")"
make_text "$tmp/text"
# shellcheck disable=SC2086
"$TAPELESS" train $small --data "$tmp/text" --steps 3 --engine interpreter -q -c "$tmp/t.st" >"$tmp/out" 2>&1 &&
    "$TAPELESS" eval $small -c "$tmp/t.st" --data "$tmp/text" --engine interpreter --baselines >"$tmp/out" 2>&1 || fail "of tokens: $(cat "$tmp/out")"
finish
