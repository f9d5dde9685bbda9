# --lr-find: the rates in its log grow exponentially; it ends where the mean of the losses says, and its rates are those of the losses in
# the log, smoothed and differenced here once more; the same in threads and by both engines' own arithmetic; nothing else is written.
. tests/cli/common.sh
mkdir "$tmp/empty"
data="--data $PWD/models/data/sunspots.csv"
find_rate() { # NAME OPTIONS...
    name=$1
    shift
    # shellcheck disable=SC2086 # words
    (cd "$tmp/empty" && "$TAPELESS" train "$OLDPWD/models/sunspots.lua" $data --lr-find --json "$@" >"$tmp/$name" 2>"$tmp/err") ||
        fail "$name: $(cat "$tmp/err")"
}
number() { sed -n "s/.*\"$2\": \([^,]*\).*/\1/p" "$tmp/$1"; }

agrees() { # NAME N WIDE LR
    awk -F, -v n="$2" -v wide="$3" -v lr="$4" -v steepest="$(number "$1" steepest_lr)" -v lowest="$(number "$1" lowest_lr)" \
        -v end="$(number "$1" divergence_lr)" -v suggested="$(number "$1" suggested_lr)" '
        function near(a, b) { return a / b - 1 < 1e-6 && b / a - 1 < 1e-6 }
        function bad(text) { print text; failed = 1; exit 1 }
        NR == 1 { least = 1e30; next }
        { i = NR - 2; x[i] = (6 * i / (n - 1) - 3) + log(lr) / log(10); y[i] = $4
          if (!near($5, exp(x[i] * log(10)))) bad("update " $1 " has the rate " $5)
          if (over) bad("it goes on behind update " i)
          mean += ($4 - mean) / wide; weight += (1 - weight) / wide; m = mean / weight
          if (weight < 0.6) first = m
          else { if (m < least) least = m; over = m > first && m > 4 * least } }
        END {
            if (failed) exit 1
            count = NR - 1
            if (over != (end != "null") || (over && !near(end, exp(x[count - 1] * log(10)))) || (!over && count != n)) bad("it ends at " end)
            half = int(wide / 2) + 1
            for (i = half; i + half < count; i++) { s[i] = 0; for (j = -half; j <= half; j++) s[i] += y[i + j] / (2 * half + 1) }
            at = half
            for (i = half; i + half < count; i++) if (s[i] < s[at]) at = i
            if (!near(lowest, exp(x[at] * log(10)))) bad("lowest at " lowest ", not " exp(x[at] * log(10)))
            best = 0
            for (i = 2 * half; i < at && i + 2 * half < count; i++) {
                slope = (s[i + half] - s[i - half]) / (x[i + half] - x[i - half]); if (slope < best) { best = slope; steep = i } }
            if (!near(steepest, exp(x[steep] * log(10)))) bad("fastest at " steepest ", not " exp(x[steep] * log(10)))
            tenth = (over ? end : lowest) / 10
            if (!near(suggested, steepest < tenth ? steepest : tenth)) bad("it suggests " suggested)
        }' "$tmp/$1.csv" >"$tmp/said" || fail "$1: $(cat "$tmp/said")"
}
find_rate adam --log "$tmp/adam.csv" --plot "$tmp/rates.svg"
agrees adam 400 26 0.003
find_rate sgd --optimizer sgd --lr 0.01 --set train.clip_norm=0 --steps 1000 --log "$tmp/sgd.csv"
agrees sgd 1000 50 0.01
find_rate again --threads 2 --set train.schedule=reduce_on_plateau --set train.average=0.9 --log "$tmp/again.csv"
cmp "$tmp/adam" "$tmp/again" && cmp "$tmp/adam.csv" "$tmp/again.csv" || fail "it is not the same again"
grep -q '<svg' "$tmp/rates.svg" && grep -q 'learning rate' "$tmp/rates.svg" && grep -q 'falls fastest' "$tmp/rates.svg" || fail "there is no picture"
[ -z "$(ls "$tmp/empty")" ] || fail "it leaves $(ls "$tmp/empty")"
# What it suggests trains; a hundred times the rate at which it diverged does not.
sgd=$(number sgd suggested_lr)
train() { # LR
    "$TAPELESS" train models/sunspots.lua --data models/data/sunspots.csv --optimizer sgd --set train.clip_norm=0 --lr "$1" --epochs 4 -q --json --overwrite \
        -c "$tmp/c" >"$tmp/out" 2>&1 || return 1
    number out loss
}
loss=$(train "$sgd") first=$(awk -F, 'NR > 1 && NR < 28 { s += $4 / 26 } END { print s }' "$tmp/sgd.csv")
awk -v a="$loss" -v b="$first" 'BEGIN { exit !(a < 0.9 * b) }' || fail "at $sgd the loss is $loss, before any training $first"
if train "$(awk -v x="$(number sgd divergence_lr)" 'BEGIN { print 100 * x }')" >"$tmp/out"; then fail "what diverges does not"; fi

refused() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    # shellcheck disable=SC2086
    if "$TAPELESS" train models/sunspots.lua $data --engine interpreter --lr-find "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
refused "--lr-find looks for a learning rate and keeps nothing: leave --best out" --best "$tmp/best"
refused "leave --resume out" --resume
refused "leave --epochs out" --epochs 3
refused "leave --watch out" --watch
refused "leave --checkpoint out" -c "$tmp/c"
refused "--lr-find: lbfgs has no learning rate" --optimizer lbfgs -p f64
refused "--lr-find --steps 10: it takes 40 updates at least" --steps 10
refused "to a thousand times it, and it is 0" --lr 0
finish
