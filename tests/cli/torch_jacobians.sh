# The Jacobian of every step is that of torch.func.jacrev and jacfwd, in both engines.
. tests/cli/common_torch.sh
for case in lstm gru rnn; do
    from=tests/torch/jacobian/$case
    for how in "f32 2e-6" "f64 1e-12"; do
        for engine in generated interpreter; do
            echo "$case, $how, $engine:"
            # shellcheck disable=SC2046 # the file holds several words
            run "$TAPELESS" jacobian tests/torch/$(cat "$from/case") --precision "${how% *}" --engine $engine \
                --params "$from/params.safetensors" --data "$from/data.safetensors" --out "$tmp/got.safetensors" || continue
            "$compare" "$from/expected.safetensors" "$tmp/got.safetensors" "${how#* }" || failed=$((failed + 1))
        done
    done
done
finish
