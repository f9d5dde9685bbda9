-- expect: tests/bad/optimizer_history_half.lua:13: lbfgs: history is 2.5; it must be a whole number from 1 to 1000
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
  train = { optimizer = lbfgs { history = 2.5 } },
}
