# eval --per sequence and --scores: of each sequence the error, the accuracy and what baselines make of it, by hand from predict's
# rows; the worst first for people, under the names that the table has for them. --held-out scores the sequences that were not
# trained on, and says so.
. tests/cli/common.sh
awk 'BEGIN { print "store,x,y,k"; s = 1; for (q = 1; q <= 9; q++) for (i = 0; i < 30 + q; i++) {
    s = (s * 1103515245 + 12345) % 2147483648; r = s / 2147483648 - 0.5
    printf "s%d,%.4f,%.4f,%d\n", q, sin(i / 3), 100 * q + 10 * sin(i / 3) + (q == 4 ? 60 : 1) * r, (r > 0) } }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input = real(1), target = { y = real(1), k = token(2) }, params = { rnn = nn.gru(1, 4), y = nn.linear(4, 1), k = nn.linear(4, 2) },
  step = function(p, x, s) local h, rnn = p.rnn(x, s.rnn) return { y = p.y(h), k = p.k(h) }, { rnn = rnn } end,
  loss = function(o, t) return mse(o.y, t.y) + cross_entropy(o.k, t.k) end, tbptt = { k1 = 4, k2 = 8, batch = 3 },
}
LUA
"$TAPELESS" train "$tmp/net.lua" --engine interpreter --data "$tmp/d.csv" --input x --sequence store --valid 0.25 --epochs 3 -q -c "$tmp/c" >"$tmp/out" 2>&1 ||
    fail "train: $(cat "$tmp/out")"
run() { "$TAPELESS" eval "$tmp/net.lua" --engine interpreter --data "$tmp/d.csv" -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err" || fail "eval $*: $(cat "$tmp/err")"; }
run --per sequence --scores "$tmp/scores.csv" --json
cp "$tmp/out" "$tmp/json"
"$TAPELESS" predict "$tmp/net.lua" --engine interpreter --data "$tmp/d.csv" -c "$tmp/c" -o "$tmp/p.csv" >"$tmp/out" 2>&1 || fail "predict"
cat >"$tmp/by_hand.py" <<'PY'
import csv, json, sys
d, dir = {}, sys.argv[1]
for r, p in zip(csv.DictReader(open(dir + "/d.csv")), csv.DictReader(open(dir + "/p.csv"))):
    d.setdefault(r["store"], []).append((float(r["y"]), float(p["y"]), r["k"] == p["k"]))
got = {(r["sequence"], r["target"]): r for r in csv.DictReader(open(dir + "/scores.csv"))}
listed = {(r["sequence"], r["target"]): r for r in json.load(open(dir + "/json"))["by_sequence"]}
def near(what, a, b):
    if abs(float(a) - b) > 1e-5 * (1 + abs(b)):
        sys.exit(f"{what} is {a}, by hand {b}")
assert set(got) == set(listed) == {(s, t) for s in d for t in "yk"}
for s, rows in d.items():
    n, mean = len(rows), sum(r[0] for r in rows) / len(rows)
    squares, spread = sum((a - b) ** 2 for a, b, _ in rows), sum((r[0] - mean) ** 2 for r in rows)
    want = {"rms": (squares / n) ** 0.5, "mae": sum(abs(a - b) for a, b, _ in rows) / n, "r2": 1 - squares / spread}
    for key, long in (("rms", "root_mean_square_error"), ("mae", "mean_absolute_error"), ("r2", "r2")):
        near(f"{key} of {s}", got[s, "y"][key], want[key])
        near(f"{long} of {s}", listed[s, "y"][long], want[key])
    near(f"accuracy of {s}", got[s, "k"]["accuracy"], sum(r[2] for r in rows) / n)
    assert got[s, "y"]["steps"] == str(n) and got[s, "y"]["accuracy"] == "" and got[s, "k"]["rms"] == ""
order = sorted((float(r["r2"]), s) for (s, t), r in got.items() if t == "y")
print(" ".join(s for _, s in order))
PY
python3 "$tmp/by_hand.py" "$tmp" >"$tmp/order" 2>"$tmp/err" || fail "$(tail -n 1 "$tmp/err")"
run --per sequence
shown=$(awk '$1 == "y" { on = 1; next } !NF { on = 0 } on { printf "%s%s", n++ ? " " : "", $1 }' "$tmp/out")
[ "$shown" = "$(cat "$tmp/order")" ] || fail "for people: $shown and not $(cat "$tmp/order")"
grep -q '^trained on  *the first 6 of these 9 sequences; --held-out scores the others alone$' "$tmp/out" || fail "what was trained on: $(cat "$tmp/out")"

# Baselines beside each; what was not trained on alone.
run --per sequence --baselines --held-out --scores "$tmp/held.csv"
[ "$(cut -d, -f1 "$tmp/held.csv" | sort -u | tr '\n' ' ')" = "s7 s8 s9 sequence " ] || fail "held out are $(cat "$tmp/held.csv")"
[ "$(sed -n 2p "$tmp/held.csv" | cut -d, -f1-6)" = "$(grep '^s7,y' "$tmp/scores.csv" | cut -d, -f1-6)" ] || fail "s7 held out: $(cat "$tmp/held.csv")"
[ "$(head -n 1 "$tmp/held.csv")" = sequence,target,steps,rms,mae,r2,accuracy,mae_by_persistence,mae_by_linear ] || fail "$(cat "$tmp/held.csv")"
awk -F, 'NR == FNR { if ($1 == "s8") y[n++] = $3; next } $1 == "s8" && $2 == "y" { mae = $5; by = $8 }
    END { for (i = 1; i < n; i++) { e = y[i] - y[i - 1]; sum += e < 0 ? -e : e; m++ } d = mae / by * n - sum; exit !(d > 0) }' "$tmp/d.csv" "$tmp/held.csv" ||
    fail "persistence of a sequence's first step is the mean of all"
grep -q '^trained on  *none of these; the first 6 sequences of the data are left out$' "$tmp/out" || fail "$(cat "$tmp/out")"

refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" eval "$tmp/net.lua" --engine interpreter -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
sed 's/^s1,/s0,/; s/100/101/' "$tmp/d.csv" >"$tmp/other.csv"
refused '--held-out: the checkpoint was not trained on the beginning of these data' --data "$tmp/other.csv" --held-out
awk -F, 'NR == 1 || $1 < "s7"' "$tmp/d.csv" >"$tmp/seen.csv"
refused '--held-out: the checkpoint was trained on all of these data' --data "$tmp/seen.csv" --held-out
refused '--held-out: what is held out follows' --data "$tmp/d.csv" --held-out --lanes 3
refused '--per: the data are in 3 lanes' --data "$tmp/d.csv" --per sequence --lanes 3
refused '--per store: it takes sequence' --data "$tmp/d.csv" --per store
refused 'd.csv' --data "$tmp/d.csv" --scores "$tmp/d.csv"
finish
