-- expect: tests/bad/param_weight_decay.lua:5: param: weight_decay is 'none'; it must be a number from 0, a factor of the optimizer's
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { weight_decay = "none" }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
