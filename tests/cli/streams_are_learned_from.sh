# `tapeless online`: predictions come before their rows do; what is learned is, bit for bit, what a training on the table learns; frozen it predicts
# what `predict` does, words and times among what is read; errors are those of its predictions, beside persistence; SIGTERM saves.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
compare=$BUILD/tests/compare
case $compare in /*) ;; *) compare=$PWD/$compare ;; esac
cp models/sunspots.lua models/data/sunspots.csv "$tmp"
cd "$tmp" || exit 1
spec="sunspots.lua --set tbptt.k1=1 --set tbptt.k2=5"
# shellcheck disable=SC2086
online() { "$TAPELESS" online $spec "$@" 2>err; }
# shellcheck disable=SC2086
"$TAPELESS" train $spec --data sunspots.csv --valid 0 --epochs 1 -c t.safetensors -q >out 2>err || fail "train: $(cat err)"
"$TAPELESS" export sunspots.lua -c t.safetensors -o trained.safetensors >out 2>err || fail "export: $(cat err)"
online --data sunspots.csv --like sunspots.csv -o p.csv --save o.safetensors --json >json || fail "online: $(cat err)"
"$TAPELESS" export sunspots.lua -c o.safetensors -o learned.safetensors >out 2>err || fail "export: $(cat err)"
"$compare" trained.safetensors learned.safetensors 0 >out || fail "the weights are not the training's: $(cat out)"
python3 - json p.csv sunspots.csv <<'PY' || fail "errors: $(cat json)"
import csv, json, sys
j = json.load(open(sys.argv[1]))
p = {int(r["row"]): float(r["sunspots"]) for r in csv.DictReader(open(sys.argv[2]))}
y = [float(r["sunspots"]) for r in csv.DictReader(open(sys.argv[3]))]
assert sorted(p) == list(range(2, len(y) + 2)) and j["rows"] == len(y) and j["updates"] == len(y) - 1
rms = lambda d: (sum(x * x for x in d) / len(d)) ** 0.5
t = j["targets"][0]
assert abs(t["root_mean_square_error"] - rms([p[i + 1] - y[i] for i in range(1, len(y))])) < 1e-5, t
assert abs(t["persistence"] - rms([y[i] - y[i - 1] for i in range(1, len(y))])) < 1e-9, t
PY
online --data sunspots.csv --like sunspots.csv --frozen -c t.safetensors >frozen.csv || fail "frozen: $(cat err)"
grep -q '309 rows, 0 updates' err || fail "what is said: $(cat err)"
"$TAPELESS" predict sunspots.lua --data sunspots.csv -c t.safetensors >predicted.csv 2>err || fail "predict: $(cat err)"
cmp -s frozen.csv predicted.csv || fail "frozen it predicts otherwise: $(diff frozen.csv predicted.csv | head -5)"

cat >shop.lua <<'LUA'
return model {
  input  = { visitors = real(1), sky = token(4), clock = real(2) },
  target = { visitors = real(1), sky = token(4) },
  params = { w = nn.embedding(4, 2), rnn = nn.gru(5, 6), head = nn.linear(6, 1), next = nn.linear(6, 4) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(concat { x.visitors, x.clock, p.w(x.sky) }, s.rnn)
    return { visitors = p.head(h), sky = p.next(h) }, { rnn = rnn }
  end,
  loss   = function(y, t) return mse(y.visitors, t.visitors) + 0.1 * cross_entropy(y.sky, t.sky) end,
  tbptt  = { k1 = 2, k2 = 6, batch = 4 },
  train  = { optimizer = adam { lr = 1e-2 } },
}
LUA
awk 'BEGIN {
    print "when;sky;visitors"; split("sun rain sun cloud", sky, " ")
    for (i = 0; i < 96; i++)
        printf "2024-03-%02dT%02d:00;%s;%s\n", 1 + int(i / 24), i % 24, i == 40 ? "" : sky[1 + int(i / 5) % 4], i % 17 == 3 ? "" : int(40 + 20 * sin(i / 4)) "," i % 10
}' >shop.csv
for ahead in 0 1 3; do
    "$TAPELESS" train shop.lua --data shop.csv --time when --calendar day --input clock=day.sin,day.cos --missing hold --ahead $ahead --epochs 2 \
        --overwrite -q >out 2>err || fail "train, $ahead ahead: $(cat err)"
    "$TAPELESS" online shop.lua --data shop.csv -c shop.safetensors --frozen >frozen.csv 2>err || fail "online, $ahead ahead: $(cat err)"
    "$TAPELESS" predict shop.lua --data shop.csv -c shop.safetensors >predicted.csv 2>err || fail "predict, $ahead ahead: $(cat err)"
    n=$((96 - ahead)) # behind the table's end predict has no number of a row
    cut -d, -f2,3,5 predicted.csv | head -n $((n + 1)) >a
    head -n $((n + 1)) frozen.csv >b # a step of one lane rounds otherwise than one of four
    paste -d, a b | awk -F, '$1 != $4 || $2 != $5 || (NR > 1 && ($3 - $6) ^ 2 > 1e-8) { exit 1 }' || fail "$ahead ahead: $(diff a b | head -5)"
done
"$TAPELESS" online shop.lua --data shop.csv -c shop.safetensors -o learned.csv --json >json 2>err || fail "$(cat err)"
python3 - json learned.csv shop.csv <<'PY' || fail "three ahead: $(cat json)"
import csv, json, sys
t = {x["name"]: x for x in json.load(open(sys.argv[1]))["targets"]}
p = {int(r["row"]): r for r in csv.DictReader(open(sys.argv[2]))}
y = list(csv.DictReader(open(sys.argv[3]), delimiter=";"))
v = [float(r["visitors"].replace(",", ".")) if r["visitors"] else None for r in y]
d, q, last = [], [], []
for i in range(len(v)):
    last.append(v[i] if v[i] is not None else last[-1] if last else None)
for i in range(3, len(v)):
    if v[i] is not None:
        d.append(float(p[i + 1]["visitors"]) - v[i])
        if last[i - 3] is not None:
            q.append(last[i - 3] - v[i])
rms = lambda x: (sum(a * a for a in x) / len(x)) ** 0.5
assert abs(t["visitors"]["root_mean_square_error"] - rms(d)) < 1e-4, (t, rms(d))
assert abs(t["visitors"]["persistence"] - rms(q)) < 1e-9, (t, rms(q))
known = [i for i in range(3, len(y)) if y[i]["sky"]]
assert abs(t["sky"]["accuracy"] - sum(p[i + 1]["sky"] == y[i]["sky"] for i in known) / len(known)) < 1e-12, t
PY

cat >head.lua <<'LUA'
return model {
  input  = { sunspots = real(1) },
  target = { sunspots = real(1) },
  params = { rnn = nn.gru(1, 3), head = nn.linear(9, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.sunspots, s.rnn)
    return h, { rnn = rnn }
  end,
  window = function(p, ys) return { sunspots = p.head(concat { ys[1], ys[2], ys[3] }) } end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 3 },
}
LUA
"$TAPELESS" train head.lua --data sunspots.csv --valid 0 --epochs 1 -q >out 2>err || fail "train a head: $(cat err)"
"$TAPELESS" online head.lua --data sunspots.csv -c head.safetensors --frozen >frozen.csv 2>err || fail "a head: $(cat err)"
"$TAPELESS" predict head.lua --data sunspots.csv -c head.safetensors >predicted.csv 2>err || fail "predict with a head: $(cat err)"
grep -v ',$' frozen.csv | cmp -s - predicted.csv || fail "a head predicts otherwise: $(diff frozen.csv predicted.csv | head -5)"
[ "$(sed -n '2,3p' frozen.csv)" = "$(printf '2,\n3,')" ] || fail "a head that has not seen three rows: $(head -4 frozen.csv)"

python3 - "$TAPELESS" <<'PY' || fail "as rows come: $(cat live.err)"
import os, select, signal, subprocess, sys
rows = open("sunspots.csv").read().splitlines()
p = subprocess.Popen([sys.argv[1], "online", "sunspots.lua", "--data", "-", "--like", "sunspots.csv", "--save", "live.safetensors"],
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open("live.err", "w"))
def line():
    assert select.select([p.stdout], [], [], 60)[0], "nothing comes"
    return p.stdout.readline().decode().strip()
p.stdin.write((rows[0] + "\n").encode()); p.stdin.flush()
assert line() == "row,sunspots"
for i, row in enumerate(rows[1:40]):
    p.stdin.write((row + "\r\n").encode()); p.stdin.flush()
    assert line().split(",")[0] == str(i + 2), i
p.send_signal(signal.SIGTERM)
assert p.wait(60) == 143 and os.path.exists("live.safetensors")
PY
refused() { # SENTENCE WORDS...
    sentence=$1
    shift
    if "$TAPELESS" online sunspots.lua "$@" >out 2>err </dev/null; then fail "online $*: it is done"; fi
    grep -qF -- "$sentence" err || fail "online $*: $(cat err)"
}
printf 'sunspots\n5\n7\nmany\n' >bad.csv
printf 'year\n1700\n' >other.csv
refused "say which rows: --data FILE.csv, or --data -"
refused "nothing says which columns are read and how they are scaled: --checkpoint FILE" --data -
refused "standard input: there is no row of column names" --data - -c t.safetensors
refused "bad.csv:4: column 'sunspots' has 'many' where a number is needed" --data bad.csv -c t.safetensors
refused "other.csv: there is no column 'sunspots'" --data other.csv -c t.safetensors
refused "none.csv: No such file" --data none.csv -c t.safetensors
refused "--output FILE writes them elsewhere" --data bad.csv -c t.safetensors --json
refused "p.csv" --data sunspots.csv -c t.safetensors -o p.csv
finish
