# train --log with --resume: rows of updates that the checkpoint does not know are dropped, so that a training
# that was killed and goes on logs every update once, with the numbers of one that was never stopped.
. tests/cli/common.sh
awk 'BEGIN { print "x"; for (t = 1; t <= 400; t++) print ((t * 7) % 5 - 2) / 4 }' >"$tmp/x.csv"
"$TAPELESS" build tests/overlap/cell.lua -o "$tmp" >/dev/null
train() { # CHECKPOINT LOG options...
    checkpoint=$1 log=$2
    shift 2
    "$tmp/cell" train --data "$tmp/x.csv" --no-standardise --valid 0 --epochs 100000 --checkpoint "$checkpoint" --log "$log" \
        "$@" >/dev/null 2>"$tmp/err"
}
runs() { train "$@" || { cat "$tmp/err"; fail "train $*"; }; }
counted() { # LOG: the updates must be 1, 2, 3 ... to the last; prints it
    awk -F, 'NR == 1 { cells = NF; next } $1 != NR - 1 || NF != cells { print "row " NR - 1 " is " $0; exit 1 }
             END { print $1 }' "$1"
}

runs "$tmp/whole" "$tmp/whole.csv" --steps 30
runs "$tmp/c" "$tmp/log.csv" --steps 10
cp "$tmp/c" "$tmp/ten"
runs "$tmp/c" "$tmp/log.csv" --steps 25 --resume
cp "$tmp/ten" "$tmp/c"
for torn in '' '26,1' '9'; do # as a kill may leave it: the end of a row is not there yet
    cp "$tmp/ten" "$tmp/c"
    printf '%s' "$torn" >>"$tmp/log.csv"
    runs "$tmp/c" "$tmp/log.csv" --steps 30 --resume
    cmp -s "$tmp/whole.csv" "$tmp/log.csv" || fail "'$torn' at its end: $(diff "$tmp/whole.csv" "$tmp/log.csv" | head -n 5)"
done
# A log that is just as long as the checkpoint stays the file that it is, and so does one that is shorter.
before=$(stat -c %i "$tmp/log.csv")
runs "$tmp/c" "$tmp/log.csv" --steps 31 --resume
[ "$(stat -c %i "$tmp/log.csv")" = "$before" ] || fail "the log was written anew for nothing"
: >"$tmp/new.csv"
runs "$tmp/c" "$tmp/new.csv" --steps 32 --resume
[ "$(wc -l <"$tmp/new.csv")" = 2 ] || fail "an empty log has $(wc -l <"$tmp/new.csv") lines after an update"

# Another file is no log.
printf 'year,x\n1,2\n1000,3\n' >"$tmp/table.csv"
cp "$tmp/table.csv" "$tmp/table.before"
train "$tmp/c" "$tmp/table.csv" --steps 40 --resume && fail "a table is taken for a log"
grep -qF "$tmp/table.csv: it is not the log of a training" "$tmp/err" || fail "its sentence: $(cat "$tmp/err")"
cmp -s "$tmp/table.csv" "$tmp/table.before" || fail "the table is not what it was"

# Killed for real, in calls without a pattern.
runs "$tmp/k" "$tmp/k.csv" --steps 1
for moment in 1 2 3 4 5 6 7 8 9 10 11 12; do
    status=0
    LD_PRELOAD="$BUILD/tests/kill_at.so" KILL_AT=$(((moment * 37) % 60 + 20)) "$tmp/cell" train --data "$tmp/x.csv" \
        --no-standardise --valid 0 --steps 100000 --checkpoint "$tmp/k" --log "$tmp/k.csv" --resume --save-updates 97 \
        --quiet >/dev/null 2>"$tmp/err" || status=$?
    [ $status = 137 ] || fail "moment $moment: exit status $status, not 137: $(cat "$tmp/err")"
done
last=$("$tmp/cell" train --data "$tmp/x.csv" --no-standardise --valid 0 --steps 1 --checkpoint "$tmp/k" --log "$tmp/k.csv" \
    --resume --quiet --json | sed -n 's/.*"updates": \([0-9]*\).*/\1/p')
[ "$last" -gt 100 ] || fail "after 12 trainings there are $last updates"
[ "$(counted "$tmp/k.csv")" = "$last" ] || fail "of $last updates: $(counted "$tmp/k.csv")"
runs "$tmp/never" "$tmp/never.csv" --steps "$last"
cmp -s "$tmp/k.csv" "$tmp/never.csv" || fail "$(diff "$tmp/k.csv" "$tmp/never.csv" | head -n 5)"
echo "$last updates"
finish
