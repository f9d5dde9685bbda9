#!/bin/sh
# agree.sh NAME - tests/ops/NAME.lua: generated code, interpreter and finite differences agree, with
# one lane and with three, in both precisions, in one of them with sequences that start and padding
# inside the window.
#
# The seeds are such that no case's gradient, often a single number, is a small difference of large ones
# (in f32, 3) and no maximum is within a step of another (2).
set -u
spec=tests/ops/$1.lua
status=0

run() {
    out=$("$TAPELESS" "$@" 2>&1)
    result=$?
    echo "$out" | tail -n 1
    [ $result = 0 ] || { status=1; echo "$out" | grep -v ' [0-9.]*e-[0-9]*$' | head -n 40; }
}

run diff "$spec" -p f32 -D batch=1 --seed 3
run diff "$spec" -p f64 -D batch=3 --seed 2 --resets --masks
# Gradients that are cut on purpose, and kinks, are no derivatives.
[ "$1" = kinks ] || run check "$spec" -D batch=3 --seed 2 --resets --masks
exit $status
