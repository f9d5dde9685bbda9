# A label that what follows decides: labels.lua of docs/language.md, with a target some rows behind (--ahead -4), learns what a net that sees
# no further than the labelled sample cannot. Such a target is the same as a column that was shifted by hand, to the bit, in one sequence
# and in several; predictions say the row that they are of.
. tests/cli/common.sh
. tests/cli/common_page.sh
specs docs/language.md "$tmp"
samples() { # SEED FIRST: of 1500 rows; the third column has the label of four rows above, the fourth that in the same sequence, which the fifth names
    awk -v s="$1" 'BEGIN {
        print "x,label,late,late_in_part,part"; n = 1500
        for (t = 0; t < n + 4; t++) { s = (s * 1103515245 + 12345) % 2147483648; x[t] = s / 1073741824 - 1 }
        for (t = 0; t < n; t++) label[t] = x[t - 1] + x[t] + x[t + 1] + x[t + 2] + x[t + 3] > 0
        for (t = 0; t < n; t++) {
            begins = t < 600 ? 0 : 600
            print x[t] "," label[t] "," (t < 4 ? "" : label[t - 4]) "," (t - begins < 4 ? "" : label[t - 4]) "," (begins ? "b" : "a")
        } }'
}
samples 11 >"$tmp/samples.csv"
samples 12 >"$tmp/others.csv"

run() { # COMMAND NAME OPTIONS...
    command=$1 name=$2
    shift 2
    "$TAPELESS" "$command" "$tmp/labels.lua" --input x -c "$tmp/$name" "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/err"; fail "$command $*"; }
}
train() { # NAME OPTIONS...
    name=$1
    shift
    run train "$name" --quiet --valid 0 "$@"
}

# ---- what it finds ----
for both in true false; do
    train $both -D both=$both --data "$tmp/samples.csv" --target label --ahead -4 --epochs 60
    "$TAPELESS" eval "$tmp/labels.lua" -D both=$both -c "$tmp/$both" --data "$tmp/others.csv" >"$tmp/$both.said" 2>"$tmp/err" || fail "eval: $(cat "$tmp/err")"
done
found() { sed -n 's/^accuracy of label  *//p' "$tmp/$1.said"; }
echo "of unseen samples $(found true) with what follows, $(found false) without"
awk -v with="$(found true)" -v without="$(found false)" 'BEGIN { exit !(with > 0.9 && without > 0.6 && without < 0.8) }' ||
    fail "$(found true) with what follows, $(found false) without"
grep -q '^weight  *1493$' "$tmp/true.said" || fail "not all but the first seven are scored: $(cat "$tmp/true.said")"

# ---- which row is meant ----
"$TAPELESS" predict "$tmp/labels.lua" -c "$tmp/true" --data "$tmp/others.csv" >"$tmp/predicted" 2>"$tmp/err" || fail "predict: $(cat "$tmp/err")"
[ "$(sed -n 2p "$tmp/predicted" | cut -d, -f1)" = 4 ] && [ "$(tail -n 1 "$tmp/predicted" | cut -d, -f1)" = 1496 ] ||
    fail "predictions are of rows $(sed -n 2p "$tmp/predicted") to $(tail -n 1 "$tmp/predicted")"
tail -n +2 "$tmp/others.csv" | cut -d, -f2 | sed -n 4,1496p >"$tmp/truth"
tail -n +2 "$tmp/predicted" | cut -d, -f2 | paste -d, - "$tmp/truth" | awk -F, '{ n += $1 == $2 } END { exit !(n / NR > 0.9) }' ||
    fail "the predictions' rows are not those that they are of"
if [ -x "$(command -v gnuplot)" ]; then
    "$TAPELESS" predict "$tmp/labels.lua" -c "$tmp/true" --data "$tmp/others.csv" -o "$tmp/p.csv" --plot "$tmp/p.svg" 2>"$tmp/err" || fail "a picture: $(cat "$tmp/err")"
fi

# A net that has no window: nothing is said of rows above the first.
cat >"$tmp/plain.lua" <<'LUA'
return model {
  input = real(1), target = token(2), params = { rnn = nn.gru(1, 4), head = nn.linear(4, 2) },
  step = function(p, x, s) local h, rnn = p.rnn(x, s.rnn) return p.head(h), { rnn = rnn } end,
  loss = cross_entropy, tbptt = { k1 = 4, k2 = 8 },
}
LUA
"$TAPELESS" train "$tmp/plain.lua" -c "$tmp/plain" --data "$tmp/samples.csv" --input x --target label --ahead -4 --steps 3 --quiet >"$tmp/out" 2>&1 || fail "plain: $(cat "$tmp/out")"
"$TAPELESS" predict "$tmp/plain.lua" -c "$tmp/plain" --data "$tmp/samples.csv" >"$tmp/predicted" 2>"$tmp/err" || fail "plain: $(cat "$tmp/err")"
[ "$(tail -n +2 "$tmp/predicted" | cut -d, -f1 | tr '\n' ' ')" = "$(seq 1 1496 | tr '\n' ' ')" ] || fail "plain: the rows are $(head -n 3 "$tmp/predicted")"

# ---- shifted by hand ----
for how in late "late_in_part --sequence part"; do
    also=${how#late} also=${also#_in_part}
    # shellcheck disable=SC2086
    {
        train behind --data "$tmp/samples.csv" --target label --ahead -4 --steps 40 --overwrite $also
        train shifted --data "$tmp/samples.csv" --ahead 0 --missing mask --steps 40 --overwrite --target $how
    }
    "$BUILD/tests/compare" "$tmp/behind" "$tmp/shifted" 0 rnn head optim state >"$tmp/out" 2>&1 || fail "'$how': a column shifted by hand trains otherwise: $(cat "$tmp/out")"
done

# ---- what is said ----
train said --data "$tmp/samples.csv" --target label --ahead -4 --steps 1
"$TAPELESS" train "$tmp/labels.lua" --input x -c "$tmp/said" --data "$tmp/samples.csv" --target label --steps 2 --valid 0 --resume >"$tmp/out" 2>"$tmp/err" || fail "resume: $(cat "$tmp/err")"
grep -q 'targets label, 4 rows behind; all standardised; 4 of 1500 steps without a target' "$tmp/err" || fail "it says: $(cat "$tmp/err")"
says() { # SENTENCE COMMAND...
    sentence=$1
    shift
    if "$@" >"$tmp/out" 2>"$tmp/err"; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
says "--ahead -3: the model was trained with --ahead -4" "$TAPELESS" eval "$tmp/labels.lua" -c "$tmp/said" --data "$tmp/samples.csv" --ahead -3
head -n 4 "$tmp/samples.csv" >"$tmp/short.csv"
says "3 rows are too few to predict 4 behind" "$TAPELESS" eval "$tmp/labels.lua" -c "$tmp/said" --data "$tmp/short.csv"
says "--horizon: the model says of each row what those behind it decide, 4 of them, and nothing of rows to come" "$TAPELESS" predict "$tmp/labels.lua" -c "$tmp/said" --data "$tmp/samples.csv" --horizon 2
finish
