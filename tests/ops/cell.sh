#!/bin/sh
# cell.sh CELL - a cell of tests/torch/cells.lua, in two layers if it has any: generated code, interpreter, finite
# differences and forward mode agree, with sequences that start and padding inside the window; and where the recurrence is
# element by element learn = "diagonal" does as well, and elsewhere is refused. Compiled as fast as can be.
# shellcheck disable=SC2086 # options are words
set -u
spec="tests/torch/cells.lua -D cell=$1 -D zone=0.3"
case $1 in
lru | esn) layers= ;;
*) layers="-D layers=2" ;;
esac
status=0
REAL_CC=${CC:-cc} OPTIMISE="-O0 -DTL_INLINE=static"
export REAL_CC OPTIMISE CC="sh tests/random/cc.sh"

run() {
    out=$("$TAPELESS" "$@" --resets --masks 2>&1) || { status=1; echo "FAILED: $*: $(echo "$out" | tail -n 20)"; }
    echo "$out" | tail -n 1
}

run diff $spec $layers -D k1=4 -D k2=4 --precision f64
run check $spec $layers -D k1=4 -D k2=4
sh tests/ops/forward.sh $spec $layers || { status=1; echo "FAILED: forward mode"; }

case $1 in
mingru | indrnn* | lru)
    run diff $spec -D k1=4 -D k2=4 -D learn=diagonal --precision f64
    run check $spec -D k1=4 -D k2=4 -D learn=diagonal
    ;;
esn) ;; # nothing moves its state
*)
        out=$("$TAPELESS" compile $spec -D learn=diagonal -o /dev/null/none 2>&1) && out="it was taken"
    case $out in
    *"learn = 'diagonal' is for recurrences in which no element of a state moves another"*) ;;
    *) status=1; echo "FAILED: learn = 'diagonal': $out" ;;
    esac
    ;;
esac
exit $status
