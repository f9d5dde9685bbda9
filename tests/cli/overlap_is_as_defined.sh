# Every TBPTT(k1, k2) with k1, k2 in 1 .. 5: windows that ramp up, overlap, end in a tail, and steps that
# are only passed through; each way to count and reduce, each way to treat overlapping steps. Loss and
# gradient norm of every update against a rolled loop in Lua, to 1e-10, by both engines.
. tests/cli/common.sh
awk 'BEGIN { print "x"; for (t = 1; t <= 17; t++) print ((t * 7) % 5 - 2) / 4 }' >"$tmp/17.csv"

count=0
compare() { # ENGINE K1 K2 OVERLAP LOSS REDUCE T [true: the loss is apart from the next state]
    head -n $(($7 + 1)) "$tmp/17.csv" >"$tmp/x.csv"
    rm -f "$tmp/log.csv"
    "$TAPELESS" train tests/overlap/cell.lua --engine "$1" --precision f64 -D k1="$2" -D k2="$3" -D overlap="$4" \
        -D loss="$5" -D reduce="$6" -D apart="${8:-false}" --data "$tmp/x.csv" --no-standardise --valid 0 --epochs 1 --quiet --overwrite \
        --checkpoint "$tmp/c" --log "$tmp/log.csv" >/dev/null 2>"$tmp/err" || { cat "$tmp/err"; fail "$*: it did not train"; }
    luajit tests/overlap/reference.lua "$2" "$3" "$4" "$5" "$6" "$7" "$tmp/log.csv" "${8:-false}" || fail "$*"
    count=$((count + 1))
}

for k1 in 1 2 3 4 5; do
    for k2 in 1 2 3 4 5; do
        for overlap in recompute retain versions; do
            for loss in new last all; do
                for T in 1 4 17; do
                    compare interpreter $k1 $k2 $overlap $loss mean $T
                done
            done
            # Generated code: a build each, so one length and one way to count, all of which occur.
            case $(((k1 + k2) % 3)) in 0) loss=new ;; 1) loss=last ;; *) loss=all ;; esac
            compare generated $k1 $k2 $overlap $loss sum 17
        done
    done
done
for overlap in recompute retain versions; do
    for k in "1 2" "2 3" "1 5"; do
        for engine in interpreter generated; do
            # shellcheck disable=SC2086
            compare $engine $k $overlap new mean 17 true
        done
    done
done
echo "$count trainings"
finish
