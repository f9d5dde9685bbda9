# loss = quantile { 0.1, 0.5, 0.9 }: eval says coverage, width, what is below each level and the pinball loss in the data's units,
# predict writes each quantile in them and draws the interval; the numbers come of predict's rows and the table's. The median is
# what is read again, and what errors are of.
. tests/cli/common.sh
awk 'BEGIN { print "x,a,b,w"; s = 1; for (i = 0; i < 240; i++) {
    s = (s * 1103515245 + 12345) % 2147483648; r = s / 2147483648 - 0.5
    printf "%.4f,%.4f,%.4f,%d\n", sin(i / 4), 50 + 8 * sin(i / 4) + 6 * r, 1000 + 300 * r * r, i % 3 } }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
local o = options { form = "field" }
return model {
  input = real(2), target = real(2), params = { rnn = nn.gru(2, 6), head = nn.linear(6, 6) },
  step = function(p, x, s) local h, rnn = p.rnn(x, s.rnn) return p.head(h), { rnn = rnn } end,
  loss = o.form == "field" and quantile { 0.1, 0.5, 0.9 } or function(y, t) return quantile(y, t, { 0.1, 0.5, 0.9 }) end,
  tbptt = { k1 = 4, k2 = 8 }, train = { optimizer = adam { lr = 5e-2 } },
}
LUA
cat >"$tmp/by_hand.py" <<'PY'
import csv, json, sys
data, rows = list(csv.DictReader(open(sys.argv[1]))), list(csv.DictReader(open(sys.argv[2])))
report, weight = json.load(open(sys.argv[3])), sys.argv[4]
levels = [0.1, 0.5, 0.9]
for target in report["quantiles"]:
    n = target["name"]
    below, pinball, covered, width, crossed, w_all = [0.0] * 3, [0.0] * 3, 0.0, 0.0, 0.0, 0.0
    off = []
    for r in rows:
        if int(r["row"]) > len(data):
            continue
        d = data[int(r["row"]) - 1]
        w, t, y = float(d["w"]) if weight else 1.0, float(d[n]), [float(r[f"{n}.q{q}"]) for q in levels]
        w_all += w
        off.append(w * (t - y[1]) ** 2)
        for k, q in enumerate(levels):
            below[k] += w * (t <= y[k])
            pinball[k] += w * max(q * (t - y[k]), (q - 1) * (t - y[k]))
        covered += w * (y[0] <= t <= y[2])
        width += w * (y[2] - y[0])
        crossed += w * (y[1] < y[0] or y[2] < y[1])
    want = {"coverage": covered / w_all, "width": width / w_all, "crossed": crossed / w_all, "meant": 0.8, "pinball": sum(pinball) / 3 / w_all}
    for k in range(3):
        got = target["levels"][k]
        for what, v in (("level", levels[k]), ("below", below[k] / w_all), ("pinball", pinball[k] / w_all)):
            if abs(got[what] - v) > 1e-5 * (1 + abs(v)):
                sys.exit(f"{what} of {n} at {levels[k]}: {got[what]}, by hand {v}")
    for what, v in want.items():
        if abs(target[what] - v) > 1e-5 * (1 + abs(v)):
            sys.exit(f"{what} of {n}: {target[what]}, by hand {v}")
    rms = next(t for t in report["targets"] if t["name"] == n)["root_mean_square_error"]
    if abs(rms - (sum(off) / w_all) ** 0.5) > 1e-5 * (1 + rms):
        sys.exit(f"RMS of {n}: {rms}")
assert len(report["quantiles"]) == 2
PY
for form in field function; do
    for weight in "" w; do
        # shellcheck disable=SC2046
        "$TAPELESS" train "$tmp/net.lua" -D form=$form --data "$tmp/d.csv" --input x,a --target a,b --epochs 20 -q --overwrite -c "$tmp/c" \
            $([ -z "$weight" ] || echo --weight w) >"$tmp/out" 2>&1 || fail "train: $(cat "$tmp/out")"
        "$TAPELESS" predict "$tmp/net.lua" -D form=$form --data "$tmp/d.csv" -c "$tmp/c" -o "$tmp/p.csv" 2>"$tmp/err" || fail "predict: $(cat "$tmp/err")"
        "$TAPELESS" eval "$tmp/net.lua" -D form=$form --data "$tmp/d.csv" -c "$tmp/c" --json >"$tmp/json" 2>"$tmp/err" || fail "eval: $(cat "$tmp/err")"
        python3 "$tmp/by_hand.py" "$tmp/d.csv" "$tmp/p.csv" "$tmp/json" "$weight" >"$tmp/out" 2>&1 || fail "$form, weighed by '$weight': $(tail -n 1 "$tmp/out")"
    done
    cp "$tmp/json" "$tmp/$form.json"
done
python3 - "$tmp" <<'PY' || fail "the field and the function are not the same loss"
import json, sys
a, b = (json.load(open(f"{sys.argv[1]}/{n}.json")) for n in ("field", "function"))
assert a["loss"] == b["loss"] and a["quantiles"] == b["quantiles"]
PY
[ "$(head -1 "$tmp/p.csv")" = row,a.q0.1,a.q0.5,a.q0.9,b.q0.1,b.q0.5,b.q0.9 ] || fail "predict writes $(head -1 "$tmp/p.csv")"
"$TAPELESS" eval "$tmp/net.lua" -D form=function --data "$tmp/d.csv" -c "$tmp/c" >"$tmp/out" || fail "for people"
grep -q '^quantiles of a  *[0-9.]* of the steps from 0.1 to 0.9, 0.8 is meant; mean width [0-9.]*; pinball [0-9.]*' "$tmp/out" || fail "for people: $(cat "$tmp/out")"
[ "$(grep -c '^  0\.[159]  *[0-9.]*  *[0-9.]*$' "$tmp/out")" = 6 ] || fail "a row for each level: $(cat "$tmp/out")"

# The median is read again; the interval is drawn.
awk 'BEGIN { print "x"; for (i = 240; i < 250; i++) printf "%.4f\n", sin(i / 4) }' >"$tmp/future.csv"
"$TAPELESS" predict "$tmp/net.lua" -D form=function --data "$tmp/d.csv" --future "$tmp/future.csv" --horizon 8 -c "$tmp/c" -o "$tmp/h.csv" --plot "$tmp/p.svg" 2>"$tmp/err" ||
    fail "--horizon: $(cat "$tmp/err")"
grep -q '>quantiles<' "$tmp/p.svg" || fail "the picture has no interval"
awk -F, 'NR == FNR { if (FNR > 1) x[++n] = $1; next } { print } FNR == 1 { next }' "$tmp/future.csv" "$tmp/d.csv" >"$tmp/longer.csv"
# By hand: what is predicted for the first row ahead is put there as a cell, and read.
first=$(sed -n '/^241,/p' "$tmp/h.csv" | cut -d, -f3)
echo "$(sed -n 2p "$tmp/future.csv"),$first,0,1" >>"$tmp/longer.csv"
"$TAPELESS" predict "$tmp/net.lua" -D form=function --data "$tmp/longer.csv" -c "$tmp/c" -o "$tmp/l.csv" 2>"$tmp/err" || fail "predict: $(cat "$tmp/err")"
paste -d, "$tmp/h.csv" "$tmp/l.csv" | awk -F, '$1 == 242 { for (i = 2; i <= 7; i++) { d = $i - $(i + 7); exit !(d < 1e-3 && d > -1e-3) } }' ||
    fail "the second row ahead: $(grep '^242,' "$tmp/h.csv") and $(grep '^242,' "$tmp/l.csv")"

# At the kink the gradient is between those of its sides.
cat >"$tmp/kink.lua" <<'LUA'
return model {
  input = real(3), target = real(1), params = { a = param({ 3 }, 1) }, step = function(p, x) return p.a * x end,
  loss = quantile { 0.1, 0.5, 0.9 }, tbptt = { k1 = 1, k2 = 1 },
}
LUA
"$BUILD/tests/tensors" write "$tmp/kink.st" input 1x1x3 2 2 2 -- target 1x1x1 2
"$BUILD/tests/tensors" write "$tmp/a.st" a 3 1 1 1
for engine in generated interpreter; do
    "$TAPELESS" grad "$tmp/kink.lua" -p f64 --engine $engine --params "$tmp/a.st" --data "$tmp/kink.st" --out "$tmp/g.st" >"$tmp/out" 2>&1 || fail "grad: $(cat "$tmp/out")"
    "$BUILD/tests/tensors" print "$tmp/g.st" grad.a | awk '{ want = (0.5 - (NR == 1 ? 0.1 : NR == 2 ? 0.5 : 0.9)) * 2 / 3; d = $1 - want; if (!(d < 1e-14 && d > -1e-14)) exit 1; n++ } END { exit n != 3 }' ||
        fail "at the kink: $("$BUILD/tests/tensors" print "$tmp/g.st" grad.a)"
done

# A model of its own program says the same, and so does a checkpoint that brings quantiles back from a file.
"$TAPELESS" build "$tmp/net.lua" -o "$tmp/built" >"$tmp/out" 2>&1 || fail "build: $(cat "$tmp/out")"
"$tmp/built/net" eval --data "$tmp/d.csv" -c "$tmp/c" --json >"$tmp/built.json" 2>"$tmp/err" || fail "the trainer: $(cat "$tmp/err")"
python3 -c "import json, sys; a, b = (json.load(open(f)) for f in sys.argv[1:]); assert a['quantiles'] == b['quantiles']" "$tmp/built.json" "$tmp/json" ||
    fail "the trainer says something else"
"$tmp/built/net" info >"$tmp/out" || fail "info"
grep -q 'output.*quantiles' "$tmp/out" || fail "info does not say what the output is: $(cat "$tmp/out")"
finish
