# Where steps are kept, what an older step computed of parameters is of their day, and what is computed
# today is of today's, even where both are the same expression: sin(a) that a step kept is not the
# derivative of today's cos(a). A head sees of older steps what they left: the state that was a parameter
# as it was, an output that is a parameter as the step's weights are seen (retain: today's). The engines
# agree on a window whose weights have moved, and on trainings, in which steps move through the window.
. tests/cli/common.sh
awk 'BEGIN { print "x,y"; for (t = 1; t <= 14; t++) print (t * 7 % 5 - 2) / 4 "," (t * 5 % 7 - 3) / 4 }' >"$tmp/data.csv"

train() { # ENGINE OPTIONS...
    engine=$1
    shift
    "$TAPELESS" train tests/overlap/day.lua --engine "$engine" --precision f64 --data "$tmp/data.csv" --input x,y \
        --target x,y --no-standardise --valid 0 --epochs 1 --quiet --overwrite --checkpoint "$tmp/$engine" "$@" \
        >"$tmp/said" 2>&1 || { cat "$tmp/said"; fail "$engine $*"; }
}

for head in "" cosine output stack state; do
    for overlap in recompute retain versions; do
        "$TAPELESS" diff tests/overlap/day.lua -p f64 -D head=$head -D overlap=$overlap >"$tmp/said" 2>&1 ||
            fail "a window, head '$head', $overlap: $(grep -e '<-- over' -e DIFFER "$tmp/said" | head -n 3)"
        for k1 in 1 2; do
            train generated -D head=$head -D overlap=$overlap -D k1=$k1
            train interpreter -D head=$head -D overlap=$overlap -D k1=$k1
            "$BUILD/tests/compare" "$tmp/generated" "$tmp/interpreter" 1e-12 U a state >"$tmp/said" ||
                { cat "$tmp/said"; fail "a training, head '$head', $overlap, k1 = $k1"; }
        done
    done
done
finish
