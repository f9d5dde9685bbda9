# A value that later windows read of a step, and that the step puts out beside others: in the newest slot it is part of the output,
# in the others of nothing. The compiler ended there.
. tests/cli/common.sh
cat >"$tmp/beside.lua" <<'LUA'
return model {
  input = real(3), target = real(6), params = { c = param({ 3 }, uniform(0.7)) }, state = { h = { 3 } },
  step = function(p, x, s)
    local q = tanh(s.h * p.c + x)
    return concat { q, x }, { h = q * 0.5 + s.h }
  end,
  loss = function(y, t) return sum(y * t) end, tbptt = { k1 = 1, k2 = 4, loss = "last", overlap = "retain" },
}
LUA
cat >"$tmp/state.lua" <<'LUA'
return model {
  input = real(3), target = real(6), params = { c = param({ 3 }, uniform(0.7)) }, state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(s.h * p.c + x)
    return flatten(stack { h, x }), { h = h }
  end,
  loss = function(y, t) return sum(y * t) end, tbptt = { k1 = 1, k2 = 4, loss = "last", overlap = "versions" },
}
LUA
for spec in beside state; do
    for flags in "" "--resets --masks"; do
        # shellcheck disable=SC2086 # words
        "$TAPELESS" diff "$tmp/$spec.lua" -p f64 $flags >"$tmp/out" 2>&1 || fail "$spec $flags: $(tail -3 "$tmp/out")"
        # shellcheck disable=SC2086
        "$TAPELESS" jacobian "$tmp/$spec.lua" --diff -p f64 --k2 8 --steps 8 $flags >"$tmp/out" 2>&1 ||
            fail "jacobian $spec $flags: $(tail -3 "$tmp/out")"
    done
done
finish
