# What the tests against PyTorch share. Sourced from the root of the repository with TAPELESS, the
# program, and BUILD, where tests/compare is, in the environment. tests/torch/*.py made the fixtures.
set -u
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
compare=$BUILD/tests/compare
failed=0

# Runs a command whose words are echoed if it fails.
run() {
    "$@" >"$tmp/stdout" 2>"$tmp/stderr" && return
    failed=$((failed + 1))
    printf '  FAILED %s\n' "$*"
    cat "$tmp/stderr"
    return 1
}

# gradient CASE PRECISION TOLERANCE - loss, every gradient and the final state, in both engines.
gradient() {
    from=tests/torch/gradient/$1
    for engine in generated interpreter; do
        echo "$1, $2, $engine:"
        rm -f "$tmp/got.safetensors"
        # The file holds several words.
        # shellcheck disable=SC2046
        run "$TAPELESS" grad tests/torch/$(cat "$from/case") --precision "$2" --engine $engine \
            --params "$from/params.safetensors" --data "$from/data.safetensors" \
            --out "$tmp/got.safetensors" || continue
        "$compare" "$from/expected.safetensors" "$tmp/got.safetensors" "$3" ||
            failed=$((failed + 1))
    done
}

# gradients CASE... - the tolerances are those between generated code and interpreter.
gradients() {
    for case in "$@"; do
        gradient "$case" f32 2e-6
        gradient "$case" f64 1e-12
    done
}
