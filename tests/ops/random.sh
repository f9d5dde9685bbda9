#!/bin/sh
# Random cells: what the compiler makes of 40 operations drawn by a seed is what the interpreter
# makes of them.
set -u
status=0
for seed in 1 2 3 4 5 6 7 8 47 125; do
    lanes=$((seed % 3 + 1))
    out=$("$TAPELESS" diff tests/ops/random.lua -p f64 -D seed=$seed -D batch=$lanes 2>&1)
    result=$?
    [ $result = 0 ] && continue
    status=1
    echo "FAILED: seed $seed, $lanes lanes:"
    echo "$out" | grep -v ' [0-9.]*e-[0-9]*$' | head -n 20
done
exit $status
