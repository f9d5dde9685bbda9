-- expect: tests/bad/param_lr_infinite.lua:5: param: lr is inf; it must be a number from 0, a factor of the optimizer's
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { lr = 1 / 0 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
