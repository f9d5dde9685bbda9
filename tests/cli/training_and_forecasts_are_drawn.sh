# train --plot and predict --plot make pictures with a point a row, of files of any name; without
# gnuplot training goes on and says so.
. tests/cli/common.sh
data=models/data/sunspots.csv
name="$tmp/it's \"a\` \$(touch x).svg"

points() { # FILE COLOUR
    tr '\n' ' ' <"$1" | grep -o "<path stroke='rgb($2)'[^>]*>" | grep -o '[ML][0-9]' | wc -l
}

"$TAPELESS" train models/sunspots.lua --data $data --epochs 4 --checkpoint "$tmp/c" --plot "$name" >/dev/null 2>&1 ||
    fail "train --plot"
# 4 epochs of 26 updates, and 2 points of the legend
n=$(points "$name" '185, 207, 232')
[ "$n" = 106 ] || fail "the picture of 104 updates has $n points with the legend's two"
grep -q validation "$name" || fail "no validation in the picture"

"$TAPELESS" predict models/sunspots.lua --data $data -c "$tmp/c" --horizon 20 --plot "$tmp/f.svg" >"$tmp/rows" || fail "predict --plot"
n=$(points "$tmp/f.svg" '160, 160, 160')
[ "$n" = 202 ] || fail "the picture of the last ten horizons, 200 of 309 rows, has $n points with the legend's two"
grep -q '>table, the last 200 of 309 rows<' "$tmp/f.svg" || fail "nothing says which rows are left out"
n=$(points "$tmp/f.svg" '209,  73,  91')
[ "$n" = 23 ] || fail "the forecast of 20 rows, with the last known one and the legend's two, has $n points"
grep -q '>year<' "$tmp/f.svg" || fail "the years are not along the axis"

shown() { # ROWS OPTIONS...: grey points, without the legend's
    rows=$1
    shift
    "$TAPELESS" predict models/sunspots.lua --data $data -c "$tmp/c" --plot "$tmp/g.svg" "$@" >/dev/null || fail "predict $*"
    n=$(points "$tmp/g.svg" '160, 160, 160')
    [ "$n" = $((rows + 2)) ] || fail "predict $*: $((n - 2)) rows instead of $rows"
}
shown 309
grep -q '>table<' "$tmp/g.svg" || fail "rows are said to be left out where none are"
shown 100 --horizon 3
shown 30 --horizon 20 --last 30
shown 30 --last 30
shown 309 --horizon 20 --last 1000
"$TAPELESS" predict models/sunspots.lua --data $data -c "$tmp/c" --last 30 >/dev/null 2>"$tmp/err" && fail "--last without --plot"
grep -q -e '--last: it is for --plot' "$tmp/err" || fail "$(cat "$tmp/err")"

# Pictures come before what is printed: its reader may leave.
left() { # FILE WORD...: a command whose output nobody reads
    picture=$1
    shift
    rm -f "$picture"
    { sleep 0.2; "$TAPELESS" "$@" 2>"$tmp/err"; } | true
    grep -q "</svg>" "$picture" || fail "no picture of $*, which is read by none: $(cat "$tmp/err")"
}
spec="models/sunspots.lua --data $data -c $tmp/c"
# shellcheck disable=SC2086
{
    left "$tmp/l.svg" eval $spec --plot "$tmp/l.svg"
    left "$tmp/l.svg" eval $spec --residuals "$tmp/l.svg"
    left "$tmp/l.svg" eval $spec --backtest 4 --plot "$tmp/l.svg"
    left "$tmp/l.svg" predict $spec --plot "$tmp/l.svg"
    left "$tmp/l.svg" lags $spec --plot "$tmp/l.svg"
}

# A path with what building the trainer needs, but no gnuplot.
mkdir "$tmp/bin"
for tool in cc gcc as ld; do
    ln -s "$(command -v $tool)" "$tmp/bin/$tool"
done
PATH="$tmp/bin" "$TAPELESS" train models/sunspots.lua --data $data --checkpoint "$tmp/d" --plot "$tmp/d.svg" >/dev/null 2>"$tmp/err" &&
    fail "status 0 without the picture that was asked for"
[ -e "$tmp/d" ] || fail "training stopped because gnuplot is missing"
grep -q "the training goes on without a picture" "$tmp/err" || fail "nothing says that gnuplot is missing"
[ ! -e "$tmp/d.svg" ] || fail "a picture without gnuplot"

PATH="$tmp/bin" "$TAPELESS" eval models/sunspots.lua --data $data -c "$tmp/c" --plot "$tmp/d.svg" >"$tmp/out" 2>"$tmp/err" && fail "eval without gnuplot: status 0"
grep -q '^loss' "$tmp/out" && grep -q 'gnuplot-nox' "$tmp/err" || fail "eval without gnuplot has no scores: $(cat "$tmp/out" "$tmp/err")"
PATH="$tmp/bin" "$TAPELESS" predict models/sunspots.lua --data $data -c "$tmp/c" --plot "$tmp/d.svg" >"$tmp/out" 2>"$tmp/err" && fail "predict without gnuplot: status 0"
[ "$(wc -l <"$tmp/out")" -gt 300 ] && grep -q 'gnuplot-nox' "$tmp/err" || fail "predict without gnuplot has no rows: $(cat "$tmp/err")"

"$TAPELESS" train models/sunspots.lua --data $data --checkpoint "$tmp/e" --plot "$tmp/e.pdf" >/dev/null 2>"$tmp/err" && fail "a .pdf was taken"
grep -q "ends in .svg or .png" "$tmp/err" || fail "nothing says what a picture's name is"
[ ! -e "$tmp/e" ] || fail "a checkpoint was written although the picture's name is wrong"
finish
