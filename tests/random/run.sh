#!/bin/sh
# run.sh FIRST COUNT - random specs, by their seeds: generated code, interpreter and, where the step is
# smooth, finite differences agree on a window and on the Jacobian of every step, which forward mode computes
# too; and trainings of a few updates, on data with resets and masks where the spec has them, end alike in both engines. A failing case is kept in
# BUILD/random-specs; a line says which and how to run it again. Exit status 1 if there is one.
#
# BUILD says where the program was built (build), TAPELESS where it is; HEADS=1 asks for a head
# over the window wherever there can be one, OPTIMISE=-O1 or the like another optimisation of the C than none, which
# compiles soonest, or in every tenth case tapeless's own, which believes what the code says of aliases.
set -u
case ${1:-}/${2:-} in
*[!0-9/]* | /* | */) echo "usage: sh $0 FIRST COUNT" >&2; exit 2 ;;
esac
BUILD=${BUILD:-build}
TAPELESS=${TAPELESS:-$BUILD/tapeless}
kept=$BUILD/random-specs
here=$(dirname "$0")
first=$1
count=$2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
export OPENBLAS_NUM_THREADS=1 TAPELESS_CACHE="$tmp/cache"
export OPTIMISE REAL_CC="${CC:-cc}"
wanted=${OPTIMISE-by seed}
export CC="sh $here/cc.sh"
failed=0

# try WHAT COMMAND... - keeps what it prints; notes WHAT if it fails.
try() {
    what=$1
    shift
    echo "== $what: $*" >>"$case/log"
    "$@" >>"$case/log" 2>&1 && return
    wrong="$wrong $what"
    return 1
}

train_by() { # ENGINE
    # $train holds several words.
    # shellcheck disable=SC2086
    "$TAPELESS" train "$spec" --engine "$1" --precision f64 $data $train --checkpoint "$case/$1.safetensors" \
        --log "$case/$1.csv" --overwrite --quiet
}

train_both() {
    data=
    if [ -f "$case/seed_$seed.data" ]; then
        # Words of a file of numbers and names.
        # shellcheck disable=SC2046
        "$BUILD/tests/tensors" write "$case/data.safetensors" $(cat "$case/seed_$seed.data") || return 1
        data="--data $case/data.safetensors"
    fi
    train_by generated && train_by interpreter && luajit "$here/alike.lua" "$case"
}

# The two-point difference of check, whose step is 1e-6, sees the loss's rounding where the gradient is a
# ten-thousandth of the loss; one of 1e-5 sees a tenth of it.
check() {
    "$TAPELESS" check "$spec" --seed "$seed" || "$TAPELESS" check "$spec" --seed "$seed" --step 1e-5
}

# Of two lanes of a few steps more than k2.
jacobian() {
    how=
    [ $smooth = 0 ] || how=--check
    for engine in generated interpreter; do
        # shellcheck disable=SC2086 # nothing, or a word
        "$TAPELESS" jacobian "$spec" --precision f64 --seed "$seed" --resets --masks --engine $engine \
            --output "$case/$engine.jacobian" $how || return 1
    done
    "$BUILD/tests/compare" --whole "$case/interpreter.jacobian" "$case/generated.jacobian" 1e-12
}

# All modes, of a stream that no window cuts, and forward mode in both engines; blocks of two steps where there is a state.
forward() {
    for how in "reverse interpreter" "forward interpreter" "forward generated"; do
        "$TAPELESS" jacobian "$spec" --precision f64 --seed "$seed" --resets --masks --k2 5 --steps 5 \
            --mode "${how% *}" --engine "${how#* }" --output "$case/$how" || return 1
    done
    "$BUILD/tests/compare" --whole "$case/reverse interpreter" "$case/forward interpreter" 1e-12 &&
        "$BUILD/tests/compare" --whole "$case/forward interpreter" "$case/forward generated" 1e-12 || return 1
    grep -q '^  state = {' "$spec" || return 0
    "$TAPELESS" jacobian "$spec" --precision f64 --seed "$seed" --resets --masks --k2 5 --steps 5 --mode blocks --block 2 \
        --output "$case/blocks" && "$BUILD/tests/compare" --whole "$case/reverse interpreter" "$case/blocks" 1e-12
}

optimisations=$(sed -n 's/^ *X(\([a-z]*\),.*/no-\1/p' "$here/../../compiler/schedule/schedule.h")
pick_word() { # N WORD...: the word that N falls on
    n=$1
    shift
    shift $((n % $#))
    echo "$1"
}

run_case() {
    case=$tmp/$seed
    spec=$case/seed_$seed.lua
    wrong=
    mkdir "$case"
    luajit "$here/generate.lua" "$seed" 1 "$case" || return 1
    . "$case/seed_$seed.sh" # smooth, head, extra, train
    OPTIMISE=$wanted
    [ "$wanted" != "by seed" ] || if [ $((seed % 10)) = 0 ]; then OPTIMISE=; else OPTIMISE="-O0 -DTL_INLINE=static"; fi
    try diff "$TAPELESS" diff "$spec" --precision f64 --seed "$seed"
    [ $smooth = 0 ] || try check check
    try jacobian jacobian
    [ $head = 1 ] || try forward forward
    case $extra in
    f32) try f32 "$TAPELESS" diff "$spec" --precision f32 --seed "$seed" ;;
    without) # one optimisation left out
        # shellcheck disable=SC2046 # numbers and names are words
        left_out=$(pick_word $seed $optimisations)
        try "$left_out" "$TAPELESS" diff "$spec" --precision f64 -O "$left_out" --seed "$seed"
        ;;
    esac
    try train train_both
    rm -rf "$TAPELESS_CACHE"
    [ -z "$wrong" ]
}

seed=$first
while [ "$seed" -lt $((first + count)) ]; do
    if run_case; then
        rm -rf "$case"
    else
        failed=$((failed + 1))
        mkdir -p "$kept"
        rm -rf "${kept:?}/$seed"
        mv "$case" "$kept/$seed"
        echo "FAILED: seed $seed:$wrong; see $kept/$seed/log; again: sh $0 $seed 1"
    fi
    seed=$((seed + 1))
done
echo "$count random specs from $first on, $failed failed"
[ $failed = 0 ]
