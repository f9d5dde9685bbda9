-- expect: tests/bad/optimizer_not_called.lua:2: train: optimizer is a function that was not called; it must be one such as adam { lr = 1e-3 }
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
  train = { optimizer = adam },
}
