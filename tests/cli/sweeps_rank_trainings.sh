# `tapeless sweep`: a grid's trials are the trainings that they say, ranked by their validation; random ones are the seed's, without one twice;
# halving goes on from checkpoints to the very numbers of whole trainings; interrupted and resumed it ends where it would have; the best weights
# need no option again. What fails is a row.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
cd "$tmp" || exit 1
TAPELESS_CACHE=$tmp/cache
export TAPELESS_CACHE
cat >net.lua <<'LUA'
local o = options { hidden = 3 }
return model {
  input  = real(1),
  target = real(1),
  params = { rnn = nn.rnn(1, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 5, k2 = 10 },
  train  = { optimizer = sgd { lr = 0.1 } },
}
LUA
awk 'BEGIN { print "x"; for (i = 0; i < 120; i++) print sin(i / 3) + 0.3 * sin(i) }' >x.csv
"$TAPELESS" sweep net.lua --data x.csv -D hidden=2,4 --set lr=0.01,0.1,0.2 --epochs 3 -o grid -q >out 2>err || fail "a grid: $(cat err)"
[ "$(wc -l <grid/sweep.csv)" = 7 ] || fail "six rows: $(cat grid/sweep.csv)"
[ "$(find cache -name 'libnet.so' | wc -l)" = 2 ] || fail "one build a size: $(find cache -name 'libnet.so')"
python3 - grid/sweep.csv <<'PY' || fail "the table: $(cat grid/sweep.csv)"
import csv, sys
r = list(csv.DictReader(open(sys.argv[1])))
s = [float(x["best_valid_loss"]) for x in r]
assert s == sorted(s) and [int(x["rank"]) for x in r] == [1, 2, 3, 4, 5, 6]
assert {(x["hidden"], x["lr"]) for x in r} == {(h, l) for h in ("2", "4") for l in ("0.01", "0.1", "0.2")}
print(*[x["hidden"] + " " + x["lr"] + " " + x["best_valid_loss"] for x in r], sep="\n", file=open("rows", "w"))
PY
while read -r hidden lr score; do
    "$TAPELESS" train net.lua --data x.csv -D "hidden=$hidden" --lr "$lr" --epochs 3 -c one.safetensors --overwrite --json -q >json 2>err || fail "$(cat err)"
    python3 -c 'import json, sys; assert "%.9g" % json.load(open("json"))["best_valid_loss"] == sys.argv[1]' "$score" || fail "hidden $hidden, lr $lr: $(cat json)"
done <rows
grep -q "^best: trial [0-9], hidden=. lr=0.*; its weights are in grid/best.safetensors$" out || fail "what is said: $(cat out)"
"$TAPELESS" eval net.lua -c grid/best.safetensors --data x.csv >out 2>err || fail "the best without its options: $(cat err)"
grep -q 'by rank' grid/sweep.svg || fail "the picture"

random() { "$TAPELESS" sweep net.lua --data x.csv -D hidden=2,4 --set lr=log:1e-3..0.2 --set clip_norm=0.5..5 --trials 5 --epochs 1 -q "$@" >out 2>err; }
random -o a || fail "random: $(cat err)"
random -o b --jobs 1 || fail "again: $(cat err)"
cut -d, -f1-6 a/sweep.csv >a.rows
cut -d, -f1-6 b/sweep.csv | cmp -s - a.rows || fail "the same seed, another number of jobs: $(cat a/sweep.csv b/sweep.csv)"
random -o c --seed 2 && cut -d, -f1-6 c/sweep.csv | cmp -s - a.rows && fail "another seed is the same"
python3 - a/sweep.csv <<'PY' || fail "ranges: $(cat a/sweep.csv)"
import csv, sys
for x in csv.DictReader(open(sys.argv[1])):
    assert 1e-3 <= float(x["lr"]) <= 0.2 and 0.5 <= float(x["clip_norm"]) <= 5 and x["hidden"] in "24", x
PY
"$TAPELESS" sweep net.lua --data x.csv --set lr=0.01,0.02,0.03,0.04,0.05,0.06 --trials 5 --epochs 1 -q -o part >out 2>err || fail "a part of a grid: $(cat err)"
[ "$(tail -n +2 part/sweep.csv | cut -d, -f3 | sort -u | wc -l)" = 5 ] || fail "five different ones: $(cat part/sweep.csv)"

"$TAPELESS" sweep net.lua --data x.csv --set lr=log:1e-3..0.3 --trials 9 --halving 3 --epochs 9 --seed 5 -o half >out 2>err || fail "halving: $(cat err)"
[ "$(grep -c '^[0-9]*/13  trial' err)" = 13 ] || fail "9, 3 and 1 trainings: $(cat err)"
[ "$(find half/trials -name 'result-*.json' | sed 's/.*result-//' | sort | uniq -c | tr -s ' \n' ' ')" = " 9 1.json 3 3.json 1 9.json " ] ||
    fail "rounds: $(find half/trials -name 'result-*')"
lr=$(sed -n 2p half/sweep.csv | cut -d, -f3)
"$TAPELESS" train net.lua --data x.csv --lr "$lr" --epochs 9 --seed 5 -c one.safetensors --overwrite --json -q >json 2>err || fail "$(cat err)"
python3 -c 'import json, sys; assert "%.9g" % json.load(open("json"))["best_valid_loss"] == sys.argv[1]' "$(sed -n 2p half/sweep.csv | cut -d, -f4)" ||
    fail "the winner's training in one piece: $(cat json half/sweep.csv)"

"$TAPELESS" sweep net.lua --data x.csv --set lr=0.01,0.1 --seeds 3 --epochs 2 -o seeds -q --json >json 2>err || fail "seeds: $(cat err)"
python3 - <<'PY' || fail "means of seeds: $(cat json)"
import json
for t in json.load(open("json"))["trials"]:
    assert len(set(t["seeds"])) == 3 and abs(t["score"] - sum(t["seeds"]) / 3) < 1e-8, t
PY

what="sweep net.lua --data x.csv --set lr=0.01,0.02,0.03,0.04 --steps 60000 --jobs 2"
# shellcheck disable=SC2086
long() { "$TAPELESS" $what "$@"; }
long -o whole -q >out 2>err || fail "whole: $(cat err)"
"$TAPELESS" $what -o cut >out 2>err &
sweep=$!
tries=0
while [ "$(ls cut/trials 2>/dev/null | wc -l)" -lt 2 ] && [ "$tries" -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -TERM "$sweep"
status=0
wait "$sweep" || status=$?
[ "$status" = 143 ] || [ "$status" = 0 ] || fail "after SIGTERM the status is $status: $(cat err)"
[ "$status" = 0 ] || grep -q 'the same command with --resume goes on' err || fail "what is said of it: $(cat err)"
if long -o cut >out 2>err; then fail "a sweep is begun over another"; fi
grep -q 'cut: a sweep was begun here; --resume goes on with it' err || fail "$(cat err)"
if [ "$status" = 143 ]; then
    long -o cut --resume -q >out 2>err || fail "resumed: $(cat err)"
    cut -d, -f1-6 whole/sweep.csv >whole.rows
    cut -d, -f1-6 cut/sweep.csv | cmp -s - whole.rows || fail "resumed it ends elsewhere: $(cat whole/sweep.csv cut/sweep.csv)"
fi
if long -o whole --resume --batch 2 >out 2>err; then fail "a sweep goes on with other options"; fi
grep -q 'the sweep was begun with another spec or other options' err || fail "$(cat err)"

"$TAPELESS" sweep net.lua --data x.csv --set lr=0.1,1e8 --epochs 2 -o bad -q >out 2>err || fail "one that explodes: $(cat err)"
grep -q '^,2,1e8,,.*the loss is inf' bad/sweep.csv || fail "its row: $(cat bad/sweep.csv)"
mkdir mine mine/trials
echo precious >mine/trials/notes
refused() { # SENTENCE WORDS...
    sentence=$1
    shift
    if "$TAPELESS" sweep net.lua --data x.csv "$@" >out 2>err; then fail "sweep $*: it is done"; fi
    grep -qF -- "$sentence" err || fail "sweep $*: $(cat err)"
}
refused "mine/trials: it is there, and of no sweep" --set lr=0.1,0.2 -o mine
refused "mine/trials: it is there, and of no sweep" --set lr=0.1,0.2 -o mine --overwrite
[ "$(cat mine/trials/notes)" = precious ] || fail "a folder of somebody's is gone"
refused "nothing is varied" -o no
refused "a range has no end of values: --trials N" --set lr=0.1..0.2 -o no
refused "a range goes from a number to a larger one" --set lr=0.2..0.1 --trials 2 -o no
refused "a logarithmic range begins above 0" --set lr=log:0..0.1 --trials 2 -o no
refused "train.optimizer.lr is given twice" --set lr=0.1,0.2 --set train.optimizer.lr=0.3,0.4 -o no
refused "each training has its own" --set lr=0.1,0.2 --log l.csv -o no
refused "--epochs N or --steps N says how long" --set lr=0.1,0.2 --halving 2 -o no
refused "there is no sweep to resume" --set lr=0.1,0.2 --resume -o no
refused "all trainings failed: " --set lr=0.1,0.2 --input nobody -o no
finish
