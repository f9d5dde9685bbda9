-- What a token addresses: rows of a parameter, rows of a computed matrix, the loss of a class.
local cases = require "lib.cases"

cases.add("rows", { 12 }, { E = param({ 5, 12 }, uniform(1)) },
  function(p, _, h, k) return embedding(p.E, k) * h end)
cases.add("rows_unscaled", { 3 }, { E = param({ 5, 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(p.E, k) end)
cases.add("more_rows", { 3 }, { E = param({ 7, 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(p.E, k) end)
cases.add("one_column", { 1 }, { E = param({ 5, 1 }, uniform(1)) },
  function(p, _, _, k) return embedding(p.E, k) end)
cases.add("computed", { 3 }, { E = param({ 5, 3 }, uniform(1)), g = param({ 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(tanh(p.E) * p.g, k) end)
cases.add("transposed", { 3 }, { E = param({ 3, 5 }, uniform(1)) },
  function(p, _, _, k) return embedding(transpose(p.E), k) end)
cases.add("columns", { 2 }, { E = param({ 5, 6 }, uniform(1)) },
  function(p, _, _, k) return embedding(slice(p.E, 3, 4), k) end)
cases.add("lower_rows", { 3 }, { E = param({ 9, 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(slice(p.E, 4, 8, 1), k) end)
cases.add("product", { 3 }, { E = param({ 5, 4 }, uniform(1)), M = param({ 4, 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(matmul(p.E, p.M), k) end)
cases.add("twice", { 6 }, { E = param({ 5, 3 }, uniform(1)) },
  function(p, _, _, k) return concat { embedding(p.E, k), square(embedding(p.E, k)) } end)
cases.add("joined", { 4 }, { E = param({ 5, 3 }, uniform(1)), b = param({ 1 }, uniform(1)) },
  function(p, _, _, k) return concat { p.b, embedding(p.E, k) } end)
-- An embedding whose matrix has other uses as well: the sums join.
cases.add("tied", { 5 }, { E = param({ 5, 12 }, uniform(1)) },
  function(p, _, h, k) return p.E(embedding(p.E, k) + h) end)
-- Picks, as losses inside a step. Logits from the state, from parameters alone, as part of a value.
cases.add("pick", {}, { W = param({ 5, 12 }, uniform(1)) },
  function(p, _, h, k) return cross_entropy(p.W(h), k) end)
cases.add("pick_shared", {}, { b = param({ 5 }, uniform(1)) },
  function(p, _, _, k) return cross_entropy(p.b, k) end)
cases.add("pick_wide", {}, { b = param({ 8 }, uniform(1)) },
  function(p, _, h, k) return cross_entropy(slice(p.b * slice(h, 1, 8), 2, 6), k) end)
cases.add("pick_twice", {}, { b = param({ 5 }, uniform(1)) },
  function(p, _, h, k) return cross_entropy(p.b * slice(h, 1, 5), k) * cross_entropy(slice(h, 4, 8), k) end)
cases.add("pick_column", {}, { b = param({ 5, 2 }, uniform(1)) },
  function(p, _, h, k) return cross_entropy(reshape(slice(p.b * cases.part(h, { 5, 2 }), 2, 2), { 5 }), k) end)
-- Classes that count differently, a target that is spread, a token that is ignored.
local weight = { 0.5, 2, 0, 1, 3 }
for name, options in pairs {
  weight = { weight = weight }, smoothing = { smoothing = 0.2 }, all_smooth = { smoothing = 1 },
  ignore = { ignore = 3 }, all = { weight = weight, smoothing = 0.3, ignore = 1 },
} do
  cases.add("pick_" .. name, {}, { b = param({ 5 }, uniform(1)) },
    function(p, _, h, k) return cross_entropy(p.b * slice(h, 1, 5), k, options) end)
  cases.add("pick_shared_" .. name, {}, { b = param({ 5 }, uniform(1)) },
    function(p, _, _, k) return cross_entropy(p.b, k, options) end)
end

return cases.model()
