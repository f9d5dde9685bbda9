#!/bin/sh
# run.sh [SECONDS|quarter [TARGET...]] - fuzzes each target for so many seconds (30), or, with `quarter`, for so many
# inputs as take about a quarter of a minute on a quiet core: the same work on every machine, however busy. As many at
# a time as there are processors. Then whatever was ever found, in regressions/TARGET, must pass as well.
# Exits 1 on a finding: a crash, a leak, an input that takes ten minutes, an assumption of the compiler that
# does not hold. It is kept, and how to see it again is printed. BUILD names the directory of a build with `cmake --preset fuzz` (build-fuzz).
#
# Inputs that found new code stay in BUILD/corpus/TARGET, so that the next run begins where this one ended.
set -eu
cd "$(dirname "$0")/../.."
much=${1:-30}
[ $# = 0 ] || shift
build=${BUILD:-build-fuzz}
corpus=$build/corpus
targets=${*:-$(cd tests/fuzz && ls fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')}
sh tests/fuzz/seeds.sh "$build" "$corpus"

# Inputs in a quarter of a minute: a spec takes a thousand times as long as a command line.
limit() {
    case $much-$1 in
    quarter-cli) echo -runs=75000 ;;
    quarter-csv) echo -runs=200000 ;;
    quarter-text) echo -runs=2500 ;;
    quarter-npy) echo -runs=10000 ;;
    quarter-spec) echo -runs=750 ;;
    quarter-model) echo -runs=40000 ;;
    quarter-*) echo -runs=200000 ;;
    *) echo "-max_total_time=$much" ;;
    esac
}

# What a target needs beside the common options.
options() {
    case $1 in
    csv | text | npy) echo "-max_len=4096" ;;
    cli) echo "-max_len=512 -only_ascii=1" ;;
    model) echo "-max_len=8192 -only_ascii=1 -dict=tests/fuzz/model.dict" ;;
    spec) echo "-max_len=4096 -only_ascii=1 -dict=tests/fuzz/spec.dict" ;;
    *) echo "-max_len=16384" ;;
    esac
}

fuzz() { # TARGET
    found=$build/findings/$1-
    log=$build/findings/$1.log
    # Messages for people go nowhere: the fuzzer's own are on a descriptor of its own.
    # shellcheck disable=SC2046
    if "$build/tests/fuzz/fuzz_$1" -seed=1 -timeout=600 -rss_limit_mb=3000 -close_fd_mask=3 -print_final_stats=1 \
        $(limit "$1") $(options "$1") -artifact_prefix="$found" "$corpus/$1" >"$log" 2>&1; then
        sed -n 's/^stat::number_of_executed_units: */'"$1"': inputs /p' "$log"
    else
        echo "FINDING in $1: $(grep -E 'ERROR|runtime error|internal error|assumed' "$log" | head -n 3)"
        echo "    $build/tests/fuzz/fuzz_$1 $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
        return 1
    fi
    for input in tests/fuzz/regressions/"$1"/*; do
        [ -e "$input" ] || continue
        "$build/tests/fuzz/fuzz_$1" -close_fd_mask=1 "$input" >"$log" 2>&1 ||
            { echo "FINDING in $1: what was once mended, $input"; return 1; }
    done
}

mkdir -p "$build/findings"
# Quoted, one a line: each is a process of its own.
export build corpus
if [ "${ONE:-}" ]; then
    fuzz "$targets"
    exit
fi
printf '%s\n' $targets | ONE=1 xargs -P "$(nproc)" -n 1 sh tests/fuzz/run.sh "$much"
