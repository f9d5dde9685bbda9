#!/bin/sh
# run.sh [PATTERN] - does some test see every wrong rule? Builds each mutant that mutants.lua lists (those whose
# line matches the extended regular expression PATTERN) in a copy of the tree, runs tests until one
# fails, and prints a row: the mutant, and what killed it. Exit status 1 if one survives. By hand, not
# among the tests: all of them take an hour. WORK says where (build/mutations).
#
# The tests come in the order in which they see most for their time: of the loop around a window, then every operation's (tests/ops)
# window by both engines, with resets and padding, then by finite differences, then without these,
# then small trainings, then random specs.
set -u
here=$(dirname "$0")
root=$(cd "$here/../.." && pwd)
WORK=${WORK:-$root/build/mutations}
source=$WORK/source
pattern=${1:-.}
[ ! -e "$WORK" ] || rm -rf "$source" || exit 2
mkdir -p "$source" || exit 2
WORK=$(cd "$WORK" && pwd)
(cd "$root" && git ls-files -co --exclude-standard -z | tar -c --null -T - -f -) | tar -x -m -C "$source" -f - || exit 2
cd "$source" || exit 2
sed -i 's/ -Werror//' CMakeLists.txt # a term that is left out leaves names unused

units="test_training test_online test_shards test_optimizer test_rules test_param" # of what no generated code has a part in
forward_files='(passes/(tangent|sensitivity|propagate|snap|diagonal|colours|carried|credit|pattern|squares)|update/(sensitivity|jacobian))\.c:'
fixed_files='schedule/(quantise|fixed_[a-z]*)\.c:' # of steps in fixed point
forward="test_squares test_rtrl test_tangent test_casadi" # of forward mode, and what stands on it
# shellcheck disable=SC2086
build() { cmake --build "$WORK/build" --target ${*:-tapeless tensors compare $units $forward} >"$WORK/build.log" 2>&1; }
# What the tests of a mutant in FILE:LINE need.
needed() { if echo "$1" | grep -Eq "$fixed_files"; then echo tapeless tensors; elif echo "$1" | grep -Eq "$forward_files"; then echo "tapeless $forward"; fi; }
cmake -G Ninja -S . -B "$WORK/build" -DCMAKE_C_FLAGS_RELEASE=-O1 >"$WORK/build.log" && build || { cat "$WORK/build.log"; exit 2; }

# Generated trainers link the library as it was, so that they are built once for all of the
# interpreter's mutants.
rm -rf "${WORK:?}/home"
mkdir -p "$WORK/home/lib/tapeless" "$WORK/home/include/tapeless"
cp "$WORK/build/libtapeless.a" "$WORK/home/lib/tapeless/" && cp runtime/tapeless/*.h "$WORK/home/include/tapeless/" || exit 2
export TAPELESS_HOME="$WORK/home" TAPELESS_CACHE="$WORK/cache" TAPELESS="$WORK/build/tapeless" BUILD="$WORK/build" \
    OPENBLAS_NUM_THREADS=1 OPTIMISE=-O0 CC="sh $source/tests/random/cc.sh"
specs="unary arithmetic choose kinks arrange product reduce losses token state head training probes convolution delay equal columns"

# Each line of this list is a test of what stands in a file.
tests() {
    if echo "$1" | grep -Eq "$fixed_files"; then
        echo "script documented_fixed_point"
        echo "script quantised_steps_keep_their_digits"
        echo "script quantised_steps_agree"
        return
    fi
    if echo "$1" | grep -Eq "$forward_files"; then
        for unit in $forward; do echo "unit $unit"; done
        for spec in kinks training state probes delay equal token; do echo "forward $spec"; done # the small ones
        return
    fi
    for unit in $units; do echo "unit $unit"; done
    for spec in $specs; do echo "diff $spec"; done
    for spec in $specs; do [ $spec = kinks ] || echo "check $spec"; done
    for spec in $specs; do echo "plain $spec"; done
    for overlap in retain versions; do echo "kept $overlap"; done
    for how in "recompute --resets --masks" retain; do echo "probes $how"; done
    for script in unweighted_targets_may_be_anything probes_are_total_derivatives; do echo "script $script"; done
    echo "overlap"
    echo "script kept_steps_are_of_their_day"
    echo "script columns_show_nowhere"
    echo "script threads_keep_the_bits"
    echo "script steps_are_rolled"
    echo "optimised every_target_agrees"
    for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "random $seed"; done
}

run_test() {
    case $1 in
    unit) timeout 100 "$WORK/build/tests/$2" ;;
    diff) timeout 100 "$TAPELESS" diff "tests/ops/$2.lua" -p f64 -D batch=3 --seed 2 --resets --masks ;;
    plain) timeout 100 "$TAPELESS" diff "tests/ops/$2.lua" -p f64 --seed 2 ;;
    check) timeout 100 "$TAPELESS" check "tests/ops/$2.lua" -D batch=3 --seed 2 --resets --masks ;;
    forward) timeout 100 sh tests/ops/forward.sh "tests/ops/$2.lua" ;;
    kept) timeout 100 "$TAPELESS" diff tests/ops/head.lua -p f64 --seed 2 -D overlap="$2" -D batch=3 ;;
    probes)
        overlap=$2
        shift 2
        timeout 100 "$TAPELESS" diff tests/ops/probes.lua -p f64 -D head=true --seed 2 -D overlap="$overlap" "$@"
        ;;
    optimised) timeout 200 env -u CC -u OPTIMISE sh "tests/cli/$2.sh" ;;
    script) timeout 200 sh "tests/cli/$2.sh" ;;
    overlap) timeout 200 sh "$here/overlap.sh" ;;
    random) timeout 300 env -u CC sh tests/random/run.sh "$2" 5 ;;
    esac
}

# Prints the first test that fails, as a line "killed by"; nothing if all pass.
killer() { # FILE:LINE of the mutant
    tests "$1" | while read -r kind what; do
        # shellcheck disable=SC2086
        run_test $kind $what >"$WORK/test.log" 2>&1 </dev/null || { echo "$kind $what"; break; }
    done
}

here=$source/tests/mutations
luajit "$here/mutants.lua" . | grep -E -e "$pattern" >"$WORK/list"
by=
! grep -Evq "$forward_files|$fixed_files" "$WORK/list" || by=$(killer .)
! grep -Eq "$forward_files" "$WORK/list" || by=$by$(killer passes/tangent.c:)
! grep -Eq "$fixed_files" "$WORK/list" || by=$by$(killer schedule/quantise.c:)
[ -z "$by" ] || { echo "the tree itself fails $by:"; tail -n 5 "$WORK/test.log"; exit 2; }
survivors=0
while read -r number where what; do
    path=$(luajit "$here/mutants.lua" . "$number" "$WORK/mutant")
    cp "$path" "$WORK/original"
    cp "$WORK/mutant" "$path"
    # shellcheck disable=SC2046
    if build $(needed "$where"); then by=$(killer "$where"); else by="the compiler"; fi
    cp "$WORK/original" "$path"
    [ -n "$by" ] || { by="NOTHING"; survivors=$((survivors + 1)); }
    printf '%-40s %-70s %s\n' "$where" "$(echo "$what" | cut -c1-70)" "$by"
done <"$WORK/list"
echo "$(wc -l <"$WORK/list") mutants, $survivors survive"
[ $survivors = 0 ]
