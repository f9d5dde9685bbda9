# What a function of several operations gives is what it is defined as, written out: transpose of any two
# dimensions element by element, activations, max of many, keepdim, eps.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

"$tensors" write "$tmp/data" input 1x1x2x3x4 -3 2.5 0 0.7 -0.1 1.9 0.03 -1.7 4 -0.6 1.1 -2.2 \
    0.4 -4.1 3.3 -0.9 0.2 -1.3 0.9 5 -0.02 1.4 -7 2.1
"$tensors" write "$tmp/params" w 1 1 -- norm.weight 4 1 1 1 1 -- norm.bias 4 0 0 0 0
for engine in generated interpreter; do
    "$TAPELESS" grad tests/defined/functions.lua --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" \
        --engine $engine --precision f64 >"$tmp/log" 2>&1 || fail "$engine: $(cat "$tmp/log")"
    count=0
    for name in $(sed -n 's/^  \([a-z_]*\) = function(v.*/\1/p' tests/defined/functions.lua); do
        count=$((count + 1))
        "$tensors" print "$tmp/out" probe.$name >"$tmp/values" || fail "$engine: no $name"
        awk -v name="$engine: $name" '{ d = $1 < 0 ? -$1 : $1; if (!(d <= 1e-14)) bad = 1; n++ }
            END { if (bad || !n) { print "FAILED: " name " is not what it is defined as"; exit 1 } }' "$tmp/values" ||
            failures=$((failures + 1))
    done
    [ $count -ge 18 ] || fail "only $count functions found"
done

# At 0 the derivatives are PyTorch's: leaky_relu's the slope, elu's alpha.
cat >"$tmp/zero.lua" <<LUA
return model {
  params = { leaky = { 1 }, elu = { 1 }, silu = { 1 }, gelu = { 1 } }, loss = sum, tbptt = { k1 = 1, k2 = 1 },
  step = function(p) return leaky_relu(p.leaky, 0.3) + elu(p.elu, 1.5) + silu(p.silu) + gelu(p.gelu) end,
}
LUA
"$tensors" write "$tmp/params" leaky 1 0 -- elu 1 0 -- silu 1 0 -- gelu 1 0
"$tensors" write "$tmp/data" mask 1x1 1
for engine in generated interpreter; do
    "$TAPELESS" grad "$tmp/zero.lua" --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" --engine $engine \
        --precision f64 >"$tmp/log" 2>&1 || fail "$engine: $(cat "$tmp/log")"
    for want in leaky:0.3 elu:1.5 silu:0.5 gelu:0.5; do
        got=$("$tensors" print "$tmp/out" "grad.${want%:*}")
        awk -v a="$got" -v b="${want#*:}" 'BEGIN { exit !(a == b + 0) }' || fail "$engine: $want at 0, not $got"
    done
done
finish
