# `tapeless init` makes a folder of each model that ships, with nothing of the source tree at hand; the commands that it
# prints work as they stand, in the folder that it made; nothing of anybody's is written over; what is there already is said.
. tests/cli/common.sh
root=$PWD
cp "$TAPELESS" "$tmp/tapeless" # away from its tree
mkdir "$tmp/home"
cd "$tmp/home"

status=0
"$tmp/tapeless" init --help >help || fail "--help"
grep -q "elman\]" help || fail "--help does not say which is the default"
for spec in "$root"/models/*.lua; do
    name=$(basename "$spec" .lua)
    [ "$name" != scalar ] || continue # it has no data
    grep -q "^  $name  *[a-z]" help || fail "--help does not know models/$name.lua"
    "$tmp/tapeless" init "of $name" --model "$name" >"$name.commands" 2>said || fail "$name: $(cat said)"
    cmp "of $name/$name.lua" "$spec" || fail "$name.lua is another"
    cmp "of $name/tapeless.d.lua" "$root/docs/tapeless.lua" || fail "tapeless.d.lua is another"
    [ "$(ls -A "of $name" | wc -l)" = 5 ] || fail "$name: there are $(ls -A "of $name")"
    [ "$(wc -c <"of $name/README.md")" -lt 1500 ] && [ "$(du -b "of $name"/data.* | cut -f1)" -lt 70000 ] || fail "$name: long files"
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "of $name/.luarc.json" || fail "$name: .luarc.json"
    tail -n +2 "$name.commands" >commands
    sed -n 's/^    \(tapeless\)/\1/p' "of $name/README.md" | cmp - commands || fail "$name: README.md has other commands"
done

# What is printed, as it stands. That the loss falls shows that the data are for the model.
run() { # NAME
    sed "s|^tapeless |\"\$TAPELESS\" |" "$1.commands" >commands
    [ "$(grep -c '^"' commands)" = 3 ] && [ "$(head -n 1 commands)" = "cd 'of $1'" ] || fail "$1: it printed $(cat "$1.commands")"
    sh -e commands >out 2>err || fail "$1: $(tail -n 3 err)"
    [ -x "of $1/build/$1" ] && [ -e "of $1/build/lib$1.so" ] && [ -e "of $1/$1.safetensors" ] || fail "$1: there is $(ls "of $1")"
}
learned() { # NAME MOST: the loss that was reached
    loss=$(awk '$1 == "loss" || $1 == "loss_bits_per_character" { print $2 }' out | tail -n 1)
    awk -v a="${loss:-x}" -v b="$2" 'BEGIN { exit !(a + 0 > 0 && a < b) }' || fail "$1: it came to ${loss:-nothing}, not below $2"
}
for of in elman:0.1 state_space:0.01 tanks:0.02 lstm_cnn:0.2 sunspots:0.2; do
    name=${of%:*}
    run "$name"
    learned "$name" "${of#*:}"
    rows=$(($(wc -l <"of $name/data.csv") - 1))
    # a year's target is the next row's, so the last row's prediction is not in the file
    [ "$(wc -l <"of $name/predicted.csv")" -ge "$((rows - 10))" ] || fail "$name: predictions of $(wc -l <"of $name/predicted.csv") rows"
done
# Of the others that the data are for them.
for name in lstm gru narx lru mingru; do
    (cd "of $name" && "$TAPELESS" train $name.lua --data data.csv --engine interpreter --steps 3 -q) >out 2>err || fail "$name: $(cat err)"
done
run charlstm
learned charlstm 0.7
sed 1d out | tail -n 5 | grep -qE "^(the|a|one|this|every|some|no) [a-z]+ [a-z]+" || fail "charlstm wrote $(cat out)"
! grep -q '[^a-z .]' "of charlstm/data.txt" || fail "the sentences have other letters"

# The same bytes again are no loss; others are.
cd "$tmp"
mkdir mine
cd mine
"$tmp/tapeless" init >out 2>said || fail "init here: $(cat said)"
[ "$(head -n 1 out)" = "tapeless train elman.lua --data data.csv --valid 0.2 --epochs 100" ] || fail "it printed $(cat out)"
"$tmp/tapeless" init >out 2>said || fail "init twice: $(cat said)"
grep -q "elman.lua: as it was" said || fail "it said $(cat said)"
for name in elman.lua data.csv tapeless.d.lua .luarc.json README.md; do
    cp "$name" ../kept
    echo "mine" >"$name"
    status=0
    "$tmp/tapeless" init >out 2>said || status=$?
    [ $status = 2 ] && grep -q "^$name: it exists; --overwrite replaces it" said || fail "$name: status $status, $(cat said)"
    [ "$(cat "$name")" = mine ] || fail "$name was written over"
    "$tmp/tapeless" init --overwrite >out 2>said || fail "--overwrite: $(cat said)"
    cmp "$name" ../kept || fail "--overwrite left $name"
done
refused() { # SENTENCE WORDS...
    sentence=$1
    shift
    status=0
    "$tmp/tapeless" init "$@" >out 2>said || status=$?
    [ $status = 2 ] && grep -qF -- "$sentence" said || fail "init $*: status $status, $(cat said)"
}
refused "did you mean lstm?" ../new --model lsmt
refused "it is one of elman, lstm" ../new --model transformer
refused "one argument too many" ../new ../newer
refused "elman.lua" elman.lua
[ ! -e ../new ] || fail "what was refused made a directory"
mkdir ../blocked ../blocked/data.csv
refused "data.csv" ../blocked
[ "$(ls -A ../blocked)" = data.csv ] || fail "a folder that was refused has $(ls -A ../blocked)"
refused "it is a directory" ../blocked --overwrite
cd "$root"
finish
