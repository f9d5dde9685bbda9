-- expect: tests/bad/optimizer_lbfgs_decay.lua:13: lbfgs has no field weight_decay; l2 adds l2/2 times the sum of squares to the cost
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lbfgs { weight_decay = 1e-3 } },
}
