# Tables as spreadsheets, pandas, R and people write them: what is plain is read, and said; what is not gets a
# sentence with file, line, cell and the option that reads it. Never other columns than were meant.
. tests/cli/common.sh
F=tests/faults

train() { # SPEC options...: what is said on stderr to $tmp/err
    spec=$1
    shift
    "$TAPELESS" train "$spec" --engine interpreter --steps 4 -c "$tmp/c" --overwrite "$@" >"$tmp/out" 2>"$tmp/err"
}
reads() { # TEXT SPEC options...
    text=$1
    shift
    train "$@" || fail "train $*: $(cat "$tmp/err")"
    grep -qF -- "$text" "$tmp/err" || fail "train $*: '$text' is not in $(cat "$tmp/err")"
}
refuses() { # TEXT SPEC options...
    text=$1
    shift
    status=0
    rm -f "$tmp/c"
    train "$@" || status=$?
    [ $status = 2 ] || fail "train $*: exit status $status"
    grep -qF -- "$text" "$tmp/err" || fail "train $*: '$text' is not in $(cat "$tmp/err")"
    [ ! -e "$tmp/c" ] || fail "train $*: a checkpoint was written"
}

# One NA made the inputs a, c, d of a, b, c, d. With four columns of numbers it was "takes 3 columns, not 3".
na="$F/na_column.lua"
refuses "$F/na_column.csv:14: column 'b' has 'NA' where a number is needed; --missing hold" $na --data $F/na_column.csv
refuses "$F/na_column4.csv:14: column 'b' has 'NA' where a number is needed; --missing hold" $na --data $F/na_column4.csv
refuses "$F/na_column.csv: the model's input takes 3 columns and its target 1, 4 in all, and 5 columns of numbers are there: a, b, c, d, y; date ('2020-01-0') left out: no number in it; choose with --input and --target" \
    $na --data $F/na_column.csv --missing hold
reads "inputs a, b, c; targets y, 0 rows ahead; all standardised; date ('2020-01-0') left out: no number in it; 1 missing cell of inputs held;" \
    $na --data $F/na_column4.csv --missing hold
reads "inputs a, c, d; targets y" $na --data $F/na_column.csv --input a,c,d --target y
reads "inputs c, b and 1 indicator; targets y" $na --data $F/na_column.csv --input c,b --target y --missing zero,indicator

# Rows of three stores in turns were 300 sequences of one step.
uv="$F/uv.lua"
reads "the rows of 3 interleaved sequences put together; 2 sequences in 2 lanes of 100 steps (0% padding) to train on, 1 sequence in 1 lane of 100" \
    $uv --data $F/panel.csv --sequence store --input u --target v
reads "inputs u; targets v" $uv --data $F/bom_quoted.csv
reads "inputs u; targets v, 0 rows ahead; all standardised; the first column, an index, is left out; 2 steps" $uv --data $F/pandas_index.csv
reads "cells are separated by ';', numbers have a decimal comma; " $uv --data $F/semicolon.csv
refuses "$F/nan.csv:62: column 'u' has 'nan' where a number is needed" $uv --data $F/nan.csv
refuses "$F/nan.csv:62: column 'u' has 'nan' where a number is needed; --missing mask is about targets" $uv --data $F/nan.csv --missing mask
reads "1 missing cell of inputs held; 1 of 200 steps without a target, which does not count; 90 steps in 2 lanes" $uv --data $F/nan.csv --missing hold
refuses "$F/nh.csv:1: the first row holds numbers, '1.0' and so on, and not the names of the columns: --no-header" $uv --data $F/nh.csv
reads "inputs 1; targets 2, 0 rows ahead; all standardised; 2 steps" $uv --data $F/nh.csv --no-header
reads "inputs 2; targets 1" $uv --data $F/nh.csv --no-header --input 2 --target 1
reads "inputs 1.0; targets 2.0" $uv --data $F/nh.csv --header
refuses "$F/d_huge.csv:3: column 'sunspots' has 1e+308, and -1e+308 in $F/d_huge.csv:4: too far apart" models/sunspots.lua --data $F/d_huge.csv

# The names of files, and files behind files.
tail -c +4 $F/bom_quoted.csv | tr -d '"' >"$tmp/plain"
for name in T.CSV t.Tsv; do
    tr , '\t' <"$tmp/plain" >"$tmp/$name"
    reads "inputs u; targets v, 0 rows ahead; all standardised; cells are separated by tab; " $uv --data "$tmp/$name"
done
for name in t.csv.gz t.CSV.GZ t.tsv.gz really.csv; do
    gzip -c "$tmp/plain" >"$tmp/$name"
    reads "inputs u; targets v, 0 rows ahead; all standardised; 3 steps" $uv --data "$tmp/$name"
done
head -c 30 "$tmp/t.csv.gz" >"$tmp/cut.csv.gz"
refuses "$tmp/cut.csv.gz: it is cut short" $uv --data "$tmp/cut.csv.gz"
{ printf '\377\376' && sed 's/./&\x00/g' "$tmp/plain"; } >"$tmp/wide.csv"
refuses "$tmp/wide.csv: it is UTF-16" $uv --data "$tmp/wide.csv"
printf 'PAR1\025\004\000PAR1' >"$tmp/t.parquet"
refuses "$tmp/t.parquet: it is a Parquet file: save it as CSV, or use Python, where tapeless.train(SPEC, FILE) and the like read it" \
    $uv --data "$tmp/t.parquet"
"$TAPELESS" data "$tmp/t.parquet" >"$tmp/out" 2>"$tmp/err" && fail "data shows a Parquet file: $(cat "$tmp/out")"
grep -q "t.parquet: it is a Parquet file" "$tmp/err" || fail "data of a Parquet file: $(cat "$tmp/err")"
sed 's/$/\r/' "$tmp/plain" >"$tmp/crlf.csv"
reads "inputs u; targets v, 0 rows ahead; all standardised; 3 steps" $uv --data "$tmp/crlf.csv"
tr '\n' '\r' <"$tmp/plain" >"$tmp/cr.csv"
reads "inputs u; targets v, 0 rows ahead; all standardised; 3 steps" $uv --data "$tmp/cr.csv"
cp "$tmp/plain" "$tmp/table.txt"
refuses "a text is for models that take one token and predict one token; uv takes a .csv or .safetensors file" $uv --data "$tmp/table.txt"
reads "inputs u; targets v" $uv --data "$tmp/table.txt" --format csv

# Two files with sequences of one name are two sequences.
reads "3 sequences in 2 lanes of 200 steps (25% padding) to train on, 3 sequences in 2 lanes of 200" \
    $uv --data $F/panel.csv --data $F/panel.csv --sequence store --valid 0.4

# An option that would do nothing is refused.
"$TAPELESS" train $uv --engine interpreter --steps 4 -c "$tmp/c" --overwrite --data $F/bom_quoted.csv --quiet >/dev/null
for wrong in "--input v" "--target u" "--ahead 3" "--missing hold,indicator"; do
    # shellcheck disable=SC2086 # $wrong is two words
    "$TAPELESS" eval $uv -c "$tmp/c" --data $F/bom_quoted.csv $wrong >/dev/null 2>"$tmp/err" && fail "eval $wrong is accepted"
    grep -q "the model was trained" "$tmp/err" || fail "eval $wrong: $(cat "$tmp/err")"
done
"$TAPELESS" eval $uv -c "$tmp/c" --data $F/bom_quoted.csv --input u --target v >/dev/null || fail "eval with the same columns"
refuses "--weight w: tests/faults/uv.lua is not a CSV file" $uv --data $uv --weight w
refuses "there is no column 'w'; there are u, v" $uv --data $F/bom_quoted.csv --weight w
finish
