-- expect: tests/bad/lm_large.lua: lm of 90000 parameters keeps a matrix of as many rows, 60 GiB of it; lbfgs is for models as large
return model {
  input = real(300), target = real(300),
  params = { W = { 300, 300 } },
  state = { h = { 300 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 4, k2 = 4 },
  train = { optimizer = lm {} },
}
