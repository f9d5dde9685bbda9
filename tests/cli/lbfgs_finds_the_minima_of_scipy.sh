# L-BFGS ends at the costs that SciPy's L-BFGS-B found from the same starts on the same data (tests/scipy/minima.py):
# whatever the engine, the shards, the threads, the overlap and the windows, as long as these reach back to the start.
. tests/cli/common.sh

minimum() { # NAME: its line of minima.txt
    grep "^$1 " tests/scipy/minima.txt
}

ends_there() { # NAME, TARGET, options...: within 1e-8 of the cost
    name=$1 target=$2
    shift 2
    "$TAPELESS" train "tests/scipy/$name.lua" --data tests/scipy/data.csv --input u --target "$target" --raw u \
        --raw "$target" --valid 0 -p f64 -q --json --overwrite -c "$tmp/$name" "$@" >"$tmp/out" 2>"$tmp/err" ||
        fail "$name $*: $(cat "$tmp/err")"
    cost=$(sed -n 's/^ *"cost": \(.*\),$/\1/p' "$tmp/out")
    grep -qE '"stopped": "(gradient|step|cost|no_decrease)"' "$tmp/out" ||
        fail "$name $*: it did not end: $(cat "$tmp/out")"
    minimum "$name" | awk -v cost="$cost" '{ d = cost / $2 - 1; exit !(cost > 0 && d < 1e-8 && d > -1e-8) }' ||
        fail "$name $*: a cost of $cost, and SciPy's is $(minimum "$name")"
}

ends_there arx d
ends_there elman d
ends_there tank y
ends_there elman d --engine interpreter
ends_there elman d --shards 2 --threads 2
ends_there elman d --set train.optimizer.history=4
ends_there elman d --k1 20
ends_there elman d --k1 7 --set tbptt.overlap=retain
ends_there elman d --k1 1 --set tbptt.overlap=versions
ends_there arx d --k1 3 -O none
ends_there arx d --k1 1 --k2 1 --set tbptt.learn=rtrl
ends_there tank y --k1 1 --set tbptt.reduce=sum

# Truncated windows have another gradient, so the cost is not at its lowest.
"$TAPELESS" train tests/scipy/arx.lua --data tests/scipy/data.csv --input u --target d --raw u --raw d --valid 0 \
    -p f64 --k2 4 --k1 4 --json -c "$tmp/short" >"$tmp/out" 2>"$tmp/err"
[ "$(grep -c 'the gradient is truncated to k2 = 4 steps' "$tmp/err")" = 1 ] ||
    fail "truncation is not said once: $(cat "$tmp/err")"
cost=$(sed -n 's/^ *"cost": \(.*\),$/\1/p' "$tmp/out")
minimum arx | awk -v cost="$cost" '{ exit !(cost > $2 * 1.001) }' ||
    fail "the truncated gradient leads to the same cost, $cost"

"$TAPELESS" train tests/scipy/arx.lua --data tests/scipy/data.csv --input u --target d --raw u --raw d --valid 0 \
    -p f64 --k2 1 --k1 1 --set tbptt.learn=immediate --steps 3 -c "$tmp/own" >"$tmp/out" 2>"$tmp/err"
grep -q 'the gradient of learn = "immediate" is not that of the cost' "$tmp/err" || fail "immediate: $(cat "$tmp/err")"
finish
