-- expect: tests/bad/optimizer_lm.lua:2: train: lm is not built into this version; its optimizers are sgd, adam, adamw, rmsprop and lbfgs
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
  train = { optimizer = lm { lambda = 1e-3 } },
}
