# forward.sh SPEC WORD... - forward mode and blocks are reverse mode: each parameter's Jacobian of three steps in two lanes, in
# which sequences start and steps are padding, by the interpreter. The words are options of jacobian.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

jacobian() { # NAME, WHAT IT SAYS OF ITS MODE, OPTIONS...
    name=$1 said=$2
    shift 2
    # shellcheck disable=SC2086 # words
    "${TAPELESS:-build/tapeless}" jacobian $words "$@" --precision f64 --engine interpreter --k2 3 --steps 3 --seed 3 \
        --resets --masks --out "$tmp/$name" >"$tmp/said" 2>&1 || return 1
    grep -q "$said" "$tmp/said"
}
agrees() { # NAME: with reverse mode
    "${BUILD:-build}/tests/compare" "$tmp/reverse" "$tmp/$1" 1e-12 >"$tmp/said" || { grep FAILED "$tmp/said"; exit 1; }
}

all_agree() { # WORD...
    words=$*
    jacobian reverse " reverse mode" --mode reverse || { cat "$tmp/said"; exit 1; }
    jacobian forward " forward mode" --mode forward || { cat "$tmp/said"; exit 1; }
    agrees forward
    for block in 1 2; do
        if jacobian blocks " by blocks of $block step" --mode blocks --block $block; then
            agrees blocks
        else
            grep -q "there is no state to carry from block to block" "$tmp/said" || { cat "$tmp/said"; exit 1; }
        fi
    done
}

# A Jacobian has as many rows as there are cases, and columns: in parts there is less of it that is 0.
if grep -q '"lib.cases"' "$1"; then
    for part in 1 2 3 4 5 6; do all_agree "$@" -D parts=6 -D part=$part; done
else
    all_agree "$@"
fi
