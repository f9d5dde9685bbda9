# eval says how far predictions are off in each column's own units, whatever the loss and whatever was
# standardised, and says what was: the same numbers come of predict's rows and the table's.
. tests/cli/common.sh
data=tests/faults/two.csv
spec=tests/faults/units.lua

by_hand() { # PREDICTIONS: RMS and mean absolute error of a, then of b
    awk -F, 'NR == FNR { a[FNR - 1] = $2; b[FNR - 1] = $3; next }
        FNR > 1 && ($1 in a) && $1 <= 150 { d = $2 - a[$1]; sa += d * d; ma += d < 0 ? -d : d; d = $3 - b[$1]; sb += d * d; mb += d < 0 ? -d : d; n++ }
        END { printf "%.6g %.6g %.6g %.6g\n", sqrt(sa / n), ma / n, sqrt(sb / n), mb / n }' $data "$1"
}

check() { # NAME COLUMNS UNITS options...
    name=$1 columns=$2 units=$3
    shift 3
    loss=${name%%-*}
    "$TAPELESS" train $spec -D loss="$loss" --data $data --epochs 5 -c "$tmp/$name" "$@" >/dev/null 2>"$tmp/said" || fail "$name: $(cat "$tmp/said")"
    grep -q "; $columns;" "$tmp/said" || fail "$name is trained with: $(cat "$tmp/said")"
    "$TAPELESS" eval $spec -D loss="$loss" --data $data -c "$tmp/$name" >"$tmp/score" || fail "$name: eval"
    grep -q "^columns  *$columns\$" "$tmp/score" || fail "$name: $(cat "$tmp/score")"
    grep -q "^units  *$units" "$tmp/score" || fail "$name: $(cat "$tmp/score")"
    "$TAPELESS" predict $spec -D loss="$loss" --data $data -c "$tmp/$name" -o "$tmp/rows" || fail "$name: predict"
    "$TAPELESS" eval $spec -D loss="$loss" --data $data -c "$tmp/$name" --json >"$tmp/json" || fail "$name: eval --json"
    # shellcheck disable=SC2046
    set -- $(sed -n 's/.*"\(root_mean_square_error\|mean_absolute_error\)": \([-0-9.e]*\).*/\2/p' "$tmp/json") $(by_hand "$tmp/rows")
    for i in 1 2 3 4; do
        eval "x=\$$i y=\$$((i + 4))"
        # shellcheck disable=SC2154 # set by eval
        awk -v x="$x" -v y="$y" 'BEGIN { d = x - y; exit !((d < 0 ? -d : d) <= 1e-4 * y) }' || fail "$name: number $i of eval is $x, by hand it is $y"
    done
}

check mse "all standardised" "the loss is of standardised targets"
check custom "all standardised" "the loss is of standardised targets"
check huber "all standardised" "the loss is of standardised targets"
check mse-plain "none standardised" "the data's" --no-standardise
check custom-raw "standardised a; raw b" "the loss is of standardised targets" --raw b
check huber-raw "none standardised" "the data's" --raw b --raw a

refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$@" >/dev/null 2>"$tmp/said" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
}
refused '--raw c: the model reads no column of that name' "$TAPELESS" train $spec --data $data --raw c -c "$tmp/c"
refused '--raw b: the model was trained with it standardised' "$TAPELESS" eval $spec --data $data --raw b -c "$tmp/mse"
refused '--no-standardise: the model was trained with a, b standardised' "$TAPELESS" train $spec --data $data --no-standardise --resume -c "$tmp/mse"

# Of tensors, which have no columns, a field's error; of tokens how often the likeliest is right.
"$BUILD/tests/tensors" write "$tmp/t.safetensors" input 3x1x2 0 0 0 0 0 0 -- target 3x1x2 1 2 3 4 5 6
"$BUILD/tests/tensors" write "$tmp/w.safetensors" W 6x2 0 0 0 0 0 0 0 0 0 0 0 0 -- V 2x6 0 0 0 0 0 0 0 0 0 0 0 0 -- b 6 0 0 0 0 0 0 -- c 2 0 0 \
    -- U 6x6 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
"$TAPELESS" eval $spec --data "$tmp/t.safetensors" -c "$tmp/w.safetensors" >"$tmp/score" || fail "eval of tensors"
grep -q '^error of target  *RMS 3.89444, mean absolute 3.5$' "$tmp/score" || fail "of tensors: $(cat "$tmp/score")"
"$BUILD/tests/tensors" write "$tmp/i.safetensors" input 4x1 0 1 2 3 -- target 4x1 0 0 4 0 -- mask 4x1 1 1 1 0
"$BUILD/tests/tensors" write "$tmp/v.safetensors" E 5x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -- U 4x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 \
    -- V 5x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
"$TAPELESS" eval tests/faults/ignore_index.lua --data "$tmp/i.safetensors" -c "$tmp/v.safetensors" >"$tmp/score" || fail "eval of tokens"
grep -q '^accuracy of target  *0.666667$' "$tmp/score" || fail "of tokens: $(cat "$tmp/score")"
finish
