# Columns, means, scales and vocabularies go with the weights: through export and import, with --like to files
# from elsewhere, with --start to another training. Without them eval says so, and does not make them up of the data that it scores.
. tests/cli/common.sh
spec=tests/faults/units.lua
data=tests/faults/two.csv
make_text "$tmp/text"

same() { # WHAT ONE TWO
    cmp -s "$2" "$3" || fail "$1 differs: $(diff "$2" "$3" | head -3)"
}
refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$@" >/dev/null 2>"$tmp/said" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
}
score() { # CHECKPOINT FILE: without what it was trained on, which differs
    "$TAPELESS" eval $spec --data "$tmp/part.csv" -c "$1" --json >"$2" 2>"$tmp/said" || fail "eval $1: $(cat "$tmp/said")"
    grep -v '"trained_on"' "$2" >"$tmp/without"
    mv "$tmp/without" "$2"
}

"$TAPELESS" train $spec --data $data --epochs 3 -c "$tmp/c" --raw b -q >/dev/null || fail "training"
(head -1 $data && tail -40 $data) >"$tmp/part.csv" # of another mean
score "$tmp/c" "$tmp/want"
"$TAPELESS" export $spec -c "$tmp/c" -o "$tmp/e.safetensors" || fail "export"
"$TAPELESS" import $spec "$tmp/e.safetensors" -c "$tmp/i" 2>"$tmp/said" || fail "import"
[ ! -s "$tmp/said" ] || fail "import says: $(cat "$tmp/said")"
for file in e.safetensors i; do
    score "$tmp/$file" "$tmp/got"
    same "the score of $file" "$tmp/want" "$tmp/got"
    "$TAPELESS" predict $spec --data $data -c "$tmp/$file" -o "$tmp/rows.$file" || fail "predict $file"
done
same "predictions" "$tmp/rows.e.safetensors" "$tmp/rows.i"

# As PyTorch writes them: parameters and nothing else.
"$BUILD/tests/tensors" write "$tmp/torch.safetensors" c 2 0.5 -0.5 -- b 6 1 2 3 4 5 6 -- W 6x2 1 2 3 4 5 6 7 8 9 0 1 2 \
    -- V 2x6 1 2 3 4 5 6 1 2 3 4 5 6 -- U 6x6 1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6
"$TAPELESS" import $spec "$tmp/torch.safetensors" -c "$tmp/t" 2>"$tmp/said" || fail "import of torch's"
grep -q 'does not say how data are read.*--like' "$tmp/said" || fail "import does not say what is missing: $(cat "$tmp/said")"
refused 'do not say with what mean and scale a, b were read' "$TAPELESS" eval $spec --data $data -c "$tmp/t"
refused 'do not say with what mean and scale a, b were read' "$TAPELESS" lags $spec --data $data -c "$tmp/t"
refused 'does not say which columns the model reads' "$TAPELESS" predict $spec --data $data -c "$tmp/t"
"$TAPELESS" eval $spec --data $data -c "$tmp/t" --no-standardise >"$tmp/got" || fail "eval of columns as they are"
grep -q 'none standardised' "$tmp/got" || fail "$(cat "$tmp/got")"
"$TAPELESS" import $spec "$tmp/torch.safetensors" --like "$tmp/c" -c "$tmp/l" 2>"$tmp/said" || fail "import --like: $(cat "$tmp/said")"
score "$tmp/l" "$tmp/got"
sed -n '/"columns"/,/\]/p' "$tmp/got" >"$tmp/columns"
sed -n '/"columns"/,/\]/p' "$tmp/want" | cmp -s - "$tmp/columns" || fail "--like took other columns"
refused "--like $tmp/t: it does not say how data are read" "$TAPELESS" import $spec "$tmp/torch.safetensors" --like "$tmp/t" -c "$tmp/m"

# A training from given weights reads data as theirs were, unless told otherwise.
"$TAPELESS" train $spec --data "$tmp/part.csv" --valid 0 --start "$tmp/e.safetensors" --steps 0 -c "$tmp/s" >/dev/null 2>"$tmp/said" || fail "--start"
grep -q 'data are read as those of .*e.safetensors were; --recode' "$tmp/said" || fail "--start does not say so: $(cat "$tmp/said")"
score "$tmp/s" "$tmp/got"
same "the score of --start" "$tmp/want" "$tmp/got"
"$TAPELESS" train $spec --data "$tmp/part.csv" --valid 0 --start "$tmp/e.safetensors" --recode --steps 0 -c "$tmp/r" >/dev/null 2>"$tmp/said" || fail "--recode"
grep -q 'all standardised' "$tmp/said" || fail "--recode: $(cat "$tmp/said")"
refused '--recode: without --start everything is learned anew' "$TAPELESS" train $spec --data $data --recode -c "$tmp/x"

# The same of a vocabulary.
# shellcheck disable=SC2086 # $small is several words
{
    "$TAPELESS" train $small --data "$tmp/text" --steps 3 -c "$tmp/v" -q >/dev/null || fail "training on text"
    "$TAPELESS" export $small -c "$tmp/v" -o "$tmp/v.safetensors" || fail "export of text"
    "$TAPELESS" sample $small -c "$tmp/v" --length 50 --seed 2 >"$tmp/one"
    "$TAPELESS" sample $small -c "$tmp/v.safetensors" --length 50 --seed 2 >"$tmp/two" || fail "sample of what was exported"
    same "what is sampled" "$tmp/one" "$tmp/two"
    tr -d 'aeiou' <"$tmp/text" >"$tmp/other"
    "$TAPELESS" eval $small -c "$tmp/v" --data "$tmp/other" --json >"$tmp/one" || fail "eval of other text"
    "$TAPELESS" eval $small -c "$tmp/v.safetensors" --data "$tmp/other" --json >"$tmp/two" || fail "eval of what was exported"
    same "the score of text" "$tmp/one" "$tmp/two"
    "$TAPELESS" train $small --data "$tmp/other" --start "$tmp/v.safetensors" --steps 1 -c "$tmp/vs" -q >/dev/null || fail "--start on text"
    "$TAPELESS" sample $small -c "$tmp/vs" --length 200 --seed 2 | grep -q '[aeiou]' || fail "--start made a vocabulary of its own"
}
"$BUILD/tests/tensors" write "$tmp/b.safetensors" E 5x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -- U 4x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 \
    -- V 5x4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
printf 'abcabcabc' >"$tmp/abc"
refused 'the weights do not say which character is which token' "$TAPELESS" eval tests/faults/ignore_index.lua --data "$tmp/abc" -c "$tmp/b.safetensors"
finish
