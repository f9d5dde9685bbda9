# models/scalar.lua, x' = w x, on paper: with k1 = 1 and k2 = 3 the gradient of x_t is 0.9, 0.36, 0.108,
# 0.0216, 0.00432 after steps 1 to 5; by both engines, in both precisions. A window begins with the
# state as last computed: that before step t - 2. (0.288 at t = 3 would be an adjoint of an
# earlier window added to this one's.)
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

near() { # GOT WANT TOLERANCE WHAT
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && d <= t * b) }' ||
        fail "$4 is $1, it should be $2"
}

"$tensors" write "$tmp/params" w 1 0.2
for engine in generated interpreter; do
    for precision in f32 f64; do
        case $precision in f32) tolerance=1e-6 ;; *) tolerance=1e-14 ;; esac
        t=0
        for want in "0.9 0.18" "0.36 0.036" "0.108 0.0072" "0.0216 0.00144" "0.00432 0.000288"; do
            t=$((t + 1))
            what="$engine $precision t=$t"
            case $t in
            1) "$tensors" write "$tmp/data" mask 1x1 1 ;; # from the spec's own first state
            2) "$tensors" write "$tmp/data" mask 2x1 1 1 ;;
            3) "$tensors" write "$tmp/data" mask 3x1 1 1 1 ;;
            *) "$tensors" write "$tmp/data" mask 3x1 1 1 1 -- state.x 1x1 "$("$tensors" print "$tmp/out.$((t - 3))" state.x)" ;;
            esac
            "$TAPELESS" grad models/scalar.lua --params "$tmp/params" --data "$tmp/data" --out "$tmp/out.$t" --new 1 \
                --engine $engine --precision $precision >"$tmp/log" 2>&1 || fail "$what: $(cat "$tmp/log")"
            near "$("$tensors" print "$tmp/out.$t" grad.w)" "${want% *}" $tolerance "$what: the gradient"
            near "$("$tensors" print "$tmp/out.$t" loss)" "${want#* }" $tolerance "$what: the loss"
            near "$("$tensors" print "$tmp/out.$t" state.x)" "${want#* }" $tolerance "$what: the state"
        done
    done
done
finish
