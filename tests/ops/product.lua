-- Products of vectors and matrices, each of parameters, of the input, of the state; applied matrices.
local cases = require "lib.cases"
local part = cases.part

-- matmul(a, b) with each operand shared or one a lane.
local shapes = {
  vv = { { 4 }, { 4 }, {} }, mv = { { 3, 4 }, { 4 }, { 3 } }, vm = { { 3 }, { 3, 4 }, { 4 } },
  mm = { { 2, 3 }, { 3, 4 }, { 2, 4 } }, outer = { { 3, 1 }, { 1, 4 }, { 3, 4 } },
    inner = { { 1, 4 }, { 4, 1 }, { 1, 1 } },
  one = { { 1 }, { 1, 3 }, { 3 } },
}
for _, name in ipairs { "vv", "mv", "vm", "mm", "outer", "inner", "one" } do
  local s, t, result = unpack(shapes[name])
  local function add(kind, f)
    cases.add(name .. "_" .. kind, result, { a = param(s, uniform(1)), b = param(t, uniform(1)) }, f)
  end
  add("shared", function(p) return matmul(p.a, p.b) end)
  add("shared_lanes", function(p, _, h) return matmul(p.a, p.b * part(h, t)) end)
  add("lanes_shared", function(p, x) return matmul(p.a + part(x, s), p.b) end)
  add("lanes", function(p, x, h) return matmul(p.a + part(x, s), p.b + part(h, t)) end)
  add("input", function(p, x, h) return matmul(p.a, part(x, t)) + matmul(part(h, s), p.b) end)
  if #s == 2 then
    cases.add(name .. "_left_transposed", result, { a = param({ s[2], s[1] }, uniform(1)), b = param(t, uniform(1)) },
      function(p, _, h) return matmul(transpose(p.a), p.b * part(h, t)) + matmul(transpose(p.a), p.b) end)
    cases.add(name .. "_left_lanes_transposed", result, { a = param({ s[2], s[1] }, uniform(1)), b = param(t, uniform(1)) },
      function(p, x, h) return matmul(transpose(p.a + part(h, { s[2], s[1] })), p.b + part(x, t)) end)
  end
  if #t == 2 then
    cases.add(name .. "_right_transposed", result, { a = param(s, uniform(1)), b = param({ t[2], t[1] }, uniform(1)) },
      function(p, _, h) return matmul(p.a * part(h, s), transpose(p.b)) + matmul(p.a, transpose(p.b)) end)
    cases.add(name .. "_right_lanes_transposed", result, { a = param(s, uniform(1)), b = param({ t[2], t[1] }, uniform(1)) },
      function(p, x, h) return matmul(p.a + part(h, s), transpose(p.b + part(x, { t[2], t[1] }))) end)
  end
end

cases.add("apply", { 3 }, { W = param({ 3, 12 }, uniform(1)), U = param({ 3, 12 }, uniform(1)) },
  function(p, x, h) return p.W(x) + p.U(h) end)
cases.add("apply_rows", { 3, 5 }, { W = param({ 5, 4 }, uniform(1)) },
  function(p, _, h) return p.W(part(h, { 3, 4 })) end)
cases.add("apply_shared", { 3, 5 }, { W = param({ 5, 4 }, uniform(1)), V = param({ 3, 4 }, uniform(1)) },
  function(p) return p.W(p.V) end)
cases.add("apply_twice", { 12 }, { W = param({ 12, 12 }, uniform(0.3)) },
  function(p, x, h) return p.W(tanh(p.W(h) + x)) end)
cases.add("apply_computed", { 3 }, { W = param({ 3, 12 }, uniform(1)) },
  function(p, x, h) return (tanh(p.W) * 0.5)(x) + transpose(reshape(p.W, { 12, 3 }))(h) end)
cases.add("square_of_matrix", { 3, 3 }, { A = param({ 3, 3 }, uniform(1)) },
  function(p) return matmul(p.A, p.A) end)
cases.add("square_of_lanes", { 3, 3 }, { A = param({ 3, 3 }, uniform(1)) },
  function(p, _, h) local m = p.A * part(h, { 3, 3 }) return matmul(m, m) end)
cases.add("gram", { 3, 3 }, { A = param({ 3, 4 }, uniform(1)) },
  function(p, _, h) local m = p.A + part(h, { 3, 4 }) return matmul(m, transpose(m)) end)
-- What is added to all rows of a product: one row for all lanes, and one a lane.
cases.add("plus_row", { 3, 5 }, { A = param({ 4, 5 }, uniform(1)), v = param({ 5 }, uniform(1)) },
  function(p, _, h) return matmul(part(h, { 3, 4 }), p.A) + p.v end)
cases.add("plus_row_of_lane", { 3, 5 }, { A = param({ 4, 5 }, uniform(1)), v = param({ 5 }, uniform(1)) },
  function(p, x, h) return matmul(part(h, { 3, 4 }), p.A) + tanh(part(x, { 5 }) * p.v) end)
-- Operands that no BLAS can walk: slices by column, broadcasts, numbers.
cases.add("columns", { 2, 4 }, { A = param({ 4, 6 }, uniform(1)) },
  function(p, _, h) return matmul(transpose(slice(p.A, 2, 3)), slice(p.A, 3, 6) * part(h, { 1, 4 })) end)
cases.add("of_slices", { 1, 4 }, { A = param({ 4, 6 }, uniform(1)) },
  function(p, x, h) return matmul(slice(part(x, { 3, 4 }), 2, 2, 1) + slice(part(h, { 3, 4 }), 1, 1, 1), slice(p.A, 3, 6))
    end)
cases.add("of_numbers", { 3, 2 }, { A = param({ 3, 4 }, uniform(1)) },
  function(p, _, h) return matmul(p.A * part(h, { 3, 4 }), cases.numbers({ 1, -2, 0.5 }, { 4, 2 })) end)
cases.add("of_constant", { 3, 2 }, { A = param({ 3, 4 }, uniform(1)) },
  function(p, _, h) return matmul(p.A * part(h, { 3, 4 }), reshape(stack { 1, 1, 1, 1, 1, 1, 1, 1 }, { 4, 2 })) end)
cases.add("middle_transposed", { 2, 2 }, { A = param({ 2, 3, 2 }, uniform(1)) },
  function(p, _, h)
    local m = transpose(p.A * part(h, { 2, 3, 2 }))
    return matmul(reshape(slice(m, 1, 1, 1), { 2, 3 }), transpose(reshape(slice(m, 2, 2, 1), { 2, 3 })))
  end)

return cases.model()
