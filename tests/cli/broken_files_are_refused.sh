# Truncated and bit-flipped checkpoints, and malformed CSV: a sentence and exit status 2 (never a
# crash, never success with numbers that are not there), within 10 seconds; and the file that was
# there stays as it was.
. tests/cli/common.sh
make_text "$tmp/text"
# shellcheck disable=SC2086 # $small is several words
"$TAPELESS" build $small -o "$tmp"
"$TAPELESS" build models/sunspots.lua -o "$tmp"
text=$tmp/charlstm
table=$tmp/sunspots
"$text" train --data "$tmp/text" --steps 3 --checkpoint "$tmp/good" --quiet >/dev/null
size=$(wc -c <"$tmp/good")

refused() { # WHAT COMMAND...: exit status 2, and one sentence
    what=$1
    shift
    status=0
    timeout -s KILL 300 "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "$what: exit status $status, not 2: $(head -c 300 "$tmp/err")"
    [ "$(grep -c . "$tmp/err")" = 1 ] || fail "$what: not one sentence: $(head -c 300 "$tmp/err")"
}

# Any use of the broken checkpoint; it must not be replaced either.
try_checkpoint() { # WHAT
    cp "$tmp/bad" "$tmp/before"
    refused "$1, sample" "$text" sample --checkpoint "$tmp/bad" --length 5
    refused "$1, resume" "$text" train --data "$tmp/text" --checkpoint "$tmp/bad" --resume --steps 9 --quiet
    refused "$1, begin anew" "$text" train --data "$tmp/text" --checkpoint "$tmp/bad" --steps 1 --quiet
    cmp -s "$tmp/bad" "$tmp/before" || fail "$1: the file was changed"
}

for part in 0 1 7 8 9 100 $((size / 3)) $((size - 5000)) $((size - 1)); do
    head -c "$part" "$tmp/good" >"$tmp/bad"
    try_checkpoint "cut after $part bytes"
done

# A bit of the header's length, and of its JSON: refused, or what it says still holds.
flip() { # OFFSET BIT
    cp "$tmp/good" "$tmp/bad"
    byte=$(od -An -tu1 -j "$1" -N 1 "$tmp/good")
    # shellcheck disable=SC2059 # an octal escape is what is wanted
    printf "\\$(printf %o $((byte ^ (1 << $2))))" | dd of="$tmp/bad" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
for offset in 0 1 2 3 7; do
    flip $offset $((offset % 8))
    try_checkpoint "bit $((offset % 8)) of byte $offset flipped"
done
# Anywhere else: the checksum notices, unless the flip took away the word that says there is one.
crashes=0 unnoticed=0
for i in $(seq 1 80); do
    flip $((8 + (i * 9973) % (size - 8))) $((i % 8))
    status=0
    timeout -s KILL 300 "$text" sample --checkpoint "$tmp/bad" --length 5 >/dev/null 2>"$tmp/err" || status=$?
    [ $status = 2 ] || [ $status = 0 ] || { crashes=$((crashes + 1)); head -c 200 "$tmp/err"; }
    [ $status = 2 ] || unnoticed=$((unnoticed + 1))
done
[ $crashes = 0 ] || fail "$crashes of 80 flipped bits ended neither well nor with a sentence"
[ $unnoticed -le 1 ] || fail "$unnoticed of 80 flipped bits were not noticed"

# CSV
row() { i=1; while [ $i -le 400 ]; do echo "$i,$((i % 11))"; i=$((i + 1)); done; }
csv() { # WHAT: stdin is the file
    cat >"$tmp/bad.csv"
    refused "CSV: $1" "$table" train --data "$tmp/bad.csv" --input sunspots --target sunspots --steps 1 \
        --checkpoint "$tmp/none" --quiet
    [ ! -e "$tmp/none" ] || fail "CSV: $1: a checkpoint was written"
}
: | csv "empty"
echo year,sunspots | csv "no rows"
{ echo year,sunspots; row; echo 401; } | csv "a row too short"
{ echo year,sunspots; row; echo 401,2,3; } | csv "a row too long"
{ echo year,sunspots; row; echo 401,many; } | csv "a word for a number"
{ echo year,sunspots; row; echo 401,nan; } | csv "not a number"
{ echo year,sunspots; row; echo 401,1e999; } | csv "infinite"
{ echo year,sunspots; row; echo '401,"7'; } | csv "an open quote"
{ echo year,spots; row; } | csv "another column"
{ echo year,sunspots,sunspots; row | sed 's/$/,1/'; } | csv "a column twice"
head -c 3000 /dev/zero | csv "zeros"
refused "CSV: a directory" "$table" train --data "$tmp" --steps 1 --checkpoint "$tmp/none" --format csv --quiet
refused "CSV: not there" "$table" train --data "$tmp/nowhere.csv" --steps 1 --checkpoint "$tmp/none" --quiet
finish
