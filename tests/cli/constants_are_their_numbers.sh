# A matrix of numbers is one operation however large, its numbers to the last bit, in both engines and precisions;
# what f32 cannot hold is said.
. tests/cli/common.sh
spec=tests/faults/constants.lua
tensors=$BUILD/tests/tensors

graph() { # OPTION...: its operations, and how many of them are tables
    "$TAPELESS" compile $spec "$@" -d spec >"$tmp/graph" || fail "compile $*"
    grep -c '^%' "$tmp/graph"
}
small=$(graph -D n=3) large=$(graph -D n=100)
[ "$small" = "$large" ] || fail "100 x 100 numbers are $((large - small)) operations more than 3 x 3"
[ "$(grep -c '^%[0-9]* table {100, 100}' "$tmp/graph")" = 1 ] || fail "the matrix is not one table"
[ "$(grep -c '^numbers 10000 ' "$tmp/graph")" = 1 ] || fail "its numbers do not stand once"
"$TAPELESS" compile $spec -o "$tmp/c" || fail compile
[ "$(grep -c '^static const real constant' "$tmp/c/constants.c")" = 2 ] ||
    fail "not two tables in the C: W, and what h starts at"

# Every way gives the same, though f32 rounds, and though products of nodes are summed in another order.
"$tensors" write "$tmp/data.safetensors" input 3x1x4 $(seq -0.5 0.1 0.6) -- target 3x1x1 1 -1 0.5 -- reset 3x1 0 1 0
for precision in f32 f64; do
    [ $precision = f32 ] && tolerance=2e-6 || tolerance=1e-12
    for how in const frozen trained nodes; do
        for engine in generated interpreter; do
            "$TAPELESS" train $spec -D n=4 -D how=$how --data "$tmp/data.safetensors" --precision $precision \
                --engine $engine --valid 0 --steps 6 --seed 1 --checkpoint "$tmp/$how" --overwrite --quiet >/dev/null || fail "train $how"
            [ $how-$engine = const-generated ] && cp "$tmp/const" "$tmp/first"
            [ $how = trained ] || "$BUILD/tests/compare" "$tmp/first" "$tmp/$how" $tolerance w state.h >"$tmp/said" ||
                { cat "$tmp/said"; fail "$how, $precision, $engine"; }
        done
    done
    "$TAPELESS" train $spec -D n=4 -D how=trained --data "$tmp/data.safetensors" --precision $precision \
        --valid 0 --steps 0 --checkpoint "$tmp/trained" --overwrite --quiet >/dev/null || fail "train trained"
    "$BUILD/tests/compare" "$tmp/frozen" "$tmp/trained" 1e-300 A >"$tmp/said" ||
        { cat "$tmp/said"; fail "A does not start at its numbers"; }
done
"$TAPELESS" diff $spec -D n=5 -p f64 --resets --masks >"$tmp/said" || { cat "$tmp/said"; fail diff; }
"$TAPELESS" check $spec -D n=5 --resets >"$tmp/said" || { cat "$tmp/said"; fail check; }

# The largest numbers.
for engine in generated interpreter; do
    "$TAPELESS" train $spec -D n=4 -D largest=1e300 --data "$tmp/data.safetensors" --engine $engine --steps 1 \
        --checkpoint "$tmp/never" >"$tmp/said" 2>&1 && fail "1e300 in f32"
    [ $? = 2 ] || fail "exit status for 1e300 in f32"
    grep -q 'constants.lua: 1e+300 stands in a table of numbers, and f32 ends at 3.40282e+38; --precision f64 holds it' "$tmp/said" ||
        fail "of 1e300 in f32 is said: $(cat "$tmp/said")"
done
"$TAPELESS" compile $spec -p f64 -D n=4 -D largest=1e300 -o "$tmp/c" || fail "1e300 in f64"
grep -q '1e+300' "$tmp/c/constants.c" || fail "1e300 is not in the C"
finish
