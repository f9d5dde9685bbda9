# bench: the rate of a window's products, as a fraction of the peak measured beside it.
. tests/cli/common.sh

value() { sed -n "s/^  \"$1\": \"*\([^\",]*\).*/\1/p" "$tmp/out"; }

for precision in f32 f64; do
    "$TAPELESS" bench models/elman.lua --precision $precision --seconds 0.5 --json >"$tmp/out" || fail "bench"
    flop=$("$TAPELESS" show models/elman.lua --precision $precision --json | sed -n 's/.*"window_flops": \([0-9]*\).*/\1/p')
    [ "$(value window_flop)" = "$flop" ] || fail "$precision: bench and show count $(value window_flop) and $flop FLOP"
    awk -v flop="$flop" -v us="$(value window_microseconds)" -v rate="$(value gflops)" -v peak="$(value peak_gflops)" \
        -v fraction="$(value fraction_of_peak)" 'BEGIN {
        near = 1e-9; r = flop / us * 1e-3; f = r / peak
        exit !(rate > r * (1 - near) && rate < r * (1 + near) && fraction > f * (1 - near) &&
               fraction < f * (1 + near) && fraction > 0 && fraction <= 1) }' ||
        fail "$precision: the figures do not fit: $(cat "$tmp/out")"
done
"$TAPELESS" bench models/scalar.lua --seconds 0.1 >"$tmp/out" || fail "bench of a model without products"
grep -q gflops "$tmp/out" && fail "a rate of no products"
finish
