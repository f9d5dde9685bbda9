#!/bin/sh
# seeds.sh BUILD CORPUS - what the fuzzers begin with, in CORPUS/TARGET: specs of this repository and their
# models, checkpoints, and small tables, tensors, texts and command lines. What is there already stays.
set -eu
build=$1 corpus=$2
[ ! -e "$corpus/done" ] || exit 0
for target in tests/fuzz/fuzz_*.c; do
    target=${target#tests/fuzz/fuzz_}
    mkdir -p "$corpus/${target%.c}"
done

"$build/tests/fuzz/seed_checkpoints" "$corpus/checkpoint"

# Models: one of the four choices of precision and fusion, then the text, with a window that is soon unrolled.
i=0
for spec in models/*.lua tests/ops/*.lua tests/overlap/cell.lua; do
    i=$((i + 1))
    cp "$spec" "$corpus/spec/$i"
    "$build/tapeless" compile "$spec" -d spec -o "$corpus/out" 2>/dev/null |
        awk -v choice=$((i % 4)) 'BEGIN { printf "%d", choice } $1 == "tbptt" { $2 = 2; $3 = 4; $4 = 3 } { print }' \
            >"$corpus/model/$i"
done
rm -rf "$corpus/out"

# Tables: option bytes (a digit is itself, modulo the number of choices), then the sequence's, the weight's and
# the input columns' names, a line each; then the file.
seed() { # TARGET NAME: standard input
    cat >"$corpus/$1/$2"
}
printf '10000000000\n\n\n\na,b,y\n1,2,3\n4,5,6\n7,8,9\n1,1,1\n2,2,2\n3,3,3\n' | seed csv plain
printf '10000020101\n\n\na,b\nday,a,b,y\nMon,1,,3\nTue,NA,5,\n"W,e""d",7,8,9\nThu,1,1,1\n' | seed csv missing
printf '13300000001\n\n\n\n\357\273\277"a";"b";"y"\r\n1,5;2;3\r\n4;5,25;6\r\n7;8;9\r\n' | seed csv semicolon
printf '10000010201\nstore\nw\na,b\nstore,a,b,w,y\nx,1,2,1,3\nz,4,5,0,6\nx,7,8,1,9\nz,1,2,.5,3\n' | seed csv sequences
printf '10000100000\n\n\n\n1\t2\t3\n4\t5\t6\n7\t8\t9\n' | seed csv no_header
printf '1003000000\n\n\na,b\n,a,b,y\n0,1 000,2,3\n1,4,5,6\n2,7,8,9\n' | seed csv index
printf '0000000000\n\n\n\ncode\n1\n2\n3\n0\n7\n' | seed csv tokens
printf 'a,b,y\n1,2,3\n4,5,6\n7,8,9\n' | gzip -n | { printf '10000000000\n\n\n\n'; cat; } | seed csv packed

# Tensors: the header, a NUL, the data (fuzz.h).
printf '{"input":{"dtype":"F32","shape":[2,3,2],"data_offsets":[0,48]},"target":{"dtype":"F32","shape":[2,3,1],"data_offsets":[48,72]}}\0%072d' 0 |
    seed safetensors data
printf '{"__metadata__":{"a":"b"},"input":{"dtype":"I32","shape":[4,2],"data_offsets":[0,32]},"target":{"dtype":"U8","shape":[4,2],"data_offsets":[32,40]},"mask":{"dtype":"F32","shape":[4,2],"data_offsets":[40,72]},"reset":{"dtype":"I64","shape":[4],"data_offsets":[72,104]}}\0%0104d' 0 |
    seed safetensors tokens
printf '{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}\0%08d' 0 |
    seed safetensors scalar

# Arrays, as they are written and in archives.
npy=$corpus/npy
echo 1 2 3 4 5 6 7 8 9 10 11 12 >"$corpus/numbers"
python3 tests/tools/npy.py "$npy/table.npy" '<f8' 6x2 "$corpus/numbers"
python3 tests/tools/npy.py "$npy/panel.npy" '<f4' 2x3x2 "$corpus/numbers"
python3 tests/tools/npy.py "$npy/series.npy" '<i4' 12 "$corpus/numbers" two
python3 tests/tools/npy.py "$npy/stored.npz" input="$npy/table.npy" target="$npy/series.npy"
python3 tests/tools/npy.py "$npy/packed.npz" --deflate input="$npy/table.npy" target="$npy/series.npy"
rm "$corpus/numbers"

printf 'the cat sat on the mat\n' | seed text plain
printf 'na\303\257ve \342\202\254 \360\237\230\200 caf\303\251\r\n' | seed text utf8

printf 'train\n--data\nf.csv\n-n\n3\n-c\nx.st\n--overwrite\n--log=l.csv\n' | seed cli train
printf 'compile\nmodels/elman.lua\n-o\nout\n-Dhidden=3\n--define\ninput=2\n--precision=f64\n-d\nplan\n' | seed cli compile
printf 'predict\n--data=a.csv\n--sequence\nid\n--horizon\n12\n--\n-x\n' | seed cli predict
printf -- '--help\n' | seed cli help
printf 'grad\n--engine\ninterpreter\n--params\np\n--data\nd\n--out\no\n--new\n2\n' | seed cli grad
printf 'bench\n--seconds\n1e3\n-s\n-1\n--json\n--set\ntbptt.k2=60\n' | seed cli bench
touch "$corpus/done"
