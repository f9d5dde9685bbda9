# What the tests against PyTorch share. Sourced from the root of the repository with TAPELESS, the
# program, and BUILD, where tests/compare is, in the environment. tests/torch/*.py made the fixtures.
set -u
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
compare=$BUILD/tests/compare
failed=0

finish() {
    [ $failed -eq 0 ] && exit 0
    echo "$failed failed"
    exit 1
}

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

# gradients CASE... - the tolerances are those between generated code and interpreter. What is
# expected was computed in float64 for both: f32's distance is its own rounding, not PyTorch's too.
gradients() {
    for case in "$@"; do
        gradient "$case" f32 2e-6
        gradient "$case" f64 1e-12
    done
    finish
}

# Loss and norm of the gradient of every update: at most so far from PyTorch's, relatively.
curves() {
    paste -d, "$from/losses.csv" "$tmp/log.csv" | awk -F, -v tolerance="$1" '
        function apart(name, want, got) {
            d = want > got ? want / got - 1 : 1 - want / got
            if (d < 0) d = -d
            if (d > worst[name]) worst[name] = d
            if (!(d <= tolerance)) { bad++; if (bad == 1) print "  FAILED update " $1 ": " name " " got ", not " want }
        }
        NR == 1 { if ($7 != "loss" || $9 != "grad_norm") { print "  FAILED columns of the log"; bad++ }; next }
        $1 == "" || $1 != $4 { print "  FAILED update " $4 " where PyTorch has " $1; bad++; exit }
        { apart("loss", $2 + 0, $7 + 0); apart("grad_norm", $3 + 0, $9 + 0) }
        END {
            printf "  %d updates: loss %.1e, grad_norm %.1e\n", NR - 1, worst["loss"], worst["grad_norm"]
            exit bad > 0 || NR != 51
        }' || failed=$((failed + 1))
}

# trajectory CASE PRECISION TOLERANCE - 50 updates from the same start, in both engines.
trajectory() {
    from=tests/torch/trajectory/$1
    for engine in generated interpreter; do
        echo "$1, $2, $engine:"
        # shellcheck disable=SC2046
        run "$TAPELESS" train tests/torch/$(cat "$from/case") --precision "$2" --engine $engine \
            --start "$from/start.safetensors" --data "$from/data.safetensors" --valid 0 --steps 50 \
            --checkpoint "$tmp/got.safetensors" --log "$tmp/log.csv" --overwrite --quiet || continue
        curves "$3"
        "$compare" "$from/expected.safetensors" "$tmp/got.safetensors" "$3" ||
            failed=$((failed + 1))
    done
}

# trajectories CASE... - in float32 PyTorch itself drifts from its float64 by up to 4e-7 in the loss
# and 3e-6 in a tensor over these 50 updates (trajectories.py prints it), and so does tapeless: 1e-5
# leaves room for another order of additions. In float64 all stay within 1e-14.
trajectories() {
    for case in "$@"; do
        trajectory "$case" f32 1e-5
        trajectory "$case" f64 1e-12
    done
    finish
}
