# forward.sh SPEC WORD... - forward mode is reverse mode: each parameter's Jacobian of three steps in two lanes, in which
# sequences start and steps are padding, by the interpreter. The words are options of jacobian.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for mode in reverse forward; do
    "${TAPELESS:-build/tapeless}" jacobian "$@" --mode $mode --precision f64 --engine interpreter --k2 3 --steps 3 --seed 3 \
        --resets --masks --out "$tmp/$mode" >"$tmp/said" || { cat "$tmp/said"; exit 1; }
    grep -q " $mode mode" "$tmp/said" || { cat "$tmp/said"; exit 1; }
done
"${BUILD:-build}/tests/compare" "$tmp/reverse" "$tmp/forward" 1e-12 >"$tmp/said" || { grep FAILED "$tmp/said"; exit 1; }
