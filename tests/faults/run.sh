#!/bin/sh
# run.sh [MOST [SCENARIO [KIND]]] - lets each allocation, write, fsync, rename, open, ... of each command fail
# once (loop.c says what is a finding). MOST of each kind in each scenario, all if it is 0 or left out: half an
# hour on a quiet core, twenty times that under AddressSanitizer. SCENARIO and KIND are regular expressions.
#
# TAPELESS names the program, BUILD the directory of the loop and its library. A build with AddressSanitizer
# (cmake --preset sanitize; BUILD=build-sanitize TAPELESS=build-sanitize/tapeless) also finds leaks.
# FAULT_ONLY=N with SCENARIO and KIND runs the N-th call alone, FAULT_SHOW=1 prints what the program said,
# FAULT_TRACE=1 where the call stands.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
most=${1:-0}
scenarios=${2:-.}
kinds=${3:-.}
build=$(cd "${BUILD:-$root/build}" && pwd)
tapeless=$(cd "$(dirname "${TAPELESS:-$build/tapeless}")" && pwd)/tapeless
loop=$build/tests/fault_loop
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
export TAPELESS_CACHE="$tmp/cache" OPENBLAS_NUM_THREADS=1
# The library must come before AddressSanitizer's; what it refuses is no error of the program.
export ASAN_OPTIONS=verify_asan_link_order=0:allocator_may_return_null=1:exitcode=99:log_path=stderr UBSAN_OPTIONS=halt_on_error=1

# fault NAME KINDS BEFORE [OPTIONS...] -- COMMAND...
fault() {
    name=$1 wanted=$2 before=$3
    shift 3
    echo "$name" | grep -Eq "$scenarios" || return 0
    for kind in $wanted; do
        echo "$kind" | grep -Eq "$kinds" || continue
        "$loop" --name "$name" --kind "$kind" --inject "$build/tests/libfault_inject.so" --most "$most" \
            --programs "tapeless reg txt" --before "$before" "$@" || failed=1
    done
}
all="memory starve files full interrupt short"
quick="memory starve files full"

# ---- what the scenarios begin with ----

spec=$tmp/spec # a directory of specs, with what an older version was compiled to
mkdir -p "$spec/out"
cp "$root/tests/faults/reg.lua" "$root/tests/faults/txt.lua" "$spec"
for suffix in .c .h _main.c _ffi.lua; do
    echo "/* Written by tapeless, an older version. */" >"$spec/out/reg$suffix"
done

data=$tmp/data # data, trainers, and what an older training left
mkdir -p "$data"
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 48; i++) printf "%.3f,%.3f,%.3f\n", sin(i), cos(i / 3), sin(i - 1) }' >"$data/data.csv"
awk 'BEGIN { for (i = 0; i < 12; i++) print "the cat sat on the mat, " i % 4 }' >"$data/text.txt"
awk 'BEGIN { for (i = 0; i < 48; i++) print sin(i), cos(i / 3) }' >"$data/numbers"
python3 "$root/tests/tools/npy.py" "$data/input.npy" '<f8' 48x2 "$data/numbers"
python3 "$root/tests/tools/npy.py" "$data/target.npy" '<f4' 48x1 "$data/numbers"
python3 "$root/tests/tools/npy.py" "$data/data.npz" --deflate input="$data/input.npy" target="$data/target.npy"
python3 "$root/tests/tools/npy.py" "$data/data.npy" '<f8' 32x3 "$data/numbers"
rm "$data/input.npy" "$data/target.npy" "$data/numbers"
"$tapeless" build "$spec/reg.lua" -o "$tmp/bin" >/dev/null
"$tapeless" build "$spec/txt.lua" -o "$tmp/bin" >/dev/null
"$tapeless" build "$spec/reg.lua" --batch 4 --shards 4 -o "$tmp/shards" >/dev/null
reg=$tmp/bin/reg
txt=$tmp/bin/txt
cd "$data"
"$reg" train --data data.csv -n 2 -c c.safetensors --log log.csv --best best.safetensors -q >/dev/null
"$txt" train --data text.txt -n 2 -c t.safetensors -q >/dev/null
awk 'BEGIN { print "a,b"; for (i = 0; i < 48; i++) printf "%.3f,%.3f\n", sin(i), cos(i / 3) }' >back.csv
"$reg" train --data back.csv --input a,b --target b -n 2 -c b.safetensors -q >/dev/null
"$reg" export --checkpoint c.safetensors -o w.safetensors >/dev/null
"$tapeless" export "$spec/reg.lua" --checkpoint c.safetensors -o w2.safetensors >/dev/null # fills the cache
cmp w.safetensors w2.safetensors
rm w2.safetensors
echo old >predicted.csv
cp "$spec/reg.lua" .
cd "$root"

# ---- the scenarios ----

mkdir "$tmp/begun"
echo mine >"$tmp/begun/mine.txt"
fault init "$all" "$tmp/begun" -- "$tapeless" init --model tanks
fault compile "$all" "$spec" -- "$tapeless" compile reg.lua -o out
fault show "$quick" "$spec" -- "$tapeless" show reg.lua
fault interpreter "$quick" "$data" -- "$tapeless" train reg.lua --engine interpreter --data data.csv -n 3 \
    -c c.safetensors --overwrite -q
fault cached "$quick" "$data" -- "$tapeless" export reg.lua --checkpoint c.safetensors -o w.safetensors --overwrite
fault train "$all" "$data" --grows log.csv -- "$reg" train --data data.csv -n 3 -c c.safetensors --overwrite \
    --log log.csv --best best.safetensors --valid-every 1 -q
fault threads "memory starve" "$data" -- "$tmp/shards/reg" train --data data.csv -n 3 -c new.safetensors -q --threads 4
fault eval_threads "memory starve" "$data" -- "$reg" eval --data data.csv --checkpoint c.safetensors --lanes 2 --threads 2
fault probe "$quick" "$data" --free p.npy --free g.npy -- "$reg" train --data data.csv -n 3 -c new.safetensors -q \
    --probe h --probe-out p.npy --probe-grad-out g.npy
fault resume "$all" "$data" --grows log.csv -- "$reg" train --data data.csv -n 5 -c c.safetensors --resume --log log.csv -q
fault npy "$quick" "$data" -- "$reg" train --data data.npy -n 3 -c n.safetensors --overwrite -q
fault npz "$quick" "$data" -- "$reg" train --data data.npz -n 3 -c n.safetensors --overwrite -q
fault text "$quick" "$data" -- "$txt" train --data text.txt -n 3 -c t.safetensors --overwrite -q
fault text_resume "$quick" "$data" -- "$txt" train --data text.txt -n 5 -c t.safetensors --resume -q
fault text_words "$quick" "$data" -- "$txt" train --data text.txt --unit word --other 2 -n 3 -c w.safetensors --overwrite -q
fault sample "$quick" "$data" -- "$txt" sample --checkpoint t.safetensors --length 20
fault eval "$quick" "$data" -- "$reg" eval --data data.csv --checkpoint c.safetensors
fault predict "$all" "$data" -- "$reg" predict --data data.csv --checkpoint c.safetensors -o predicted.csv
fault predict_ahead "$quick" "$data" -- "$reg" predict --data data.csv --future data.csv --horizon 3 --checkpoint c.safetensors \
    -o predicted.csv --keep a,actual --plot ahead.svg
fault backtest "$quick" "$data" -- "$reg" eval --data back.csv --checkpoint b.safetensors --backtest 4 --season 3 --scores back_scores.csv \
    --plot back.svg
fault export "$all" "$data" -- "$reg" export --checkpoint c.safetensors -o w.safetensors --overwrite
fault import "$quick" "$data" -- "$reg" import w.safetensors --checkpoint i.safetensors
fault lags "$quick" "$data" -- "$tapeless" lags reg.lua --engine interpreter --data data.csv --checkpoint c.safetensors
fault bench "$quick" "$data" --real-clock -- "$reg" bench --seconds 0
fault eval_plot "$quick" "$data" -- "$reg" eval --data data.csv --checkpoint c.safetensors --fit --skip 2 --plot fit.svg --residuals residuals.svg
fault eval_baselines "$quick" "$data" -- "$reg" eval --data data.csv --checkpoint c.safetensors --season 3 --train-data data.csv \
    --held-out --per sequence --scores scores.csv
fault eval_classes "$quick" "$data" -- "$txt" eval --data text.txt --checkpoint t.safetensors --confusion --plot classes.svg
fault fit "$quick" "$data" -- "$reg" train --data data.csv -n 2 -c new.safetensors -q --fit
fault plot "$quick" "$data" -- "$reg" train --data data.csv -n 3 -c new.safetensors -q --plot curve.svg
fault averaged "$quick" "$data" -- "$reg" train --data data.csv -n 3 -c new.safetensors -q --set train.accumulate=2 --set train.average=0.9
fault lr_find "$quick" "$data" -- "$reg" train --data data.csv -n 40 -q --lr-find
fault events "$all" "$data" --free events.out.tfevents.reg -- "$reg" train --data data.csv -n 3 -c new.safetensors -q --tensorboard .
fault casadi "files full" "$data" -- "$tapeless" compile reg.lua --casadi --params c.safetensors -o out
fault fmu "files full" "$data" -- "$tapeless" export reg.lua -c c.safetensors --fmu reg.fmu
fault build "files full" "$spec" -- "$tapeless" build reg.lua -o out
exit "$failed"
