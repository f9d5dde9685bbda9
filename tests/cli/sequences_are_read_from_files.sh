# Streams that end and start: a column of a CSV file, several files. The spec says nothing of resets;
# the score does not depend on lanes, nor on whether the sequences come in one file or in several.
. tests/cli/common.sh
make_net "$tmp/net.lua" 1 "k1 = 2, k2 = 4, batch = 2"
awk -v dir="$tmp" 'BEGIN {
    print "run,x" >dir "/all.csv"
    for (s = 1; s <= 5; s++) {
        print "x" >dir "/" s ".csv"
        for (t = 0; t < 8 + 5 * s % 7; t++) {
            print "r" s "," sin(s * t) >dir "/all.csv"
            print sin(s * t) >dir "/" s ".csv"
        }
    }
}'

run() { # COMMAND options...
    command=$1
    shift
    "$TAPELESS" "$command" "$tmp/net.lua" --checkpoint "$tmp/net" "$@" >"$tmp/out" 2>"$tmp/err" ||
        { cat "$tmp/out" "$tmp/err"; fail "$command $*"; }
}
refuse() { # TEXT options...
    text=$1
    shift
    "$TAPELESS" train "$tmp/net.lua" --checkpoint "$tmp/other" --overwrite "$@" >/dev/null 2>"$tmp/err" &&
        fail "train $* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "train $*: $(cat "$tmp/err")"
}
tensors_of() { # CHECKPOINT: what follows the header, which also notes how long training took
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}
score() { sed -n 's/^loss *//p' "$tmp/out"; }

files="--data $tmp/1.csv --data $tmp/2.csv --data $tmp/3.csv --data $tmp/4.csv --data $tmp/5.csv"
run train --data "$tmp/all.csv" --sequence run --epochs 5
grep -q '4 sequences in 2 lanes of .* 1 sequence in 1 lane of' "$tmp/err" || fail "summary: $(cat "$tmp/err")"
run eval --data "$tmp/all.csv" --sequence run
column=$(score)
run eval --data "$tmp/all.csv" --sequence run --lanes 2
[ "$(score)" = "$column" ] || fail "in two lanes the score is $(score), in one $column"
# shellcheck disable=SC2086 # $files is several words
run eval $files
[ "$(score)" = "$column" ] || fail "of several files the score is $(score), of one $column"
run eval --data "$tmp/all.csv" # the checkpoint knows the column
[ "$(score)" = "$column" ] || fail "by the checkpoint's column the score is $(score), said again it is $column"
run eval --data "$tmp/all.csv" --sequence ''
[ "$(score)" != "$column" ] || fail "sequences or not, the score is the same"
sed 's/^run/column/' "$tmp/all.csv" >"$tmp/whole.csv"
run eval --data "$tmp/whole.csv"
[ "$(score)" != "$column" ] || fail "without the column the score is the same"
# Rows of the five in turns: the same sequences, so the same training and score.
{ echo run,x && tail -n +2 "$tmp/all.csv" | awk -F, '{ print n[$1]++ "," $0 }' | sort -s -t, -k1,1n | cut -d, -f2-; } >"$tmp/panel.csv"
[ "$(sed -n 3p "$tmp/panel.csv" | cut -d, -f1)" = r2 ] || fail "they do not take turns: $(head -n 4 "$tmp/panel.csv")"
run eval --data "$tmp/panel.csv" --sequence run
[ "$(score)" = "$column" ] || fail "interleaved the score is $(score), one after the other $column"
cp "$tmp/net" "$tmp/one"
# shellcheck disable=SC2086
run train $files --epochs 5 --overwrite
tensors_of "$tmp/one" >"$tmp/tensors"
tensors_of "$tmp/net" | cmp -s - "$tmp/tensors" || fail "training on one file and on several ends elsewhere"
run train --data "$tmp/panel.csv" --sequence run --epochs 5 --overwrite
grep -q 'the rows of 5 interleaved sequences put together; 4 sequences in 2 lanes' "$tmp/err" || fail "summary: $(cat "$tmp/err")"
tensors_of "$tmp/net" | cmp -s - "$tmp/tensors" || fail "training on interleaved rows ends elsewhere"

# What is compiled for a training that goes on, and for lags, is what the checkpoint's column needs.
"$TAPELESS" train "$tmp/net.lua" --checkpoint "$tmp/net" --data "$tmp/panel.csv" --resume --epochs 7 --quiet >/dev/null 2>"$tmp/err" ||
    fail "resume: $(cat "$tmp/err")"
cp "$tmp/net" "$tmp/forgot"
run train --data "$tmp/panel.csv" --sequence run --epochs 5 --overwrite
run train --data "$tmp/panel.csv" --sequence run --epochs 7 --resume
tensors_of "$tmp/forgot" >"$tmp/tensors"
tensors_of "$tmp/net" | cmp -s - "$tmp/tensors" || fail "resumed by the checkpoint's column it ends elsewhere"
run lags --data "$tmp/panel.csv" --windows 5

# A trainer that was built for a single stream says what it needs.
"$TAPELESS" build "$tmp/net.lua" -o "$tmp/built" >/dev/null
"$tmp/built/net" train --data "$tmp/all.csv" --sequence run --checkpoint "$tmp/other" >/dev/null 2>"$tmp/err" &&
    fail "a trainer without resets takes sequences"
grep -q 'there are 4 sequences, which net was not compiled for; set tbptt = { resets = true }' "$tmp/err" ||
    fail "its sentence: $(cat "$tmp/err")"
"$tmp/built/net" eval --data "$tmp/all.csv" --sequence run --checkpoint "$tmp/net" >"$tmp/out" ||
    fail "but evaluation needs nothing compiled"

refuse "there is no column 'rin'" --data "$tmp/all.csv" --sequence rin
refuse "all.csv:25: the sequence 'r2' has 11 rows, the last in this line: too short to predict 11 ahead" --data "$tmp/all.csv" --sequence run --ahead 11
refuse "it is text and $tmp/1.csv is csv" --data "$tmp/1.csv" --data "$tmp/net.lua"
refuse "--sequence run: $tmp/net.lua is not a CSV file" --data "$tmp/net.lua" --sequence run

# Texts likewise.
make_text "$tmp/a"
head -c 5000 "$tmp/a" >"$tmp/b"
# shellcheck disable=SC2086 # $small is several words
"$TAPELESS" train $small --data "$tmp/a" --data "$tmp/b" --steps 10 --checkpoint "$tmp/text" 2>"$tmp/err" >/dev/null ||
    fail "two texts: $(cat "$tmp/err")"
grep -q '1 sequence in 50 lanes of .*, 1 sequence in 1 lane of' "$tmp/err" || fail "two texts: $(cat "$tmp/err")"
finish
