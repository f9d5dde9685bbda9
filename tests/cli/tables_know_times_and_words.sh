# A table of three shops, out of order, with a gap, an hour's weather as a word: `train` reads times, makes a calendar of them, fills or
# splits at gaps and learns the words, whose tokens the checkpoint keeps; `eval` and `predict` read another file by it, and say when.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
cd "$tmp" || exit 1
cat >shop.lua <<'LUA'
return model {
  input  = { visitors = real(1), weather = token(4), clock = real(2) },
  target = { visitors = real(1), weather = token(4) },
  params = { w = nn.embedding(4, 2), rnn = nn.gru(5, 6), head = nn.linear(6, 1), sky = nn.linear(6, 4) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(concat { x.visitors, x.clock, p.w(x.weather) }, s.rnn)
    return { visitors = p.head(h), weather = p.sky(h) }, { rnn = rnn }
  end,
  loss   = function(y, t) return mse(y.visitors, t.visitors) + 0.1 * cross_entropy(y.weather, t.weather) end,
  tbptt  = { k1 = 6, k2 = 12, batch = 2 },
  train  = { optimizer = adam { lr = 1e-2 } },
}
LUA
python3 - <<'PY'
import datetime, math, random
random.seed(3)
rows = []
for shop in "north", "south", "west":
    for i in range(72):
        t = datetime.datetime(2024, 2, 28) + datetime.timedelta(hours=i)
        sky = ["sun", "sun", "rain", "hail" if (shop, i) == ("north", 15) else "cloud"][(i // 5) % 4]
        v = 40 + 30 * math.sin(2 * math.pi * (t.hour - 8) / 24) - 12 * (sky == "rain") + random.gauss(0, 1)
        if not (shop == "south" and 30 <= i < 34):
            rows.append((t.isoformat(timespec="minutes"), shop, sky, "%.1f" % v))
random.shuffle(rows)
with open("shops.csv", "w") as f:
    f.write("when,shop,weather,visitors\n" + "".join(",".join(r) + "\n" for r in rows))
with open("next.csv", "w") as f:
    f.write("when,shop,weather,visitors\n2024-03-05 10:00,north,rain,50\n2024-03-05 13:00,north,,52\n2024-03-05 12:00,north,snow,51\n")
PY
read="--data shops.csv --sequence shop --time when --calendar day --input clock=day.sin,day.cos --valid 0"
# shellcheck disable=SC2086
train() { "$TAPELESS" train shop.lua $read --epochs 2 --overwrite "$@" >out 2>err; }
train --gaps fill --missing hold --other 2 || fail "train: $(cat err)"
grep -q 'when 2024-02-28T00:00 to 2024-03-01T23:00, every 1 h; put in order; 1 gap of 4 rows in all, the longest of 4 after 2024-02-29T05:00 (line [0-9]*), filled' err ||
    fail "what is said of times: $(cat err)"
grep -q '8 missing cells of inputs held' err || fail "what is said of the rows put in: $(cat err)"
"$TAPELESS" info shop.lua -c shop.safetensors >info 2>&1 || true
python3 - shop.safetensors <<'PY' || fail "the checkpoint's columns"
import json, struct, sys
f = open(sys.argv[1], "rb")
m = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))["__metadata__"]
c = json.loads(m["data.columns"])
w = [x for x in c if x["name"] == "weather"]
assert [x["words"] for x in w] == [["cloud", "rain", "sun"]] * 2 and all(x["other"] for x in w), w  # hail is there once
assert [x["name"] for x in c if not x["target"]] == ["day.sin", "day.cos", "visitors", "weather"], c
assert (m["data.time"], m["data.calendar"], m["data.gaps"]) == ("when", "day", "fill")
PY
"$TAPELESS" eval shop.lua --data shops.csv --json >json 2>err || fail "eval: $(cat err)"
python3 -c 'import json; c = json.load(open("json"))["targets"][1]["classes"]; assert {x["class"] for x in c} <= {"cloud", "rain", "sun", "<other>"}, c' ||
    fail "classes are not words: $(cat json)"
"$TAPELESS" predict shop.lua --data next.csv -o p.csv 2>err || fail "predict: $(cat err)"
[ "$(cut -d, -f1-3 p.csv)" = "$(printf 'shop,when,row\nnorth,2024-03-05T11:00,\nnorth,2024-03-05T12:00,3\nnorth,2024-03-05T13:00,2\nnorth,2024-03-05T14:00,')" ] ||
    fail "when predictions are of: $(cat p.csv)"
[ "$(head -1 p.csv)" = "shop,when,row,visitors,weather,weather.probability" ] || fail "the columns: $(head -1 p.csv)"
[ -z "$(cut -d, -f5 p.csv | grep -Evx 'weather|sun|rain|cloud|<other>')" ] || fail "words: $(cat p.csv)"
grep -q 'put in order' err || fail "the order of the second file: $(cat err)"
train --gaps split --other 2 || fail "split: $(cat err)"
grep -q '; 4 sequences in 2 lanes' err || fail "split: $(cat err)"
cat >steps.csv <<'CSV'
when,load,state
2024-01-01,1,
2024-01-02,2,idle
2024-01-03,3,busy
2024-01-06,5,idle
2024-01-08,2,idle
2024-01-09,2,busy
2024-01-10,3,busy
CSV
cat >steps.lua <<'LUA'
return model {
  input  = real(1),
  target = token(2),
  params = { rnn = nn.gru(1, 4), head = nn.linear(4, 2) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 2, k2 = 2 },
}
LUA
"$TAPELESS" train steps.lua --data steps.csv --time when --gaps split --input load --target state --ahead 1 --missing mask --valid 0 --epochs 1 >out 2>err ||
    fail "pieces of one sequence: $(cat err)"
grep -q '1 of 3 sequences, which gaps left with no more than 1 row, left out' err || fail "a piece of one row: $(cat err)"
grep -q '2 sequences in 1 lane of 4 steps' err || fail "the others: $(cat err)"
"$TAPELESS" train steps.lua --data steps.csv --time when --input load --target state --missing mask --valid 0 --epochs 1 --overwrite >out 2>err ||
    fail "a missing word: $(cat err)"
grep -q '1 of 7 steps without a target' err || fail "a missing word: $(cat err)"
for option in "--calendar day" "--gaps fill" "--time-format iso"; do
    # shellcheck disable=SC2086
    "$TAPELESS" train steps.lua --data steps.csv --input load --target state --missing mask --valid 0 --epochs 1 --overwrite $option >out 2>err &&
        fail "$option without a column of times"
    grep -q -- "$option: it needs --time COLUMN, which says where the times stand" err || fail "$option without a column of times: $(cat err)"
done
train --gaps keep || fail "keep: $(cat err)"
"$TAPELESS" predict shop.lua --data next.csv --missing hold 2>err && fail "an unknown word is predicted from"
grep -q "next.csv:4: column 'weather' has the word 'snow', which is not among the rows that were trained on; a training with --other 1" err ||
    fail "an unknown word: $(cat err)"
refused() { # SENTENCE WORDS...
    sentence=$1
    shift
    if train "$@"; then fail "train $*: it is done"; fi
    grep -qF -- "$sentence" err || fail "train $*: $(cat err)"
}
refused "4 rows of 1 h are missing after 2024-02-29T05:00" --gaps error
refused "column 'visitors' is empty where a number is needed" --gaps fill
sed 's/token(4)/token(3)/g; s/embedding(4/embedding(3/; s/linear(6, 4)/linear(6, 3)/' shop.lua >small.lua
if "$TAPELESS" train small.lua $read --epochs 1 >out 2>err; then fail "four words in token(3)"; fi
grep -q "column 'weather' has 4 different words in the rows to train on, and the model's token(3) takes 3; --other N" err || fail "$(cat err)"
refused "--words visitors: no token(N) of the model reads a column of that name" --words visitors
sed 's/,hail,/,7,/' shops.csv >mixed.csv
if "$TAPELESS" train shop.lua --data mixed.csv --sequence shop --time when --calendar day --input clock=day.sin,day.cos --overwrite >out 2>err; then
    fail "a number among words is read"
fi
grep -q "where a number is needed; --words weather reads its cells as words" err || fail "numbers among words: $(cat err)"
"$TAPELESS" train shop.lua --data mixed.csv --sequence shop --time when --calendar day --input clock=day.sin,day.cos --words weather --epochs 1 \
    --overwrite >out 2>err || fail "--words: $(cat err)"
"$TAPELESS" predict shop.lua --data shops.csv --plot p.svg -o p.csv 2>err && fail "a picture of three sequences"
head -1 shops.csv >one.csv && grep ,north, shops.csv | sed 's/hail/sun/' >>one.csv
"$TAPELESS" predict shop.lua --data one.csv --sequence '' --plot p.svg -o p.csv 2>err || fail "a picture: $(cat err)"
grep -q '02-28' p.svg || fail "the picture has no dates"
# What a word target was is the word, and in the picture its token, whatever word a file begins with: here a model that has learned its table.
printf 'load,state\n1,walk\n2,idle\n3,busy\n1,walk\n2,idle\n3,busy\n' >words.csv
sed 's/token(2)/token(3)/; s/linear(4, 2)/linear(4, 3)/' steps.lua >words.lua
"$TAPELESS" train words.lua --data words.csv --input load --target state --ahead 0 --valid 0 --epochs 300 --lr 0.03 >out 2>err || fail "words: $(cat err)"
"$TAPELESS" predict words.lua --data words.csv --keep actual --plot words.svg -o p.csv 2>err || fail "words: $(cat err)"
awk -F, -v OFS=, '{ print $2, $4 }' p.csv | tr '\n' ' ' | grep -qx 'state,state.actual walk,walk idle,idle busy,busy walk,walk idle,idle busy,busy ' ||
    fail "--keep actual of words: $(cat p.csv)"
[ "$(sed -n "s/.*stroke='rgb(\(160, 160, 160\| 31,  95, 168\))'  d='[^L]*L[^M]* M/M/p" words.svg | sort -u | wc -l)" = 1 ] ||
    fail "the table and what is predicted are drawn apart: $(grep "<path stroke='rgb(\(160\| 31\)" words.svg)"
printf 'load,state\n1,idle\n2,rest\n' >unknown.csv
"$TAPELESS" predict words.lua --data unknown.csv --keep actual 2>err | cut -d, -f4 | tr '\n' ' ' | grep -qx 'state.actual idle rest ' ||
    fail "a word that the training has not seen: $(cat err)"
# Generated C says which token is which word, 20 of them at most, whatever the words are.
"$TAPELESS" compile words.lua --single-file --params words.safetensors -o c >out 2>err || fail "the words' C: $(cat err)"
grep -q '^ \*   target state, tokens 0 busy, 1 idle, 2 walk$' c/words_weights.h || fail "words of the weights: $(head -20 c/words_weights.h)"
grep -qF 'y[1]; /* 0 .. 2: 0 busy, 1 idle, 2 walk */' c/words.h || fail "words of the header: $(grep '0 \.\.' c/words.h)"
sed 's/token(2)/token(30)/; s/linear(4, 2)/linear(4, 30)/' steps.lua >many.lua
{ echo load,state; echo '1,*/ #error'; seq 10 31 | sed 's/.*/&,w&/'; } >many.csv
"$TAPELESS" train many.lua --data many.csv --input load --target state --ahead 0 --valid 0 --epochs 1 --other 1 >out 2>err || fail "many words: $(cat err)"
"$TAPELESS" compile many.lua --single-file --params many.safetensors -o c >out 2>err || fail "many words' C: $(cat err)"
grep -qF '/* 0 .. 29: 0 ./ #error, 1 w10, 2 w11,' c/many.h && grep -qF '19 w28, ..., 23 <other> */' c/many.h || fail "many words: $(grep '0 \.\.' c/many.h)"
finish
