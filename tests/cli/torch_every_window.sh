# TBPTT(1, 9) with pairs of states, as it is done by hand in PyTorch: while the weights stand still, every
# gradient of 50 windows one after the other, not the last alone; and 50 updates where they move.
. tests/cli/common_torch.sh

# every_window CASE PRECISION TOLERANCE [OVERLAP] - a training of n updates leaves the gradient of the n-th
# window in optim.m: its Adam has betas of 0, and a learning rate of 0.
every_window() {
    from=tests/torch/trajectory/$1
    overlap=${4:-recompute}
    for engine in generated interpreter; do
        : >"$tmp/compared"
        n=0
        while [ $((n += 1)) -le 50 ]; do
            # shellcheck disable=SC2046
            run "$TAPELESS" train tests/torch/$(cat "$from/case") -D overlap="$overlap" --precision "$2" --engine $engine \
                --start "$from/start.safetensors" --data "$from/data.safetensors" --valid 0 \
                --steps $n --checkpoint "$tmp/got.safetensors" --overwrite --quiet || continue
            "$compare" --row $n "$from/gradients.safetensors" "$tmp/got.safetensors" "$3" >"$tmp/row" || {
                failed=$((failed + 1))
                echo "$1, $2, $engine, $overlap, window $n:"
                cat "$tmp/row"
            }
            cat "$tmp/row" >>"$tmp/compared"
        done
        awk -v what="$1, $2, $engine, $overlap" '
            { compared++; if ($3 + 0 > worst) worst = $3 + 0 }
            END {
                printf "%s: %d gradients, the worst %.1e away\n", what, compared, worst
                exit compared != 6 * 50
            }' "$tmp/compared" || failed=$((failed + 1))
    done
}
every_window pairs_standing f32 1e-5
every_window pairs_standing f64 1e-12
every_window pairs_standing f64 1e-12 retain # the graphs of the class are kept, too
every_window pairs_standing f64 1e-12 versions
trajectories pairs_standing pairs_recompute pairs_retain pairs_versions
