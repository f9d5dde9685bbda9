-- expect: tests/bad/global_helper.lua:3: last is assigned to a global in the step; write local last, and return as state what the next step is to see
function gate(w, x)
  last = sigmoid(w(x))
  return last
end

return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return gate(p.W, x) end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 },
}
