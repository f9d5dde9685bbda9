-- Where a function has a kink or a gradient is cut, finite differences say nothing, so this spec is
-- compared by the two engines only. Conventions: max and min share a tie's gradient evenly; relu
-- and abs have none at 0; clamp passes it at its bounds.
local cases = require "lib.cases"
local part = cases.part

local function zero(h) return h * 0 end -- 0, but not to the compiler
local function at_zero(v) return v - stop_gradient(v) end -- 0, and the gradient goes to v

cases.add("max_tie", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return max(p.a * h, h * p.a + zero(h)) end)
cases.add("min_tie", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return min(p.a * h, h * p.a + zero(h)) end)
cases.add("max_tie_shared", { 3, 4 }, { a = param({ 4 }, uniform(1)) },
  function(p) return max(p.a, p.a + cases.numbers({ 0, -1, 1 }, { 3, 4 })) end)
cases.add("max_zero", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return max(at_zero(p.a * h), 0) + h end)
cases.add("min_zero", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return min(at_zero(p.a * h), 0) + h end)
cases.add("relu_zero", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return relu(at_zero(p.a * h)) + 0.1 * p.a end)
cases.add("abs_zero", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return abs(at_zero(p.a * h)) + 0.1 * p.a end)
cases.add("clamp_lower", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return clamp(at_zero(p.a * h), 0, 1) + h end)
cases.add("clamp_upper", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return clamp(at_zero(p.a * h), -1, 0) + h end)
cases.add("clamp_point", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return clamp(at_zero(p.a), 0, 0) + clamp(p.a, 0, 0) + h end)
cases.add("relu_everywhere", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return relu(p.a * h + x) end)
cases.add("abs_everywhere", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return abs(p.a * h + x) end)
cases.add("eq_values", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return eq(p.a, p.a) * h + eq(h, x) + ge(h, h) - le(x, x) + gt(h, h) + lt(x, x) + p.a end)
cases.add("stop_shared", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return p.a * stop_gradient(p.a * h) end)
cases.add("stop_only", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return stop_gradient(p.a) + h end)
cases.add("stop_state", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return tanh(stop_gradient(h) * p.a) end)
cases.add("stop_twice", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return stop_gradient(stop_gradient(p.a) + h) * p.a end)
cases.add("stop_probe_beside", { 12 }, { a = param({ 12 }, uniform(1)) }, function(p, _, h)
  local v = probe("beside", p.a * h)
  return stop_gradient(v) * v + sin(v)
end)
cases.add("stop_probe", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return stop_gradient(probe("stopped", p.a * h)) + p.a end)
cases.add("straight_through", { 12 }, { a = param({ 12 }, uniform(1)) }, function(p, _, h)
  local v = p.a * h
  return v + stop_gradient(gt(v, 0) - v)
end)
cases.add("where_both_zero", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)) },
  function(p, _, h) return where(zero(part(h, { 3, 4 })), p.a, part(h, { 3, 4 })) end)

return cases.model()
