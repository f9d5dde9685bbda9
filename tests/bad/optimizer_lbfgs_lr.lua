-- expect: tests/bad/optimizer_lbfgs_lr.lua:13: lbfgs has no field lr; it looks for the length of each step along the line
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
  train = { optimizer = lbfgs { lr = 1 } },
}
