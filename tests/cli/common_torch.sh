# What the tests against PyTorch share. Sourced from the root of the repository with TAPELESS, the
# program, and BUILD, where tests/compare is, in the environment. tests/torch/*.py made the files.
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

# curves TOLERANCE - loss and norm of the gradient of each of the 50 updates, relatively.
curves() {
    awk -F, -v tolerance="$1" '
        function fail(text) { if (!bad++) print "  FAILED " text }
        function check(name, want, got,    d) {
            d = got / want - 1
            if (d < 0) d = -d
            if (d > worst[name]) worst[name] = d
            if (!(d <= tolerance)) fail("update " $1 ": " name " is " got ", not " want)
        }
        NR == FNR { loss[$1] = $2; norm[$1] = $3; next }
        FNR == 1 { if ($4 != "loss" || $6 != "grad_norm") fail("the log has " $0); next }
        !($1 in loss) { fail("an update " $1); next }
        { updates++; check("loss", loss[$1], $4); check("grad_norm", norm[$1], $6) }
        END {
            if (updates != 50) fail(updates + 0 " of 50 updates")
            printf "  loss %.1e, grad_norm %.1e\n", worst["loss"], worst["grad_norm"]
            exit bad > 0
        }' "$from/losses.csv" "$tmp/log.csv" || failed=$((failed + 1))
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

# trajectories CASE... - in float32 PyTorch itself drifts from its float64 by up to 2e-6 in the loss
# and 3e-6 in a tensor over these 50 updates (training.py prints it), and so does tapeless: 1e-5
# leaves room for another order of additions. In float64 all stay within 1e-14.
trajectories() {
    for case in "$@"; do
        trajectory "$case" f32 1e-5
        trajectory "$case" f64 1e-12
    done
    finish
}
