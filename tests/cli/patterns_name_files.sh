# A pattern in quotes names all files that match, in the order of their names: the same training as with each of them given, and eval,
# predict, data and a trainer that was built know it too. A file of just that name is meant first; a pattern that matches nothing is a sentence.
. tests/cli/common.sh
make_net "$tmp/net.lua" 1 "k1 = 2, k2 = 4, batch = 2, resets = true, masks = true"
mkdir "$tmp/shops"
for s in 10 2 1 b a; do
    { echo x; awk -v s=$s 'BEGIN { s = s == "a" ? 7 : s == "b" ? 8 : s; for (t = 0; t < 12 + 3 * s % 7; t++) print sin(s * t) }'; } >"$tmp/shops/$s.csv"
done
echo "no table" >"$tmp/shops/readme"

run() { # COMMAND options...
    command=$1
    shift
    "$TAPELESS" "$command" "$tmp/net.lua" --engine interpreter "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$command $*"; }
}
same() { cmp "$1" "$2" >/dev/null || fail "$1 and $2 differ"; }
tensors_of() { # CHECKPOINT: what follows the header, which also notes how long training took
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}
each="--data $tmp/shops/1.csv --data $tmp/shops/10.csv --data $tmp/shops/2.csv --data $tmp/shops/a.csv --data $tmp/shops/b.csv"

# shellcheck disable=SC2086 # $each is several words
run train $each --epochs 3 -c "$tmp/each"
cp "$tmp/err" "$tmp/said"
run train --data "$tmp/shops/*.csv" --epochs 3 -c "$tmp/all"
grep -q '^net: .*; [0-9]* sequences in 2 lanes of' "$tmp/err" || fail "sequences: $(cat "$tmp/err")"
tensors_of "$tmp/each" >"$tmp/1"
tensors_of "$tmp/all" >"$tmp/2"
same "$tmp/1" "$tmp/2"
# shellcheck disable=SC2086
run eval $each -c "$tmp/all"
cp "$tmp/out" "$tmp/1"
run eval --data "$tmp/shops/*.csv" -c "$tmp/all"
same "$tmp/1" "$tmp/out"
run eval "--data=$tmp/shops/[12].csv" --data "$tmp/shops/1?.csv" --data "$tmp/shops/[a-b].csv" -c "$tmp/all" --per sequence
[ "$(grep -c "^ *$tmp/shops/.*csv" "$tmp/out")" = 5 ] || fail "five files in three patterns: $(cat "$tmp/out")"
# shellcheck disable=SC2086
run predict $each -c "$tmp/all"
cp "$tmp/out" "$tmp/1"
run predict --data "$tmp/shops/*.csv" -c "$tmp/all"
same "$tmp/1" "$tmp/out"
run train --data "$tmp/shops/[12].csv" --valid-data "$tmp/shops/[ab].csv" --epochs 1 -c "$tmp/apart"
grep -q '2 sequences in .* to validate' "$tmp/err" || fail "validation by a pattern: $(cat "$tmp/err")"
"$TAPELESS" data "$tmp/shops/?.csv" >"$tmp/out" || fail "data: $(cat "$tmp/out")"
[ "$(grep '^/' "$tmp/out" | sed 's/:.*//' | tr '\n' ' ')" = "$tmp/shops/1.csv $tmp/shops/2.csv $tmp/shops/a.csv $tmp/shops/b.csv " ] ||
    fail "data shows $(cat "$tmp/out")"
"$TAPELESS" build "$tmp/net.lua" -o "$tmp/bin" >"$tmp/out" 2>&1 || fail "build: $(cat "$tmp/out")"
"$tmp/bin/net" eval --data "$tmp/shops/*.csv" -c "$tmp/all" >"$tmp/out" || fail "the trainer's eval"
grep -q '^sequences  *5$' "$tmp/out" || fail "the trainer's eval sees $(cat "$tmp/out")"

# Just that name.
cp "$tmp/shops/a.csv" "$tmp/shops/*.csv"
run eval --data "$tmp/shops/*.csv" -c "$tmp/all"
grep -q '^sequences' "$tmp/out" && fail "a file of just that name is not the one: $(cat "$tmp/out")"
rm "$tmp/shops/*.csv"

refuse() { # TEXT COMMAND...
    text=$1
    shift
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" && fail "$* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
refuse "--data $tmp/shops/*.tsv: no file has a name that the pattern matches" train "$tmp/net.lua" --data "$tmp/shops/*.tsv" -c "$tmp/none"
refuse "$tmp/shops/*.tsv: no file has a name that the pattern matches" data "$tmp/shops/*.tsv"
refuse "files that are read together are of one format" train "$tmp/net.lua" --data "$tmp/shops/*" -c "$tmp/none"
[ ! -e "$tmp/none" ] || fail "a checkpoint was written"
finish
