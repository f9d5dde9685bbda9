# Training 2N updates, and N, then N more after --resume, end in the same bits: weights, moments,
# state and cursor. With every optimizer's state in the checkpoint and dropout drawn by step.
. tests/cli/common.sh
make_text "$tmp/text"

train() { # CHECKPOINT STEPS options...
    checkpoint=$1 steps=$2
    shift 2
    # shellcheck disable=SC2086 # $small is several words
    "$TAPELESS" train $small --data "$tmp/text" --valid 0.05 --epochs 1000 --steps "$steps" \
        --checkpoint "$checkpoint" --quiet "$@" >"$tmp/out" 2>&1 || { cat "$tmp/out"; fail "training failed"; }
}

# All tensors of a checkpoint: what follows the header, which also notes how long training took.
tensors_of() {
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}

same_tensors() {
    tensors_of "$1" >"$tmp/a"
    tensors_of "$2" | cmp -s - "$tmp/a"
}

for precision in f32 f64; do
    train "$tmp/whole-$precision" 60 --precision $precision --seed 3
    train "$tmp/parts-$precision" 17 --precision $precision --seed 3
    train "$tmp/parts-$precision" 30 --precision $precision --resume
    train "$tmp/parts-$precision" 60 --precision $precision --resume
    same_tensors "$tmp/whole-$precision" "$tmp/parts-$precision" || fail "$precision: resumed training ended elsewhere"
    train "$tmp/other" 60 --precision $precision --seed 4 --overwrite
    same_tensors "$tmp/whole-$precision" "$tmp/other" && fail "$precision: another seed ended in the same bits"
done
# Steps kept from window to window are in the checkpoint too: what they computed, what they saw.
awk 'BEGIN { print "x"; for (t = 1; t <= 60; t++) print ((t * 7) % 5 - 2) / 4 }' >"$tmp/x.csv"
cell() { # CHECKPOINT OVERLAP STEPS options...
    checkpoint=$1 overlap=$2 steps=$3
    shift 3
    "$TAPELESS" train tests/overlap/cell.lua -D k1=2 -D k2=5 -D overlap="$overlap" --data "$tmp/x.csv" --no-standardise \
        --valid 0 --epochs 9 --steps "$steps" --checkpoint "$checkpoint" --quiet "$@" >"$tmp/out" 2>&1 ||
        { cat "$tmp/out"; fail "training failed"; }
}
for overlap in recompute retain versions; do
    cell "$tmp/whole" $overlap 40 --overwrite
    cell "$tmp/parts" $overlap 13 --overwrite
    cell "$tmp/parts" $overlap 29 --resume
    cell "$tmp/parts" $overlap 40 --resume
    same_tensors "$tmp/whole" "$tmp/parts" || fail "$overlap: resumed training ended elsewhere"
done

# Only on the data that it began with.
tr 'a' 'e' <"$tmp/text" >"$tmp/text2"
# shellcheck disable=SC2086 # $small is several words
"$TAPELESS" train $small --data "$tmp/text2" --valid 0.05 --steps 70 --checkpoint "$tmp/other" --resume --quiet \
    --precision f64 >/dev/null 2>"$tmp/err" && fail "resumed on other data"
grep -q 'on other data' "$tmp/err" || fail "the sentence about other data is: $(cat "$tmp/err")"
finish
