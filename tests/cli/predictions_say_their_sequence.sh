# predict on several sequences: the state starts anew at each, and every row says where it belongs, by the
# column that tells the sequences apart, by the file, or by both.
. tests/cli/common.sh
cat >"$tmp/net.lua" <<'LUA'
return model {
  input = real(1), target = real(1),
  params = { W = { 6, 1 }, U = { 6, 6 }, b = { 6 }, V = { 1, 6 } },
  state = { h = init({ 6 }, 0.5) },
  step = function(p, x, s) local h = tanh(p.W(x) + p.U(s.h) + p.b); return p.V(h), { h = h } end,
  loss = mse,
  tbptt = { k1 = 2, k2 = 4, batch = 2 },
  train = { optimizer = adam { lr = 1e-2 } },
}
LUA
# Three sequences of 8, 5 and 9 rows, in one file and in three; a name that CSV must quote.
awk -v dir="$tmp" 'BEGIN {
    split("first \"two, or \"\"so\"\"\" first", name, " "); name[2] = "\"two, or \"\"so\"\"\""; name[3] = "third"
    split("8 5 9", rows, " ")
    print "run,x" >dir "/all.csv"
    for (s = 1; s <= 3; s++) {
        print "x" >dir "/" s ".csv"
        for (t = 0; t < rows[s]; t++) {
            print name[s] "," sin(s * t) >dir "/all.csv"
            print sin(s * t) >dir "/" s ".csv"
        }
    }
}'
"$TAPELESS" train "$tmp/net.lua" --data "$tmp/all.csv" --sequence run --checkpoint "$tmp/net" --epochs 3 --quiet >/dev/null ||
    fail "it does not train"

predict() { # OUTPUT options...
    to=$1
    shift
    "$TAPELESS" predict "$tmp/net.lua" -c "$tmp/net" "$@" >"$to" 2>"$tmp/err" || { cat "$tmp/err"; fail "predict $*"; }
}
refuse() { # TEXT options...
    text=$1
    shift
    "$TAPELESS" predict "$tmp/net.lua" -c "$tmp/net" "$@" >"$tmp/none" 2>"$tmp/err" && fail "predict $* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "predict $*: $(cat "$tmp/err")"
    [ ! -s "$tmp/none" ] || fail "predict $*: there are rows"
}
same() { # WHAT EXPECTED GOT
    diff "$2" "$3" >"$tmp/difference" || fail "$1: $(head -n 8 "$tmp/difference")"
}
# What each file says by itself, its rows counted on from BEFORE, with WORDS in front.
alone() { # FILE BEFORE WORDS options...
    file=$1 before=$2 words=$3
    shift 3
    predict "$tmp/one" --data "$tmp/$file.csv" "$@"
    [ "$(head -n 1 "$tmp/one")" = "row,x" ] || fail "the header of one sequence is $(head -n 1 "$tmp/one")"
    awk -F, -v before="$before" -v words="$words" 'NR > 1 { print words $1 + before "," $2 }' "$tmp/one"
}

for horizon in 0 4; do
    quoted='"two, or ""so""",'
    { echo "run,row,x" && alone 1 0 'first,' --horizon $horizon && alone 2 8 "$quoted" --horizon $horizon &&
        alone 3 13 'third,' --horizon $horizon; } >"$tmp/want"
    predict "$tmp/got" --data "$tmp/all.csv" --sequence run --horizon $horizon
    same "by column, horizon $horizon" "$tmp/want" "$tmp/got"
    { echo "file,row,x" && alone 1 0 "$tmp/1.csv," --horizon $horizon && alone 3 0 "$tmp/3.csv," --horizon $horizon; } >"$tmp/want"
    predict "$tmp/got" --data "$tmp/1.csv" --data "$tmp/3.csv" --horizon $horizon
    same "by file, horizon $horizon" "$tmp/want" "$tmp/got"
done
[ "$(wc -l <"$tmp/got")" = $((1 + 8 + 3 + 9 + 3)) ] || fail "a horizon of 4 in two files: $(wc -l <"$tmp/got") lines"

# Both, to a file.
predict "$tmp/none" --data "$tmp/all.csv" --data "$tmp/all.csv" --sequence run -o "$tmp/both.csv"
[ "$(head -n 1 "$tmp/both.csv")" = "file,run,row,x" ] || fail "by both: $(head -n 1 "$tmp/both.csv")"
predict "$tmp/got" --data "$tmp/all.csv" --sequence run
{ tail -n +2 "$tmp/got" && tail -n +2 "$tmp/got"; } | sed "s|^|$tmp/all.csv,|" >"$tmp/want"
tail -n +2 "$tmp/both.csv" >"$tmp/got"
same "by both" "$tmp/want" "$tmp/got"
[ "$(cut -d, -f3- "$tmp/both.csv" | wc -l)" = 45 ] || fail "by both: $(wc -l <"$tmp/both.csv") lines"

# Rows in turns: `row` is the file's, and behind a sequence's end goes on below its last.
{ echo run,x && tail -n +2 "$tmp/all.csv" | awk '{ match($0, /,[^,]*$/); l = substr($0, 1, RSTART); print n[l]++ ";" $0 }' |
    sort -s -t';' -k1,1n | cut -d';' -f2-; } >"$tmp/panel.csv"
for horizon in 0 3; do
    predict "$tmp/blocks" --data "$tmp/all.csv" --sequence run --horizon $horizon
    predict "$tmp/turns" --data "$tmp/panel.csv" --horizon $horizon # the checkpoint knows the column
    sed 's/,[0-9]*,\([^,]*\)$/,\1/' "$tmp/blocks" >"$tmp/want"
    sed 's/,[0-9]*,\([^,]*\)$/,\1/' "$tmp/turns" >"$tmp/got"
    same "interleaved, horizon $horizon" "$tmp/want" "$tmp/got"
done
# The n-th of a sequence of three in turns is row 1, 2 or 3 + 3 (n - 1), until the short ones end.
rows=$(grep '^third,' "$tmp/turns" | cut -d, -f2 | tr '\n' ' ')
[ "$rows" = "6 9 12 15 17 19 21 22 23 24 25 " ] || fail "the third's rows are $rows"

# Without the column the file is one sequence: the state goes on, the numbers are others.
sed 's/^run/column/' "$tmp/all.csv" >"$tmp/plain.csv"
predict "$tmp/whole" --data "$tmp/plain.csv"
[ "$(sed -n 10p "$tmp/whole" | cut -d, -f2)" != "$(alone 2 8 '' | sed -n 1p | cut -d, -f2)" ] || fail "the state never mattered"

# One sequence is named too if its column is; numbers are a text like any other.
predict "$tmp/got" --data "$tmp/1.csv" --sequence x
[ "$(sed -n 2p "$tmp/got" | cut -d, -f1,2)" = "0,2" ] || fail "a column of numbers: $(sed -n 2p "$tmp/got")"

refuse "there is no column 'rin'; there are run, x" --data "$tmp/all.csv" --sequence rin
refuse "say what to predict from" --sequence run
refuse "$tmp/none.csv: No such file" --data "$tmp/1.csv" --data "$tmp/none.csv"
finish
