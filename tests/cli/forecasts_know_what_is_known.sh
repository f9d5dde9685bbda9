# predict --horizon reads of the rows ahead what is known of them, from the end of the table or from --future, and what it has
# predicted: numbers of a model small enough for paper. --keep writes columns of the table, and the true targets, beside them;
# of several sequences each goes on for itself, and the picture has a panel for each, what was not trained on on grey.
. tests/cli/common.sh

# y(t + 1) = y(t) + x(t): what is said for a row is made of the row above it.
cat >"$tmp/add.lua" <<'LUA'
local o = options { batch = 1 }
return model {
  input = real(2), target = real(1), params = { a = param({ 1 }, 1) },
  step = function(p, v) return p.a * (slice(v, 1, 1) + slice(v, 2, 2)) end,
  loss = mse, tbptt = { k1 = 2, k2 = 2, batch = o.batch },
}
LUA
printf '%s\n' day,note,x,y mon,a,1,10 tue,b,2,11 'wed,"c,c",3,13' thu,d,4,16 fri,e,5, sat,,6, sun,g,7, >"$tmp/tail.csv"
head -5 "$tmp/tail.csv" >"$tmp/past.csv"
printf '%s\n' x,day 5,fri 6,sat 7,sun >"$tmp/future.csv"
train() { # DATA WORD...
    data=$1
    shift
    "$TAPELESS" train "$tmp/add.lua" --engine interpreter --data "$data" --input x,y --target y --no-standardise --lr 0 --steps 1 -q --overwrite -c "$tmp/c" "$@" \
        >"$tmp/out" 2>&1 || fail "train: $(cat "$tmp/out")"
}
rows() { # EXPECTED WORD...
    expected=$1
    shift
    "$TAPELESS" predict "$tmp/add.lua" --engine interpreter -c "$tmp/c" "$@" >"$tmp/rows" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
    [ "$(tr '\n' ' ' <"$tmp/rows")" = "$expected " ] || fail "$*: $(tr '\n' ' ' <"$tmp/rows") and not $expected"
}
refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" predict "$tmp/add.lua" --engine interpreter -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
train "$tmp/past.csv"
rows "row,y 2,11 3,13 4,16 5,20" --data "$tmp/past.csv"
rows "row,y 2,11 3,13 4,16 5,20" --data "$tmp/past.csv" --horizon 1
rows "row,y 2,11 3,13 4,16 5,20 6,25 7,31 8,38" --data "$tmp/tail.csv" --horizon 4
rows "row,y 2,11 3,13 4,16 5,20 6,25 7,31" --data "$tmp/tail.csv" --horizon 3
rows "row,y 2,11 3,13 4,16 5,20 6,25 7,31 8,38" --data "$tmp/past.csv" --future "$tmp/future.csv" --horizon 4
rows 'row,day,note,y,y.actual 2,tue,b,11,11 3,wed,"c,c",13,13 4,thu,d,16,16 5,fri,e,20, 6,sat,,25, 7,sun,g,31, 8,,,38,' --data "$tmp/tail.csv" --horizon 4 \
    --keep day,note --keep actual
rows 'row,day,y 2,tue,11 3,wed,13 4,thu,16 5,fri,20 6,sat,25' --data "$tmp/past.csv" --future "$tmp/future.csv" --horizon 2 --keep '"day"'
sed 's/"c,c"/c/; s/,note/,"a note, or two"/' "$tmp/past.csv" >"$tmp/comma.csv"
rows 'row,"a note, or two",y 2,b,11 3,c,13 4,d,16 5,,20' --data "$tmp/comma.csv" --keep '"a note, or two"'

refused "--horizon 5: what 'x' will be is not predicted, so 4 rows behind the end must have it, and there are 3" --data "$tmp/tail.csv" --horizon 5
refused "--horizon 3: what 'x' will be is not predicted, so 2 rows behind the end must have it, and there are 0" --data "$tmp/past.csv" --horizon 3
refused "column 'y' is empty where a number is needed" --data "$tmp/tail.csv"
sed 's/^x/z/' "$tmp/future.csv" >"$tmp/z.csv"
refused "z.csv: there is no column 'x'; there are z, day" --data "$tmp/past.csv" --future "$tmp/z.csv" --horizon 3
sed 's/^6/six/' "$tmp/future.csv" >"$tmp/z.csv"
refused "z.csv:3: column 'x' has 'six' where a number is needed" --data "$tmp/past.csv" --future "$tmp/z.csv" --horizon 3
sed 's/,11$/,/' "$tmp/tail.csv" >"$tmp/z.csv"
refused "z.csv:3: column 'y' is empty where a number is needed; only at the end of a sequence" --data "$tmp/z.csv" --horizon 3
sed 's/,1[0-9]$/,/' "$tmp/tail.csv" >"$tmp/z.csv"
refused "has no row in which what is predicted is there" --data "$tmp/z.csv" --horizon 3
refused "--future $tmp/future.csv: it has what is known of the rows that --horizon N predicts" --data "$tmp/past.csv" --future "$tmp/future.csv"
refused "--future: there are 2 files of it and 1 of --data" --data "$tmp/past.csv" --future "$tmp/future.csv" --future "$tmp/future.csv" --horizon 2
refused "--keep y: that is what is predicted; --keep actual writes what it was, as y.actual" --data "$tmp/past.csv" --keep y
refused "--keep day: it is named twice" --data "$tmp/past.csv" --keep day,day
refused "there is no column 'none'" --data "$tmp/past.csv" --keep none

# A cell that is held goes on being held behind the end.
printf '%s\n' x,day ,fri ,sat 7,sun >"$tmp/gap.csv"
rows "row,y 2,11 3,13 4,16 5,20 6,24 7,28 8,35" --data "$tmp/past.csv" --future "$tmp/gap.csv" --horizon 4 --missing hold

# What is predicted from inputs that are all known: the rows ahead alone.
cat >"$tmp/known.lua" <<'LUA'
return model {
  input = real(1), target = real(1), params = { a = param({ 1 }, 2) },
  step = function(p, x) return p.a * x end, loss = mse, tbptt = { k1 = 2, k2 = 2 },
}
LUA
"$TAPELESS" train "$tmp/known.lua" --engine interpreter --data "$tmp/past.csv" --input x --target y --no-standardise --lr 0 --steps 1 -q -c "$tmp/k" >"$tmp/out" 2>&1 ||
    fail "train: $(cat "$tmp/out")"
"$TAPELESS" predict "$tmp/known.lua" --engine interpreter --data "$tmp/past.csv" -c "$tmp/k" --future "$tmp/future.csv" --horizon 2 >"$tmp/rows" || fail "--ahead 0"
[ "$(tr '\n' ' ' <"$tmp/rows")" = "row,y 1,2 2,4 3,6 4,8 5,10 6,12 " ] || fail "--ahead 0: $(cat "$tmp/rows")"
"$TAPELESS" predict "$tmp/known.lua" --engine interpreter --data "$tmp/past.csv" -c "$tmp/k" --future "$tmp/future.csv" --horizon 4 >"$tmp/rows" 2>"$tmp/err" && fail "a fourth row"
grep -qF "so 4 rows behind the end must have it, and there are 3" "$tmp/err" || fail "$(cat "$tmp/err")"

# Sequences, interleaved: each goes on for itself, by rows of its own name.
printf '%s\n' id,x,y a,1,10 b,1,100 a,2,11 b,2,101 a,3,13 b,3,103 c,5,50 c,6,55 a,4,16 >"$tmp/many.csv"
printf '%s\n' id,x b,4 c,7 a,5 c,8 b,5 a,6 >"$tmp/ahead.csv"
train "$tmp/many.csv" --sequence id --valid 0.2
for threads in 1 3; do
    rows "id,row,y a,3,11 a,5,13 a,9,16 a,10,20 a,11,25 a,12,31 b,4,101 b,6,103 b,7,106 b,8,110 b,9,115 c,8,55 c,9,61 c,10,68 c,11,76" \
        --data "$tmp/many.csv" --future "$tmp/ahead.csv" --horizon 3 --threads $threads
done
sed 's/$/,/' "$tmp/ahead.csv" | tail -n +2 | cat "$tmp/many.csv" - >"$tmp/tails.csv"
rows "id,row,x,y a,3,2,11 a,5,3,13 a,9,4,16 a,12,5,20 a,15,6,25 a,16,,31 b,4,2,101 b,6,3,103 b,10,4,106 b,14,5,110 b,15,,115 c,8,6,55 c,11,7,61 c,13,8,68 c,14,,76" \
    --data "$tmp/tails.csv" --horizon 3 --keep x
grep -v '^b,5' "$tmp/ahead.csv" >"$tmp/short.csv"
refused "2 rows behind the end of the sequence 'b' must have it, and there is 1" --data "$tmp/many.csv" --future "$tmp/short.csv" --horizon 3
sed 's/^c/d/' "$tmp/ahead.csv" >"$tmp/other.csv"
refused "the sequence 'd' is not in $tmp/many.csv" --data "$tmp/many.csv" --future "$tmp/other.csv" --horizon 3
refused "tells sequences apart and it does not" --data "$tmp/many.csv" --future "$tmp/future.csv" --horizon 3
rows "id,row,y a,3,11 a,5,13 a,9,16 a,10,20 a,11,25 a,12,31 b,4,101 b,6,103 b,7,106 b,8,110 b,9,115 c,8,55 c,9,61 c,10,68 c,11,76" \
    --data "$tmp/many.csv" --future "$tmp/ahead.csv" --horizon 3 --plot "$tmp/p.svg"
[ "$(grep -c -e '>a<' -e '>b<' -e '>c<' "$tmp/p.svg")" = 3 ] || fail "the picture has other panels"
grep -q '>held out<' "$tmp/p.svg" || fail "nothing says what grey is"
# Of one sequence what is held out stands on grey, and the forecast is there.
train "$tmp/past.csv" --valid 0.7
rows "row,y 2,11 3,13 4,16 5,20 6,25 7,31 8,38" --data "$tmp/past.csv" --future "$tmp/future.csv" --horizon 4 --plot "$tmp/p.svg"
grep -q '>held out<' "$tmp/p.svg" && grep -q '>forecast<' "$tmp/p.svg" || fail "the picture of one sequence"

# Rows of --future with times stand where these say: those that the table has are passed over, and behind it none is missing.
dated() { # MONTH FIRST ROW...: rows with a day each before them
    month=$1 day=$2
    shift 2
    for row; do
        printf '2024-%02d-%02d,%s\n' "$month" "$day" "$row"
        day=$((day + 1))
    done
}
{ echo when,x,y; dated 2 1 1,10 2,11 3,13 4,16; } >"$tmp/days.csv"
ahead() { # FILE MONTH FIRST ROW...
    file=$1
    shift
    { echo when,x; dated "$@"; } >"$tmp/$file"
}
train "$tmp/days.csv" --time when
expected="when,row,y 2024-02-02,2,11 2024-02-03,3,13 2024-02-04,4,16 2024-02-05,,20 2024-02-06,,25 2024-02-07,,31"
ahead right.csv 2 5 5 6 7
ahead overlaps.csv 2 3 90 91 5 6 7
for file in right overlaps; do rows "$expected" --data "$tmp/days.csv" --future "$tmp/$file.csv" --horizon 3; done
ahead late.csv 2 7 5 6 7
refused "late.csv:2: the row is of 2024-02-07, and what goes on behind 2024-02-04, where $tmp/days.csv ends, is of 2024-02-05" --data "$tmp/days.csv" --future "$tmp/late.csv" --horizon 3
ahead old.csv 1 1 5 6 7
refused "old.csv:2: the row is of 2024-01-01, and" --data "$tmp/days.csv" --future "$tmp/old.csv" --horizon 3
{ cat "$tmp/right.csv"; dated 2 9 8; } >"$tmp/hole.csv"
refused "hole.csv:5: the row is of 2024-02-09, and what goes on behind 2024-02-04, where $tmp/days.csv ends, is of 2024-02-08" --data "$tmp/days.csv" --future "$tmp/hole.csv" --horizon 3
cut -d, -f2 "$tmp/late.csv" >"$tmp/timeless.csv"
rows "$expected" --data "$tmp/days.csv" --future "$tmp/timeless.csv" --horizon 3
# Behind a single row rows are as far apart as those that were trained on.
sed -n '1p;$p' "$tmp/days.csv" >"$tmp/single.csv"
rows "when,row,y 2024-02-05,,20 2024-02-06,,25" --data "$tmp/single.csv" --future "$tmp/right.csv" --horizon 2
finish
