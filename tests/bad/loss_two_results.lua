-- expect: tests/bad/loss_two_results.lua:6: the loss returned 2 results; it returns a scalar, or a table of such by name
return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, t) return mse(y, t), mae(y, t) end,
  tbptt = { k1 = 1, k2 = 4 },
}
