# A model with 64 inputs, targets and outputs compiles, and so does the C with
# a member for each: the time to find their names goes by the number of fields, not by two to its power.
. tests/cli/common.sh
cat >"$tmp/wide.lua" <<'LUA'
local n = 64
local input, target = {}, {}
for i = 1, n do
  input["x" .. i], target["t" .. i] = real(2), real(2)
end
return model {
  input = input, target = target, params = { w = param({ 2 }, 0.5) },
  state = { h = { 2 } },
  step = function(p, x, s)
    local y, h = {}, s.h
    for i = 1, n do
      h = tanh(p.w * h + x["x" .. i])
      y["y" .. i] = h
    end
    return y, { h = h }
  end,
  loss = function(y, t)
    local l = 0
    for i = 1, n do l = l + mse(y["y" .. i], t["t" .. i]) end
    return l
  end,
  tbptt = { k1 = 1, k2 = 2 },
}
LUA
for how in "" "--single-file --online"; do
    # shellcheck disable=SC2086
    timeout 100 "$TAPELESS" compile "$tmp/wide.lua" $how -o "$tmp/out" >"$tmp/said" 2>&1 || fail "'$how': $(cat "$tmp/said")"
    gcc -std=c99 -O0 -Wall -Werror -fsyntax-only -I runtime "$tmp/out/wide.c" >"$tmp/said" 2>&1 || fail "'$how': $(head -n 5 "$tmp/said")"
done
finish
