-- max, min, where and comparisons. Their operands keep away from where they change: finite
-- differences mean nothing there (kinks.lua compares the two engines at such places).
local cases = require "lib.cases"
local apart = cases.apart

local few = { "input_rank", "row_shared", "scalar_state", "state_input", "state_number" }

local function far(x) return cases.apart(x, { 0, 2, -2 }) end

cases.binary("max", nil, max, apart, far)
cases.binary("min", few, min, apart, far)
-- Of three and of four: left, right and a number between them, which lie apart.
cases.binary("max_of_three", few, function(a, b) return max(a, 0, b) + 0.1 * a end, apart, far)
cases.binary("min_of_four", few, function(a, b) return min(5, a, b, 0) + 0.1 * b end, apart, far)
cases.add("slope", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)), slope = param({ 4 }, uniform(1)) },
  function(p, x) return leaky_relu(apart(p.a + cases.part(x, { 3, 4 })), p.slope) end)
cases.binary("gt", few, function(a, b) return gt(apart(a), far(b)) * a + b end)
cases.binary("ge", few, function(a, b) return a * ge(apart(a), far(b)) + b end)
cases.binary("lt", few, function(a, b) return lt(apart(a), far(b)) * b + a end)
cases.binary("le", few, function(a, b) return b * le(apart(a), far(b)) + a end)
cases.binary("eq", few, function(a, b) return a + b * eq(gt(apart(a), 0), gt(far(b), 0)) end)
cases.binary("where", nil, function(a, b) return where(gt(apart(a), far(b)), a, b) end)

-- The condition of one shape, both values of others.
cases.add("where_three", { 2, 3, 4 }, { a = param({ 3, 1 }, uniform(1)), b = param({ 2, 1, 1 }, uniform(1)) },
  function(p, x, h) return where(gt(apart(cases.part(x, { 4 })), 0), p.a * cases.part(h, { 3, 1 }), p.b) end)
cases.add("where_shared", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)), b = param({ 4 }, uniform(1)) },
  function(p) return where(gt(apart(p.a), 0), p.a, square(p.b)) end)
cases.add("where_numbers", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return where(gt(apart(h * p.a), 0), 2, 0.5) * p.a + where(0, h, p.a) + where(3, h, p.a) end)
-- All three outcomes of clamp: below, inside and above.
cases.add("clamp_state", { 3, 4 }, { a = param({ 4 }, uniform(1)) },
  function(p, _, h) return p.a * clamp(0.4 * tanh(cases.part(h, { 3, 4 }) * p.a) + cases.numbers({ 2, -2, 0 }, { 3, 4 }), -1, 0.9) end)
cases.add("clamp_shared", { 6 }, { a = param({ 6 }, uniform(1)) },
  function(p) return clamp(0.4 * tanh(p.a) + cases.numbers({ 2, -2, 0 }, { 6 }), -1, 1) end)

return cases.model()
