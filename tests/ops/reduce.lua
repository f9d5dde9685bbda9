-- Sums and means over each dimension and over all, softmax along each, layer_norm.
local cases = require "lib.cases"

local shapes = { vector = { 12 }, matrix = { 3, 4 }, one_row = { 1, 4 }, one_column = { 4, 1 }, rank3 = { 2, 3, 2 },
  rank4 = { 2, 1, 3, 2 } }
local names = { "vector", "matrix", "one_row", "one_column", "rank3", "rank4" }

local function without(s, d)
  local r = {}
  for i = 1, #s do if i ~= d then r[#r + 1] = s[i] end end
  return r
end

-- f of a parameter, of a product of parameter and state, and of the state alone.
local function each(name, result, s, f)
  cases.add(name .. "_shared", result, { a = param(s, uniform(1)) }, function(p) return f(p.a) end)
  cases.add(name .. "_lanes", result, { a = param(s, uniform(1)) },
    function(p, x, h) return f(p.a * cases.part(h, s) + cases.part(x, s)) end)
  cases.add(name .. "_state", result, {}, function(_, _, h) return f(cases.part(h, s)) end)
end

for _, name in ipairs(names) do
  local s = shapes[name]
  for d = 1, #s do
    each("sum_" .. name .. d, without(s, d), s, function(v) return sum(v, d) end)
    each("mean_" .. name .. d, without(s, d), s, function(v) return mean(v, d - 1 - #s) end)
    each("softmax_" .. name .. d, s, s, function(v) return softmax(v, d) end)
    each("log_softmax_" .. name .. d, s, s, function(v) return log_softmax(v, d) end)
  end
  each("sum_all_" .. name, {}, s, sum)
  each("mean_all_" .. name, {}, s, mean)
end
each("sum_of_scalar", {}, {}, sum)
each("softmax_transposed", { 4, 3 }, { 3, 4 }, function(v) return softmax(transpose(v), 1) end)
each("sum_transposed", { 3 }, { 3, 4 }, function(v) return sum(transpose(v), 1) end)
each("sum_of_slice", { 3 }, { 3, 4 }, function(v) return sum(slice(v, 2, 3), 2) end)
each("softmax_of_slice", { 3, 2 }, { 3, 4 }, function(v) return softmax(slice(v, 2, 3), 1) end)
-- Far from 0: a softmax that does not subtract the greatest overflows.
each("softmax_far", { 12 }, { 12 }, function(v) return softmax(30 * v + 1000) + 1e-2 * log_softmax(v - 1000) end)

for _, s in ipairs { { 12 }, { 3, 4 }, { 2, 3, 2 } } do
  local n = s[#s]
  local function parameters() return { a = param(s, uniform(1)), gain = param({ n }, uniform(1)), bias = { n } } end
  cases.add("layer_norm_both" .. #s, s, parameters(),
    function(p, x, h) return layer_norm(p.a * cases.part(h, s) + 2 * cases.part(x, s), p.gain, p.bias) end)
  cases.add("layer_norm_gain" .. #s, s, { a = param(s, uniform(1)), gain = param({ n }, uniform(1)) },
    function(p, x) return layer_norm(p.a + 2 * cases.part(x, s), p.gain) end)
  cases.add("layer_norm_bias" .. #s, s, { a = param(s, uniform(2)), bias = { n } },
    function(p, x) return layer_norm(3 * p.a + 2 * cases.part(x, s), nil, p.bias) end)
end

return cases.model()
