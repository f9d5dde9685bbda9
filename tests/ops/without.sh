#!/bin/sh
# without.sh NAME SPEC... - with the optimisation NAME left out (none: with none) the specs are computed as the interpreter computes
# them: in f64, some steps, compiled as fast as can be.
set -u
left_out=$1
shift
status=0
REAL_CC=${CC:-cc} OPTIMISE="-O0 -DTL_INLINE=static"
export REAL_CC OPTIMISE CC="sh tests/random/cc.sh"
for spec; do
    case $spec in
    */random.lua) how="-D seed=5 -D batch=2" ;;
    */charlstm.lua) how="--k2 4 --batch 2 -D vocab=20 -D embed=6 -D hidden=10" ;;
    */lstm_cnn.lua) how="" ;;
    models/* | */models/*) how="--k2 4" ;;
    *) how="-D batch=2 --resets --masks" ;;
    esac
    # shellcheck disable=SC2086 # options are words
    out=$("$TAPELESS" diff "$spec" -p f64 -O "$left_out" --seed 2 $how 2>&1) && continue
    status=1
    echo "FAILED: $spec -O $left_out: $(echo "$out" | tail -n 5)"
done
exit $status
