# --known plan: an input that is known ahead is read in the row that is predicted. It trains to the bit as a column that was moved up by hand; predict
# reads it at the table's end and in --future, of each sequence its own, for as many rows as are predicted; eval, a backtest and a training that is resumed
# know it from the checkpoint; missing cells are the last seen before them.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
cp tests/tools/same_tensors.py "$tmp/same.py"
cd "$tmp" || exit 1
awk 'BEGIN { print "y,plan,sky"; s = 1; y = 5; for (i = 0; i < 80; i++) { s = (s * 16807) % 2147483647; r = s / 2147483647 - 0.5; p = (i * i) % 7; y = 0.5 * y + p + 0.2 * r
    printf "%.4f,%d,%s\n", y, p, (i % 3 ? "sun" : "rain") } }' >d.csv
awk -F, 'NR > 1 { y[++n] = $1; p[n] = $2; w[n] = $3 } END { print "y,next,word"; for (i = 1; i < n; i++) printf "%s,%s,%s\n", y[i], p[i + 1], w[i + 1] }' d.csv >moved.csv
cat >net.lua <<'LUA'
return model {
  input = { x = real(2), sky = token(2) }, target = real(1), params = { sky = nn.embedding(2, 2), rnn = nn.gru(4, 5), head = nn.linear(5, 1) },
  step = function(p, x, s) local h, rnn = p.rnn(concat { x.x, p.sky(x.sky) }, s.rnn) return p.head(h), { rnn = rnn } end,
  loss = mse, tbptt = { k1 = 4, k2 = 8 }, train = { optimizer = adam { lr = 1e-2 } },
}
LUA
train() { "$TAPELESS" train net.lua -q "$@" >out 2>&1 || fail "train $*: $(cat out)"; }
train --data d.csv --input x=y,plan --input sky=sky --target y --known plan --known sky --no-standardise --valid 0 --epochs 3 -c known

tail -n +2 d.csv | cut -d, -f1 | tail -n +2 >t.csv # the target of the table that was moved stands in it
{ echo "y,next,word,later"; tail -n +2 moved.csv | paste -d, - t.csv; } >hand.csv
train --data hand.csv --input x=y,next --input sky=word --target later --ahead 0 --no-standardise --valid 0 --epochs 3 -c by_hand
python3 same.py known by_hand 2>err || fail "not as a column moved by hand: $(tail -n 1 err)"
train --data d.csv --input x=y,plan --input sky=sky --target y --known plan --known sky --epochs 2 -c parts
train --data d.csv --resume --epochs 4 -c parts
train --data d.csv --input x=y,plan --input sky=sky --target y --known plan --known sky --epochs 4 -c whole
python3 same.py parts whole 2>err || fail "resumed it ends elsewhere: $(tail -n 1 err)"
"$TAPELESS" train net.lua --data d.csv --input x=y,plan --input sky=sky --target y --known plan --epochs 1 --overwrite -c said >out 2>&1
grep -qF 'inputs sky, y, plan+1; targets y, 1 row ahead' out || fail "what is read: $(head -1 out)"

# y + 100 plan, so that what is said shows which rows it was made of.
cat >sum.lua <<'LUA'
return model {
  input = real(2), target = real(1), params = { a = param({ 1 }, 1) },
  step = function(p, x) return p.a * (slice(x, 1, 1) + 100 * slice(x, 2, 2)) end,
  loss = mse, tbptt = { k1 = 1, k2 = 1 },
}
LUA
run() { command=$1; shift; "$TAPELESS" "$command" sum.lua --engine interpreter -c s "$@" >out 2>err; }
learn() { run train --input y,plan --target y --known plan --no-standardise --lr 0 --steps 1 -q --overwrite --valid 0 "$@" || fail "train $*: $(cat err)"; }
is() { [ "$(tr '\n' ' ' <out)" = "$1" ] || fail "$2: $(tr '\n' ' ' <out)"; }
printf '%s\n' y,plan 1,1 2,2 3,3 4,4 >past.csv
printf '%s\n' y,plan 1,1 2,2 3,3 4,4 ,5 ,6 >both.csv
printf '%s\n' plan 5 6 >future.csv
learn --data past.csv
run predict --data past.csv && is "row,y 2,201 3,302 4,403 " "without a plan for the next row"
run predict --data both.csv --horizon 2 && is "row,y 2,201 3,302 4,403 5,504 6,1104 " "at the table's end"
run predict --data past.csv --future future.csv --horizon 2 && is "row,y 2,201 3,302 4,403 5,504 6,1104 " "in a file of its own"
run predict --data past.csv --future future.csv --horizon 1 && is "row,y 2,201 3,302 4,403 5,504 " "one row"
run predict --data both.csv --horizon 2 --keep plan,actual && is "row,plan,y,y.actual 2,2,201,2 3,3,302,3 4,4,403,4 5,5,504, 6,6,1104, " "beside its own row"
run predict --data past.csv --future future.csv --horizon 3 && fail "three rows of two"
grep -qF "what 'plan' will be is not predicted, so 3 rows behind the end must have it, and there are 2" err || fail "three rows of two: $(cat err)"
run predict --data past.csv --horizon 1 && fail "no plan"
grep -qF "so 1 row behind the end must have it, and there are 0" err || fail "no plan: $(cat err)"
printf '%s\n' id,y,plan a,1,1 b,10,2 a,2,3 b,20,4 a,3,5 b,30,6 a,,7 b,,8 >many.csv
head -n 7 many.csv >together.csv
learn --data together.csv --sequence id
for threads in 1 2; do
    run predict --data many.csv --horizon 1 --threads $threads || fail "sequences: $(cat err)"
    is "id,row,y a,3,301 a,5,502 a,7,703 b,4,410 b,6,620 b,8,830 " "of each sequence"
done
learn --data past.csv --ahead 2
run predict --data both.csv && fail "an empty cell at the end without --horizon"
run predict --data past.csv && is "row,y 3,301 4,402 " "two rows ahead"
sed 's/real(2)/real(1)/; s/(slice(x, 1, 1) + 100 \* slice(x, 2, 2))/100 * x/' sum.lua >plan.lua
"$TAPELESS" train plan.lua --engine interpreter --data past.csv --input plan --target y --ahead 2 --known plan --no-standardise --lr 0 --steps 1 -q --valid 0 -c p >out 2>err ||
    fail "the plan alone: $(cat err)"
"$TAPELESS" predict plan.lua --engine interpreter -c p --data past.csv --future future.csv --horizon 2 >out 2>err || fail "the plan alone: $(cat err)"
is "row,y 3,300 4,400 5,500 6,600 " "the plan alone, two rows ahead"
printf '%s\n' y,plan 1,1 2, 3,3 4, ,5 , ,7 >gaps.csv
learn --data past.csv
run predict --data gaps.csv --missing hold --horizon 3 && is "row,y 2,101 3,302 4,303 5,504 6,1004 7,1704 " "held"

# What eval and a backtest read is what predict reads.
"$TAPELESS" eval net.lua -c whole --data d.csv --backtest 3 --from 70 --every 100 --scores b.csv >out 2>err || fail "backtest: $(cat err)"
awk -F, 'BEGIN { OFS = "," } NR > 71 { $1 = "" } { print }' d.csv >cut.csv
"$TAPELESS" predict net.lua -c whole --data cut.csv --horizon 3 -o cut.out 2>err || fail "$(cat err)"
python3 - <<'PY' || fail "the forecast from row 70: $(cat cut.out b.csv)"
import csv
data, said = list(csv.DictReader(open("d.csv"))), {int(r["row"]): r for r in csv.DictReader(open("cut.out"))}
for r in csv.DictReader(open("b.csv")):
    row = 70 + int(r["ahead"])
    assert abs(abs(float(said[row]["y"]) - float(data[row - 1]["y"])) - float(r["rms"])) < 1e-4, (row, r)
PY

refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" "$@" >out 2>err && fail "$* went through"
    grep -qF -e "$sentence" err || fail "$*: $(cat err)"
}
refused "--known plam: it is no column that the model reads" train sum.lua --data past.csv --input y,plan --target y --known plam -c x
refused "--known y: it is what is predicted" train sum.lua --data past.csv --input y,plan --target y --known y -c x
refused "--known plan: it is read in the one row that is predicted, with --ahead N, and here it is --ahead 0" train sum.lua --data past.csv --input y,plan --target y --ahead 0 --known plan -c x
refused "--known sky: the model was trained without, which its checkpoint keeps" eval net.lua --data d.csv -c said --known plan --known sky
refused "inputs of the row that is predicted, and \`online\` reads a row when it is there" online net.lua -c whole --data d.csv
refused "parts: it reads other columns than said" predict net.lua -c said -c parts --data d.csv
refused "--known plan: p.txt is not a CSV file" train sum.lua --data p.txt --known plan -c x
finish
