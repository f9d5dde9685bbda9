-- expect: tests/bad/learn_lags.lua: learn = 'rtrl' has no adjoints, so there is no gradient of probes, and there are no lags; 'tbptt' has them
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4, learn = "rtrl", lags = true },
  train = { optimizer = adam {} },
}
