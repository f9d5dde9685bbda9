# What the tests of a resumed training share, of $tmp/net.lua on $tmp/d.csv: after common.sh.

valid=0 # the share of the rows that is held out
train() { # CHECKPOINT, options...
    c=$1
    shift
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid "$valid" -q --json -c "$tmp/$c" \
        "$@" >"$tmp/out" 2>"$tmp/err" || fail "train $*: $(cat "$tmp/err")"
}

# Trains to the last COUNT at once into whole, and as far as every COUNT in turn into parts: parameters, optimizer and
# log are the same to the bit.
same_in_parts() { # OPTIONS COUNT...
    how=$1
    shift
    for last in "$@"; do :; done
    rm -f "$tmp/log-whole" "$tmp/log-parts"
    # shellcheck disable=SC2086
    train whole $how --overwrite --steps "$last" --log "$tmp/log-whole"
    go=--overwrite
    for n in "$@"; do
        # shellcheck disable=SC2086
        train parts $how $go --steps "$n" --log "$tmp/log-parts"
        go=--resume
    done
    "$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/compared" 2>&1 || fail "$how: $(cat "$tmp/compared")"
    cmp "$tmp/log-whole" "$tmp/log-parts" || fail "$how: the log is another"
}

# Of what learns from the whole of the data: what has ended stays so, until a tolerance is another.
an_end_is_kept() {
    train end -p f64 --steps 400 --set train.optimizer.tol_cost=1e-2
    grep -q '"stopped": "cost"' "$tmp/out" || fail "tol_cost does not end it: $(cat "$tmp/out")"
    ended=$(grep '"updates"' "$tmp/out")
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -c "$tmp/end" --resume -p f64 \
        --json --steps 400 >"$tmp/out" 2>"$tmp/err"
    grep -q 'the training of the checkpoint has ended after .* iterations: the last step lowered the cost by' "$tmp/err" ||
        fail "nothing is said of its end: $(cat "$tmp/err")"
    [ "$(grep '"updates"' "$tmp/out")" = "$ended" ] || fail "what has ended goes on"
    train end -p f64 --resume --steps 400 --set train.optimizer.tol_cost=1e-9
    [ "$(grep '"updates"' "$tmp/out")" != "$ended" ] || fail "with another tolerance it does not go on"
}

# The parameters of the lowest held-out loss come back when patience is over, which --best has written, too; resumed on the
# way or not.
patience_gives_the_best() {
    valid=0.3
    train patient -p f64 --steps 400 --set train.optimizer.patience=4 --best "$tmp/best" --log "$tmp/log"
    grep -q '"stopped": "patience"' "$tmp/out" || fail "patience does not end it: $(cat "$tmp/out")"
    best=$(sed -n 's/.*"best_update": \([0-9]*\).*/\1/p' "$tmp/out")
    [ "$(sed -n 's/.*"updates": \([0-9]*\).*/\1/p' "$tmp/out")" = $((best + 4)) ] || fail "it did not wait for 4 iterations"
    awk -F, 'NR > 1 { if (NR == 2 || $7 < least) { least = $7; at = $1 } } END { print at }' "$tmp/log" >"$tmp/at"
    [ "$(cat "$tmp/at")" = "$best" ] || fail "the lowest held-out loss is that of $(cat "$tmp/at"), not of $best"
    train early -p f64 --steps "$best"
    for c in early patient best; do
        "$TAPELESS" export "$tmp/net.lua" -p f64 -c "$tmp/$c" -o "$tmp/$c.weights" >"$tmp/out" 2>&1 ||
            fail "export: $(cat "$tmp/out")"
    done
    for c in early best; do
        "$BUILD/tests/compare" "$tmp/$c.weights" "$tmp/patient.weights" 0 >"$tmp/out" 2>&1 ||
            fail "the parameters are not those of update $best, as $c has them: $(cat "$tmp/out")"
    done

    # The same where it was resumed on the way.
    train patient2 -p f64 --steps $((best + 2)) --set train.optimizer.patience=4
    train patient2 -p f64 --steps 400 --resume
    "$BUILD/tests/compare" "$tmp/patient" "$tmp/patient2" 0 >"$tmp/out" 2>&1 ||
        fail "patience after a resume: $(cat "$tmp/out")"
}
