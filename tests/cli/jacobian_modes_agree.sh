# Forward mode, reverse mode and blocks of any length give the same J of an untruncated stream, of sizes whose rows fill no
# vector, and of several.
. tests/cli/common.sh

agree() { # PRECISION TOLERANCE SPEC options...
    precision=$1 tolerance=$2
    shift 2
    for mode in reverse forward blocks "blocks --block 1" "blocks --block 11" "blocks --block 4"; do
        # shellcheck disable=SC2086 -- a mode and its options
        "$TAPELESS" jacobian "$@" -p "$precision" --k2 12 --steps 12 --mode $mode --out "$tmp/${mode%% *}" >"$tmp/out" 2>&1 ||
            fail "$* $mode: $(cat "$tmp/out")"
        [ "$mode" != reverse ] || continue
        "$BUILD/tests/compare" "$tmp/${mode%% *}" "$tmp/reverse" "$tolerance" >"$tmp/out" 2>&1 ||
            fail "$* $precision $mode: $(head -5 "$tmp/out")"
        grep -q 'jacobian' "$tmp/out" || fail "$*: no Jacobian was compared: $(cat "$tmp/out")"
    done
}

for size in 3 4 10 16 21; do
    agree f64 1e-12 models/elman.lua -D hidden=$size
    agree f32 2e-6 models/elman.lua -D hidden=$size
done
agree f64 1e-12 models/elman.lua -D hidden=10 -D output=3
agree f64 1e-12 models/lstm.lua -D hidden=16
agree f64 1e-12 models/gru.lua -D hidden=10
agree f64 1e-12 models/state_space.lua
finish
