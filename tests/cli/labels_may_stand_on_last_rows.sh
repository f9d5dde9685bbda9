# Many to one: docs/tables.md's spec on sequences whose label stands on the last row, empty on the others. Such
# rows move the state and do not count, in training, evaluation and prediction, by either engine; a column of
# weights says the same.
. tests/cli/common.sh
. tests/cli/common_page.sh
specs docs/tables.md "$tmp"
# 60 sequences of 3 to 6 rows; the label is whether the first x, which has to be remembered, is above 0.
awk -v dir="$tmp" 'BEGIN {
    s = 7
    print "id,x,label" >dir "/labels.csv"
    print "id,x,label,w" >dir "/weights.csv"
    for (i = 0; i < 60; i++) {
        rows = 3 + i % 4
        for (t = 1; t <= rows; t++) {
            s = (s * 1103515245 + 12345) % 2147483648
            x = s / 1073741824 - 1
            if (t == 1) label = x > 0
            printf "q%d,%.6f,%s\n", i, x, t == rows ? label : "" >dir "/labels.csv"
            printf "q%d,%.6f,%d,%d\n", i, x, t == rows ? label : 1, t == rows >dir "/weights.csv"
        }
        print "q" i "," label >dir "/true"
    }
}'

tapeless() { # COMMAND options...
    command=$1
    shift
    "$TAPELESS" "$command" "$tmp/last.lua" --precision f64 "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$command $*"; }
}
tensors_of() { # CHECKPOINT: what follows the header, which also notes how long training took
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}
by_labels="--data $tmp/labels.csv --input x --target label --sequence id --missing mask"

for engine in generated interpreter; do
    # shellcheck disable=SC2086 # several words
    tapeless train $by_labels --epochs 40 --engine $engine -c "$tmp/$engine" --log "$tmp/$engine.csv" --overwrite
    grep -q "210 of 270 steps without a target, which do not count; " "$tmp/err" || fail "$engine: $(head -n 1 "$tmp/err")"
done
paste -d, "$tmp/generated.csv" "$tmp/interpreter.csv" | awk -F, 'NR > 1 { d = $4 - $11; n += $4 == 0; if (d < 0) d = -d; if (d > 1e-9) bad++ }
    END { exit !(NR > 100 && !bad) }' || fail "the engines differ"

# The weights' column, and whatever label where it is 0: bit for bit the same.
tapeless train --data "$tmp/weights.csv" --input x --target label --sequence id --weight w --epochs 40 -c "$tmp/weighted" --log "$tmp/weighted.csv"
cmp -s "$tmp/weighted.csv" "$tmp/generated.csv" || fail "weights of 0 and missing labels train differently"
tensors_of "$tmp/weighted" >"$tmp/tensors"
tensors_of "$tmp/generated" | cmp -s - "$tmp/tensors" || fail "weights of 0 and missing labels end differently"

# The checkpoint knows how to read the file; 60 labels are scored.
for engine in generated interpreter; do
    tapeless eval --data "$tmp/labels.csv" -c "$tmp/generated" --engine $engine --json
    tr ',' '\n' <"$tmp/out" | sed -n 's/.*"loss": *//p; s/.*"weight": *//p; s/.*"sequences": *//p' | tr -d ' }' >"$tmp/$engine.score"
    grep -q "210 of 270 steps without a target" "$tmp/err" || fail "eval, $engine: $(cat "$tmp/err")"
done
grep -qx '60.*' "$tmp/generated.score" || fail "the weights of the score: $(cat "$tmp/generated.score")"
awk 'NR == FNR { a[FNR] = $1; next } { d = a[FNR] - $1; if (d > 1e-12 || d < -1e-12) exit 1 }' "$tmp/generated.score" "$tmp/interpreter.score" ||
    fail "the engines score differently: $(cat "$tmp/generated.score" "$tmp/interpreter.score")"
tapeless eval --data "$tmp/weights.csv" -c "$tmp/weighted" --json
tr ',' '\n' <"$tmp/out" | sed -n 's/.*"loss": *//p; s/.*"weight": *//p; s/.*"sequences": *//p' | tr -d ' }' | cmp -s - "$tmp/generated.score" ||
    fail "by weights the score is $(cat "$tmp/out")"
tapeless eval --data "$tmp/weights.csv" -c "$tmp/weighted" --weight '' --json
grep -q '"weight": 270' "$tmp/out" || fail "without weights: $(cat "$tmp/out")"

# What stands on the last row of each sequence is right for nearly all.
tapeless predict --data "$tmp/labels.csv" -c "$tmp/generated"
[ "$(wc -l <"$tmp/out")" = 271 ] || fail "$(wc -l <"$tmp/out") lines of predictions"
right=$(awk -F, 'NR == FNR { label[$1] = $2; next } FNR > 1 { last[$1] = $3 }
    END { for (q in label) n += last[q] == label[q]; print n }' "$tmp/true" "$tmp/out")
[ "$right" -ge 54 ] || fail "$right of 60 labels are right"

# In two halves it ends where it ends in one.
# shellcheck disable=SC2086
tapeless train $by_labels --epochs 20 -c "$tmp/half"
tapeless train --data "$tmp/labels.csv" --epochs 40 -c "$tmp/half" --resume
tensors_of "$tmp/half" | cmp -s - "$tmp/tensors" || fail "resumed it ends elsewhere"

"$TAPELESS" train "$tmp/last.lua" --data "$tmp/labels.csv" --input x --target label --sequence id -c "$tmp/none" >/dev/null 2>"$tmp/err" &&
    fail "empty labels are accepted unasked"
grep -qF "labels.csv:2: column 'label' is empty where a number is needed; with --missing mask a step without a target does not count" "$tmp/err" ||
    fail "$(cat "$tmp/err")"
finish
