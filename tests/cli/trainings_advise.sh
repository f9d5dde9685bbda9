# What a training says at its end of what to try next is what its log bears out; in JSON it is a list; --quiet says nothing, and a training
# that goes well neither.
. tests/cli/common.sh
train() { # OPTIONS...: $tmp/err is what is said
    "$TAPELESS" train models/sunspots.lua --data models/data/sunspots.csv --engine interpreter --overwrite -c "$tmp/c" --log "$tmp/log.csv" "$@" \
        >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
says() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    train "$@"
    grep -qF -- "$sentence" "$tmp/err" || fail "$*: it says $(tail -n 2 "$tmp/err")"
}
says "the loss stood still over the second half of the run, at 0.34" --epochs 30 --lr 1e-9
says "for the last 280 updates the learning rate was at its floor, 3e-05" --epochs 30 --set train.schedule=cosine --set train.schedule.total=500 \
    --set train.schedule.floor=0.01
awk -F, 'NR > 1 && $5 < 3.0000001e-5 { n++ } END { exit n != 280 }' "$tmp/log.csv" || fail "the log has not 280 updates at the floor"
says "3 steps back there still arrives" --epochs 6 --k1 1 --k2 3 --lags
percent=$(sed -n 's/.*still arrives \([0-9]*\)% .*/\1/p' "$tmp/err")
awk -F, -v percent="$percent" 'NR > 1 && $NF != "" { near += $(NF - 2); far += $NF } END { d = 100 * far / near - percent; exit !(d < 0.51 && d > -0.51) }' "$tmp/log.csv" ||
    fail "the log has not $percent%"
says "while the training's loss went on falling: --best keeps those weights" --epochs 300 -D hidden=24 --lr 0.01 --set train.optimizer.weight_decay=0 --valid 0.3
best=$(sed -n 's/.*validation was best ([0-9.e-]*) after update \([0-9]*\) .*/\1/p' "$tmp/err")
[ "$best" = "$(sed -n 's/^best_update *//p' "$tmp/out")" ] || fail "the best is after $best: $(cat "$tmp/out")"

train --epochs 30 --lr 1e-9 --json
python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))["advice"]; sys.exit(len(a) != 1 or "stood still" not in a[0])' "$tmp/out" || fail "JSON: $(cat "$tmp/out")"
train --epochs 30 --lr 1e-9 --quiet
[ ! -s "$tmp/err" ] && ! grep -q advice "$tmp/out" || fail "--quiet says $(cat "$tmp/err" "$tmp/out")"
train --epochs 3 --json
grep -q '"advice": \[\]' "$tmp/out" || fail "a short training is told $(grep -A2 advice "$tmp/out")"
says "no update is asked for: the checkpoint has the weights that a training begins with" --epochs 0
make_text "$tmp/text"
# shellcheck disable=SC2086 # $small is several words
"$TAPELESS" train $small --data "$tmp/text" --engine interpreter --k1 10 --batch 10 --steps 60 --lr 1e-9 -c "$tmp/t" --json >"$tmp/out" 2>"$tmp/err" || fail "$(cat "$tmp/err")"
grep -q '"advice": \[\]' "$tmp/out" || fail "a part of an epoch is told $(grep -A2 "advice\|epochs" "$tmp/out")"
finish
