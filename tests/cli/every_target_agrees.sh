# Code for each target agrees with the interpreter, whether the C compiler may use the target's vectors or not: then
# they are as wide as they can be (product_vector.h).
. tests/cli/common.sh
export REAL_CC="${CC:-cc}" CC="sh tests/random/cc.sh"

agree() { # TARGET OPTIMISE SPEC OPTIONS...
    target=$1
    export OPTIMISE="$2"
    shift 2
    "$TAPELESS" diff "$@" --machine "$target" >"$tmp/out" 2>&1 || fail "$target $OPTIMISE: $*: $(tail -n 5 "$tmp/out")"
}

case $(uname -m) in
x86_64) targets="avx512 avx2 sse2 plain" least=-march=x86-64 ;;
*) targets="avx512 neon plain" least= ;;
esac
for target in $targets; do
    for precision in f32 f64; do
        agree "$target" -O1 models/lstm.lua -p $precision --k2 5 -D hidden=17
        agree "$target" -O1 bench/models/lstm.lua -p $precision --k2 12 --k1 2 -D input=24 -D hidden=24 -D layers=2 --batch 1
    done
done
agree avx2 "-O1 $least" models/lstm.lua -p f32 --k2 5 -D hidden=17
agree avx512 -O1 bench/models/lstm.lua -p f64 --k2 12 -D hidden=33 --batch 1 # more panels than one
agree avx512 "-O1 $least" tests/ops/product.lua -p f64 -D batch=3 --seed 2
finish
