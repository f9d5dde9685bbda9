-- Sums and means over each dimension and over all, softmax along each, layer_norm.
local cases = require "lib.cases"

local shapes = { vector = { 12 }, matrix = { 3, 4 }, row = { 1, 4 }, column = { 4, 1 }, rank3 = { 2, 3, 2 },
  rank4 = { 2, 1, 3, 2 } }

local function without(s, d)
  local r = {}
  for i = 1, #s do if i ~= d then r[#r + 1] = s[i] end end
  return r
end

-- f of a product of parameter and state, and of a parameter alone.
local function lanes(name, result, s, f)
  cases.add(name .. "_lanes", result, { a = param(s, uniform(1)) },
    function(p, x, h) return f(p.a * cases.part(h, s) + cases.part(x, s)) end)
end

local function each(name, result, s, f)
  lanes(name, result, s, f)
  cases.add(name .. "_shared", result, { a = param(s, uniform(1)) }, function(p) return f(p.a) end)
end

for _, name in ipairs { "vector", "matrix", "row", "column", "rank3", "rank4" } do
  local s = shapes[name]
  local both = (name == "matrix" or name == "rank3") and each or lanes
  for d = 1, #s do
    both("sum_" .. name .. d, without(s, d), s, function(v) return sum(v, d) end)
    both("softmax_" .. name .. d, s, s, function(v) return softmax(v, d) end)
    lanes("log_softmax_" .. name .. d, s, s, function(v) return log_softmax(v, d - 1 - #s) end)
  end
end
each("log_softmax_last", { 3, 4 }, shapes.matrix, log_softmax)
each("softmax_last", { 3, 4 }, shapes.matrix, softmax)
each("mean_matrix1", { 4 }, shapes.matrix, function(v) return mean(v, 1) end)
each("mean_matrix2", { 3 }, shapes.matrix, function(v) return mean(v, -1) end)
each("mean_rank3", { 2, 2 }, shapes.rank3, function(v) return mean(v, 2) end)
each("sum_all", {}, shapes.matrix, sum)
each("mean_all", {}, shapes.rank4, mean)
each("sum_keepdim", { 1, 4 }, shapes.matrix, function(v) return sum(v, 1, { keepdim = true }) end)
each("mean_keepdim", { 3, 4 }, shapes.matrix, function(v) return v - mean(v, -1, { keepdim = true }) end)
each("sum_all_keepdim", { 1, 1, 1 }, shapes.rank3, function(v) return sum(v, nil, { keepdim = true }) end)
each("sum_of_scalar", {}, {}, sum)
each("softmax_transposed", { 4, 3 }, shapes.matrix, function(v) return softmax(transpose(v), 1) end)
each("sum_transposed", { 3 }, shapes.matrix, function(v) return sum(transpose(v), 1) end)
each("sum_of_slice", { 3 }, shapes.matrix, function(v) return sum(slice(v, 2, 3), 2) end)
each("softmax_of_slice", { 3, 2 }, shapes.matrix, function(v) return softmax(slice(v, 2, 3), 1) end)
each("sum_of_broadcast", { 4 }, { 4 },
  function(v) return sum(v * cases.numbers({ 1, 2 }, { 3, 1 }), 1) end)
lanes("sum_of_state", {}, { 12 }, function(v) return sum(square(v)) end)
-- Attention's mask, and logits that overflow unless the greatest is subtracted.
each("softmax_masked", { 3, 4 }, shapes.matrix,
  function(v) return softmax(where(cases.numbers({ 1, 0, 1 }, { 3, 4 }), v, -1000)) end)
each("softmax_far", { 13 }, { 12 },
  function(v)
    local far = concat { v, cases.numbers({ 200 }, { 1 }) }
    return 0.01 * log_softmax(far) + softmax(far)
  end)

-- Rows that are never nearly constant: there layer_norm has a slope of 1 / sqrt(eps).
local function spread(s) return cases.numbers({ 1, -1, 2, 0.3, -2 }, s) end

for _, s in ipairs { { 12 }, { 3, 4 }, { 2, 2, 3 } } do
  local n = s[#s]
  local function parameters() return { a = param(s, uniform(1)), gain = param({ n }, uniform(1)), bias = { n } } end
  cases.add("layer_norm_both" .. #s, s, parameters(),
    function(p, x, h) return layer_norm(p.a * cases.part(h, s) + spread(s), p.gain, p.bias) end)
  cases.add("layer_norm_gain" .. #s, s, { a = param(s, uniform(1)), gain = param({ n }, uniform(1)) },
    function(p, x) return layer_norm(0.3 * tanh(cases.part(x, s)) * p.a + spread(s), p.gain) end)
  cases.add("layer_norm_eps" .. #s, s, parameters(),
    function(p, x) return layer_norm(p.a + cases.part(x, s), p.gain, p.bias, { eps = 0.5 }) end)
  cases.add("layer_norm_bias" .. #s, s, { a = param(s, uniform(0.5)), bias = { n } },
    function(p, x) return layer_norm(p.a + spread(s), nil, p.bias) end)
end

return cases.model()
