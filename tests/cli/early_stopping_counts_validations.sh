# --patience N ends a training when N validations in a row were not better, by more than --min-delta, than the best before: the log says
# that it is the first such update; a training that stops in between and goes on ends at the same one with the same weights.
. tests/cli/common.sh
data="--data models/data/sunspots.csv"
# shellcheck disable=SC2086 # below, too: words
train="models/sunspots.lua $data --engine interpreter --set train.optimizer.lr=0.01 --quiet"

ends() { # NAME PATIENCE MIN_DELTA OPTIONS...
    name=$1 patience=$2 delta=$3
    shift 3
    # shellcheck disable=SC2086 # words
    "$TAPELESS" train $train --patience "$patience" --min-delta "$delta" -c "$tmp/$name.st" --log "$tmp/$name.csv" "$@" >"$tmp/$name.out" 2>&1 ||
        { fail "$name: $(cat "$tmp/$name.out")"; return; }
    grep -q '^stopped *patience' "$tmp/$name.out" || fail "$name: it ends otherwise: $(cat "$tmp/$name.out")"
    awk -F, -v patience="$patience" -v delta="$delta" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "valid_loss" || $i == "valid") column = i; next }
        $column != "" { if (over) exit 1; if (!n || $column < best - delta) { best = $column; waited = 0 } else waited++; n++; over = waited >= patience }
        END { exit !(over && n > patience + 1) }' "$tmp/$name.csv" || fail "$name: not where the log says: $(tail -3 "$tmp/$name.csv")"
}
ends plain 4 0
ends each_update 9 0 --valid-every 1
ends delta 3 0.02 --best "$tmp/best.st"
[ -f "$tmp/best.st" ] || fail "--best is not written"
plain=$(sed -n 's/^updates  *//p' "$tmp/plain.out") delta=$(sed -n 's/^updates  *//p' "$tmp/delta.out")
[ "$delta" -lt "$plain" ] || fail "with --min-delta it goes on longer: $delta, $plain updates"

# In two parts.
# shellcheck disable=SC2086
"$TAPELESS" train $train --patience 4 --min-delta 0 -c "$tmp/parts.st" --steps $((plain - 30)) >"$tmp/out" 2>&1 || fail "the first part: $(cat "$tmp/out")"
grep -q '^stopped *done' "$tmp/out" || fail "the first part: $(cat "$tmp/out")"
# shellcheck disable=SC2086
"$TAPELESS" train $train --patience 4 --min-delta 0 -c "$tmp/parts.st" --resume >"$tmp/out" 2>&1 || fail "the second part: $(cat "$tmp/out")"
grep -q "^updates  *$plain\$" "$tmp/out" || fail "it ends elsewhere: $(cat "$tmp/out")"
"$BUILD/tests/compare" "$tmp/plain.st" "$tmp/parts.st" 0 >"$tmp/out" 2>&1 || fail "other weights: $(cat "$tmp/out")"
# What has ended so goes on with more patience, and not without.
# shellcheck disable=SC2086
"$TAPELESS" train $train --patience 4 -c "$tmp/parts.st" --resume >"$tmp/out" 2>&1 && grep -q "^updates  *$plain\$" "$tmp/out" || fail "it goes on: $(cat "$tmp/out")"
# shellcheck disable=SC2086
"$TAPELESS" train $train --patience 40 --steps $((plain + 50)) -c "$tmp/parts.st" --resume >"$tmp/out" 2>&1 && grep -q "^updates  *$((plain + 50))\$" "$tmp/out" ||
    fail "it does not go on: $(cat "$tmp/out")"

refused() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    # shellcheck disable=SC2086
    if "$TAPELESS" train $train -c "$tmp/no.st" "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
refused "there is nothing to validate on" --patience 3 --valid 0
refused "nothing is validated" --patience 3 --valid-every 0
refused "--min-delta is of --patience" --min-delta 0.1
if "$TAPELESS" train models/sunspots.lua $data --engine interpreter -c "$tmp/no.st" --patience 3 --optimizer lbfgs -p f64 >"$tmp/out" 2>&1; then fail "patience of lbfgs"; fi
grep -qF -- "--set train.optimizer.patience=3" "$tmp/out" || fail "patience of lbfgs: $(cat "$tmp/out")"
finish
