#!/bin/sh
# agree.sh NAME - tests/ops/NAME.lua: generated code, interpreter and finite differences agree, with
# one lane and with three, in both precisions, in one of them with sequences that start and padding
# inside the window.
#
# In f32 a ratio of 1e-5 is allowed, not 2e-6: a parameter is one small case here, and in some of
# them what is left of the gradient is the difference of larger numbers. Likewise 1e-6 for finite
# differences: the steps' own error is relative to the curvature, not to such a gradient.
set -u
spec=tests/ops/$1.lua
status=0

run() {
    out=$("$TAPELESS" "$@" 2>&1)
    result=$?
    echo "$out" | tail -n 1
    [ $result = 0 ] || { status=1; echo "$out" | grep -v ' [0-9.]*e-[0-9]*$' | head -n 40; }
}

run diff "$spec" -p f32 -D batch=1 -t 1e-5
run diff "$spec" -p f64 -D batch=3 --resets --masks
# Gradients that are cut on purpose, and kinks, are no derivatives.
[ "$1" = kinks ] || run check "$spec" -D batch=3 --resets --masks -t 1e-6
exit $status
