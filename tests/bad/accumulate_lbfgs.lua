-- expect: tests/bad/accumulate_lbfgs.lua:2: train: accumulate adds up gradients of windows for one step along them, and lbfgs has none: it looks for the length of its steps itself; leave it out (--set train.accumulate=1)
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
  train = { optimizer = lbfgs {}, accumulate = 4 },
}
