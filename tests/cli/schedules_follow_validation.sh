# reduce_on_plateau: the rates in the log are those that the validation losses beside them ask for, whether the training runs at
# once or in parts, which end in the same bits; from the spec as by --set. one_cycle goes up to lr, and down.
. tests/cli/common.sh
data="--data models/data/sunspots.csv"
train() { # CHECKPOINT OPTIONS...
    c=$1
    shift
    # shellcheck disable=SC2086 # below, too: words
    "$TAPELESS" train models/sunspots.lua $data --engine interpreter -q -c "$tmp/$c" --log "$tmp/$c.csv" "$@" \
        >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
by="--lr 0.02 --set train.schedule=reduce_on_plateau --set train.schedule.factor=0.5 --set train.schedule.patience=2
    --set train.schedule.min_delta=0.002 --set train.schedule.floor=0.1"
# shellcheck disable=SC2086
train whole $by --epochs 30
reductions() { # LOG PATIENCE: how often; fails where a rate is not what the losses ask for
    awk -F, -v patience="$2" '
        function close_to(a, b) { return a - b < 1e-8 && b - a < 1e-8 }
        NR == 1 { best = 1e30; factor = 1; next }
        $7 != "" { if ($7 < best - 0.002) { best = $7; waited = 0 } else waited++
            if (waited > patience) { waited = 0; factor *= 0.5; if (factor < 0.1) factor = 0.1; else n++ } }
        !close_to($5, 0.02 * last) && NR > 2 { print "update " $1 ": " $5 ", not " 0.02 * last; bad = 1; exit }
        NR == 2 && !close_to($5, 0.02) { print "it begins with " $5; bad = 1; exit }
        { last = factor }
        END { if (!bad) print n + 0 }' "$1"
}
n=$(reductions "$tmp/whole.csv" 2)
case $n in [2-9]) ;; *) fail "reduced $n times" ;; esac
# shellcheck disable=SC2086
train parts $by --steps 100
for steps in 101 333 500 600; do train parts --resume --steps $steps; done
train parts --resume --epochs 30
cmp "$tmp/whole.csv" "$tmp/parts.csv" || fail "in parts the log is another"
"$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "in parts: $(cat "$tmp/out")"

# As the spec says it; and said where people see it.
cp -r models "$tmp/models"
sed -i 's/adamw { lr = 3e-3,\(.*\)}, clip/adamw { lr = 0.02,\1}, schedule = reduce_on_plateau { factor = 0.5, patience = 2, min_delta = 0.002, floor = 0.1 }, clip/' \
    "$tmp/models/sunspots.lua"
grep -q 'lr = 0.02.*reduce_on_plateau' "$tmp/models/sunspots.lua" || fail "the spec: $(grep train "$tmp/models/sunspots.lua")"
# shellcheck disable=SC2086
"$TAPELESS" train "$tmp/models/sunspots.lua" $data --engine interpreter --epochs 30 -c "$tmp/spec" >"$tmp/out" 2>"$tmp/err" ||
    fail "the spec: $(cat "$tmp/err")"
"$BUILD/tests/compare" "$tmp/whole" "$tmp/spec" 0 >"$tmp/out" 2>&1 || fail "the spec's: $(cat "$tmp/out")"
[ "$(grep -c 'more than 2 validations in a row were no better' "$tmp/err")" -ge "$n" ] || fail "it is not said: $(cat "$tmp/err")"

# A checkpoint that knows nothing of it begins anew; what it says is checked.
train before --steps 40
# shellcheck disable=SC2086
train before $by --resume --steps 50
tail -n 1 "$tmp/before.csv" | awk -F, '{ exit !($5 > 0.0199) }' || fail "it does not begin with lr: $(tail -n 1 "$tmp/before.csv")"

# One cycle, of this run.
train cycle --lr 0.02 --set train.schedule=one_cycle --set train.schedule.peak=0.5 --steps 60
awk -F, 'NR == 1 { next } { if ($5 > most) { most = $5; at = $1 } last = $5 } NR == 2 { first = $5 }
    END { exit !(first > 0.0007 && first < 0.0009 && at == 30 && most > 0.01999 && last < 1e-7) }' "$tmp/cycle.csv" ||
    fail "the cycle: $(cut -d, -f1,5 "$tmp/cycle.csv" | tr '\n' ' ')"

refused() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    # shellcheck disable=SC2086
    if "$TAPELESS" train models/sunspots.lua $data --engine interpreter -c "$tmp/no" "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
plateau="--set train.schedule=reduce_on_plateau"
refused "reduce_on_plateau follows the loss of held-out data, and there are none; --valid 0.1" $plateau --valid 0
refused "with --valid-every 0 nothing is validated" $plateau --valid-every 0
refused "the one_cycle schedule needs to know the length of the run" --set train.schedule=one_cycle --minutes 1
refused "the schedule is of a learning rate, and lbfgs has none" $plateau --optimizer lbfgs -p f64
finish
