-- Tables of numbers, by what reads them: products on either side, broadcasting, reductions, views, an
-- embedding, what backward code reads, and functions of them alone.
local cases = require "lib.cases"

-- Numbers without a pattern, the same in every run.
local function numbers(rows, columns)
  local t, v = {}, 0.3
  for i = 1, rows do
    t[i] = {}
    for j = 1, columns do
      v = 3.7 * v * (1 - v)
      t[i][j] = 2 * v - 1
    end
  end
  return t
end

local square = const(numbers(4, 4))
local tall = const(numbers(4, 3))
local row = const(numbers(1, 12)[1])
local image = const { numbers(3, 4) }

cases.add("applied", { 4 }, {}, function(_, x) return square(slice(x, 1, 4)) end)
cases.add("applied_rows", { 3, 4 }, {}, function(_, _, h) return square(reshape(h, { 3, 4 })) end)
cases.add("left", { 4, 3 }, { W = param({ 4, 3 }, uniform(1)) }, function(p) return matmul(square, p.W) end)
cases.add("right", { 2, 3 }, {}, function(_, _, h) return matmul(slice(reshape(h, { 3, 4 }), 1, 2, 1), tall) end)
cases.add("scales", { 12 }, {}, function(_, _, h) return row * h end)
cases.add("scales_shared", { 3, 4 }, { b = param({ 4 }, uniform(1)) },
  function(p) return p.b * transpose(tall) end)
cases.add("added", { 12 }, {}, function(_, x, h) return row + tanh(h * x) end)
cases.add("divides", { 12 }, {}, function(_, _, h) return h / (2 + row) end)
cases.add("compared", { 12 }, {}, function(_, _, h) return where(gt(row, 0), h, 0.3 * h) end)
cases.add("largest", { 12 }, {}, function(_, _, h) return max(row, 3 + h) + min(row, h - 3) end)
cases.add("summed", { 4 }, {}, function(_, _, h) return sum(tall, 2) * slice(h, 1, 4) end)
cases.add("summed_all", {}, { a = param({}, uniform(1)) }, function(p) return mean(square) * p.a end)
cases.add("softmaxed", { 4, 3 }, {}, function(_, _, h) return softmax(tall) * reshape(h, { 4, 3 }) end)
cases.add("sliced", { 2, 3 }, {}, function(_, _, h) return slice(tall, 2, 3, 1) * slice(h, 1, 3) end)
cases.add("transposed", { 3 }, {}, function(_, x) return matmul(transpose(tall), slice(x, 1, 4)) end)
cases.add("reshaped", { 3, 4 }, {}, function(_, _, h) return reshape(tall, { 3, 4 }) * reshape(h, { 3, 4 }) end)
cases.add("joined", { 16 }, {}, function(_, _, h) return concat { slice(row, 3, 6), h } end)
cases.add("itself", { 12 }, {}, function() return row end)
cases.add("of_itself", { 4, 4 }, { a = param({}, uniform(1)) },
  function(p) return p.a * matmul(square, tanh(square)) end)
cases.add("rows_of_it", { 12 }, {},
  function(_, _, h, k) return embedding(const(numbers(5, 12)), k) * h end)
cases.add("rows_unscaled", { 2 }, {}, function(_, _, _, k) return embedding(const(numbers(7, 2)), k) end)
cases.add("convolved", { 2, 2, 3 }, { w = param({ 2, 1, 2, 2 }, uniform(1)) },
  function(p) return conv2d(image, p.w) end)
cases.add("convolves", { 1, 10 }, {}, function(_, _, h)
  return conv1d(reshape(h, { 1, 12 }), const { { { 0.25, -0.5, 1 } } })
end)
cases.add("picked", {}, {}, function(_, _, h, k) return cross_entropy(const { 1, 0, -1, 0.5, 2 } * slice(h, 1, 5), k) end)
cases.add("all_alike", { 2, 3 }, {}, function(_, _, h)
  return const { { 2, 2, 2 }, { 2, 2, 2 } } * cases.part(h, { 2, 3 })
end)
cases.add("stopped", { 12 }, {}, function(_, _, h) return stop_gradient(row) * h end)

return cases.model()
