# .npy is a table: the same numbers as CSV, standardised, split, scored and predicted alike, several sequences where it has three dimensions.
# .npz is a file of tensors: the same training as the safetensors file of them. What is not so gets a sentence with the file's name.
. tests/cli/common.sh
make_net "$tmp/net.lua" 2 "k1 = 2, k2 = 4, batch = 2"
awk 'BEGIN { for (t = 0; t < 120; t++) printf "%.17g %.17g %.17g\n", sin(t / 3), 40 + 7 * cos(t / 5), sin(t / 3 + 1) * cos(t / 7) }' >"$tmp/numbers"
npy() { python3 tests/tools/npy.py "$@" || fail "npy $*"; }
run() { # COMMAND options...
    command=$1
    shift
    "$TAPELESS" "$command" "$tmp/net.lua" --engine interpreter "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$command $*"; }
}
refuse() { # TEXT FILE options...
    text=$1 file=$2
    shift 2
    "$TAPELESS" train "$tmp/net.lua" -c "$tmp/none" --engine interpreter --data "$file" "$@" >"$tmp/out" 2>"$tmp/err" && fail "train $file $* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "train $file $*: not '$text' but: $(cat "$tmp/err")"
    grep -qF -- "${file#"$tmp/"}" "$tmp/err" || fail "the file is not named: $(cat "$tmp/err")"
}
tensors_of() { # CHECKPOINT: what follows the header, which also notes how long training took
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}
same() { tensors_of "$1" >"$tmp/a"; tensors_of "$2" >"$tmp/b"; cmp "$tmp/a" "$tmp/b" >/dev/null || fail "$1 and $2 are other trainings"; }

# [rows, columns]
{ echo "1,2,3"; tr ' ' ',' <"$tmp/numbers"; } >"$tmp/table.csv"
npy "$tmp/table.npy" '<f8' 120x3 "$tmp/numbers"
run train --data "$tmp/table.csv" --header --epochs 4 -c "$tmp/csv"
run train --data "$tmp/table.npy" --epochs 4 -c "$tmp/npy"
grep -q 'inputs 1, 2; targets 3, 0 rows ahead; all standardised' "$tmp/err" || fail "what is read: $(cat "$tmp/err")"
same "$tmp/csv" "$tmp/npy"
run train --data "$tmp/table.csv" --header --input 2,3 --target 1 --ahead 2 --epochs 4 -c "$tmp/csv2"
run train --data "$tmp/table.npy" --input 2,3 --target 1 --ahead 2 --epochs 4 -c "$tmp/npy2"
same "$tmp/csv2" "$tmp/npy2"
run predict --data "$tmp/table.npy" -c "$tmp/npy"
cp "$tmp/out" "$tmp/predicted"
run predict --data "$tmp/table.csv" --header -c "$tmp/npy"
cmp "$tmp/out" "$tmp/predicted" || fail "predictions differ"
"$TAPELESS" data "$tmp/table.npy" >"$tmp/out" || fail "data"
grep -q 'table.npy: 120 rows of 3 columns' "$tmp/out" || fail "data shows $(cat "$tmp/out")"

# [sequences, rows, columns]
{ echo "sequence,1,2,3"; awk '{ print int((NR - 1) / 24) + 1 "," $1 "," $2 "," $3 }' "$tmp/numbers"; } >"$tmp/panel.csv"
npy "$tmp/panel.npy" '<f8' 5x24x3 "$tmp/numbers"
run train --data "$tmp/panel.csv" --sequence sequence --epochs 4 -c "$tmp/csv3"
run train --data "$tmp/panel.npy" --epochs 4 -c "$tmp/npy3"
grep -q '4 sequences in 2 lanes of .* 1 sequence in 1 lane of' "$tmp/err" || fail "sequences: $(cat "$tmp/err")"
same "$tmp/csv3" "$tmp/npy3"
run predict --data "$tmp/panel.npy" -c "$tmp/npy3"
grep -q '^sequence,row,3$' "$tmp/out" || fail "predictions of sequences: $(head -n 3 "$tmp/out")"
run predict --data "$tmp/panel.npy" -c "$tmp/npy" # which was trained on one
grep -q '^sequence,row,3$' "$tmp/out" || fail "predictions of sequences, by a training on one: $(head -n 3 "$tmp/out")"
run eval --data "$tmp/panel.npy" -c "$tmp/npy"
grep -q '^sequences  *5$' "$tmp/out" || fail "eval does not see five sequences: $(cat "$tmp/out")"

# Every kind of number, and what is missing.
echo "1 2 0 3 4 1 5 6 0 7 8 1 9 10 0 11 12 1" >"$tmp/whole"
{ echo "1,2,3"; xargs -n 3 <"$tmp/whole" | tr ' ' ','; } >"$tmp/whole.csv"
run train --data "$tmp/whole.csv" --header --valid 0 --steps 3 -c "$tmp/kind.csv"
for kind in '<f4' '<f8' '<i4' '<i8' '|u1'; do
    npy "$tmp/whole.npy" "$kind" 6x3 "$tmp/whole" two
    run train --data "$tmp/whole.npy" --valid 0 --steps 3 --overwrite -c "$tmp/kind"
    same "$tmp/kind.csv" "$tmp/kind"
done
sed 's/ 12 / nan /' "$tmp/whole" >"$tmp/holes"
npy "$tmp/holes.npy" '<f4' 6x3 "$tmp/holes"
refuse "holes.npy:7: column '2' has 'nan' where a number is needed" "$tmp/holes.npy"
run train --data "$tmp/holes.npy" --valid 0 --steps 3 --overwrite -c "$tmp/kind" --missing hold

# Tensors.
awk '{ print $1, $2 }' "$tmp/numbers" >"$tmp/inputs"
awk '{ print $3 }' "$tmp/numbers" >"$tmp/targets"
awk '{ print NR % 7 != 0 }' "$tmp/numbers" | head -n 120 >"$tmp/mask"
npy "$tmp/input.npy" '<f8' 60x2x2 "$tmp/inputs"
npy "$tmp/target.npy" '<f8' 60x2x1 "$tmp/targets"
npy "$tmp/mask.npy" '|b1' 60x2 "$tmp/mask"
npy "$tmp/t.npz" input="$tmp/input.npy" target="$tmp/target.npy" mask="$tmp/mask.npy"
npy "$tmp/d.npz" --deflate input="$tmp/input.npy" target="$tmp/target.npy" mask="$tmp/mask.npy"
# shellcheck disable=SC2046 # many words
"$BUILD/tests/tensors" write "$tmp/t.safetensors" input 60x2x2 $(cat "$tmp/inputs") -- target 60x2x1 $(cat "$tmp/targets") -- \
    mask 60x2 $(cat "$tmp/mask") || fail tensors
for file in t.safetensors t.npz d.npz; do run train --data "$tmp/$file" --epochs 4 -p f64 -c "$tmp/of.$file"; done
same "$tmp/of.t.safetensors" "$tmp/of.t.npz"
same "$tmp/of.t.safetensors" "$tmp/of.d.npz"
cp "$tmp/t.npz" "$tmp/T.NPZ"
run train --data "$tmp/T.NPZ" --epochs 4 -p f64 -c "$tmp/of.T"
same "$tmp/of.t.safetensors" "$tmp/of.T"

# Sentences.
npy "$tmp/s.npz" inptu="$tmp/input.npy" target="$tmp/target.npy"
refuse "the model net has no use for a tensor 'inptu'; did you mean 'input'?" "$tmp/s.npz"
npy "$tmp/s.npz" input="$tmp/input.npy"
refuse "there is no tensor 'target'" "$tmp/s.npz"
npy "$tmp/s.npz" readme.txt="$tmp/mask"
refuse "'readme.txt' in it is no array; an .npz is what numpy.savez writes" "$tmp/s.npz"
npy "$tmp/s.npy" '>f8' 6x3 "$tmp/whole"
refuse "its numbers are big-endian, >f8: x.astype('<f8') turns them round" "$tmp/s.npy"
npy "$tmp/s.npy" '<f2' 6x3 "$tmp/whole"
refuse "it is of dtype <f2; read are float32, float64, int32, int64, uint8 and bool: x.astype('float64')" "$tmp/s.npy"
npy "$tmp/s.npz" input="$tmp/s.npy"
refuse "s.npz, input.npy: it is of dtype <f2" "$tmp/s.npz"
npy "$tmp/s.npy" '<f8' 6x3 "$tmp/whole" fortran
refuse "it stands in Fortran's order, column by column: save numpy.ascontiguousarray(x)" "$tmp/s.npy"
npy "$tmp/s.npy" '<f8' 1x2x3x3 "$tmp/whole"
refuse "its shape is {1, 2, 3, 3}; a table is [rows, columns], [rows], or [sequences, rows, columns]" "$tmp/s.npy"
npy "$tmp/s.npy" '<f8' 0x3 "$tmp/whole"
refuse "its shape is {0, 3}; a table is" "$tmp/s.npy"
size=$(wc -c <"$tmp/table.npy")
for n in $((size - 8)) 100 20 6 3; do
    head -c "$n" "$tmp/table.npy" >"$tmp/s.npy"
    refuse "s.npy" "$tmp/s.npy"
done
head -c $((size - 8)) "$tmp/table.npy" >"$tmp/s.npy"
refuse "an array of 360 elements has 8 each: it is cut short" "$tmp/s.npy"
{ cat "$tmp/table.npy"; echo; } >"$tmp/s.npy"
refuse "2881 bytes follow its header, and an array of 360 elements has 8 each: it is damaged" "$tmp/s.npy"
sed 's/(120, 3)/(4294967296, 4294967297)/' "$tmp/table.npy" >"$tmp/s.npy"
refuse "its shape is impossible" "$tmp/s.npy"
size=$(wc -c <"$tmp/d.npz")
head -c $((size / 2)) "$tmp/d.npz" >"$tmp/s.npz"
refuse "s.npz" "$tmp/s.npz"
echo no >"$tmp/s.npz"
refuse "an .npz is what numpy.savez writes" "$tmp/s.npz"
LC_ALL=C sed 's/\x3f/\x3e/g' "$tmp/t.npz" >"$tmp/s.npz"
refuse "it is damaged" "$tmp/s.npz"
refuse "--input 1: $tmp/t.npz is not a CSV file" "$tmp/t.npz" --input 1
finish
