# `tapeless jacobian --diff`: reverse mode, forward mode and the interpreter have one Jacobian, with resets and padding, in
# both precisions; a head has no forward mode, and a longer stream none either. What it cannot do it says.
. tests/cli/common.sh

agrees() { # WAYS, ARGUMENTS...
    ways=$1
    shift
    "$TAPELESS" jacobian "$@" --diff >"$tmp/out" 2>&1 || fail "$*: $(tail -3 "$tmp/out")"
    n=$(sed -n 's/.* \(interpreter, reverse\|forward\)  *[0-9].*/\1/p' "$tmp/out" | sort -u | wc -l)
    [ "$n" = "$ways" ] || fail "$*: $n ways and the first, not $ways"
}

for model in gru lru tanks narx; do
    agrees 2 models/$model.lua -p f64 --steps 6 --k2 6
    agrees 2 models/$model.lua -p f64 --steps 6 --k2 6 --resets --masks --seed 3
done
agrees 2 models/lstm.lua --steps 5 --k2 5 -D hidden=5
agrees 1 models/gru.lua -p f64 --steps 9 --k2 4 --resets --masks
agrees 1 models/lstm_cnn.lua -p f64 --resets

"$TAPELESS" jacobian models/gru.lua -p f64 --steps 3 --diff --tolerance 1e-20 >"$tmp/out" 2>&1 && fail "nothing differs by rounding"
grep -q "over$" "$tmp/out" || fail "it does not show what is over: $(cat "$tmp/out")"
"$TAPELESS" jacobian models/gru.lua --diff --out "$tmp/j" >"$tmp/out" 2>&1 && fail "--diff writes a file"
grep -q "leave out --out" "$tmp/out" || fail "it does not say so: $(cat "$tmp/out")"
finish
