-- expect: tests/bad/param_factors.lua:2: params.W.1: the factors of lr or weight_decay multiply to more than there are numbers
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ param({ 8, 4 }, glorot, { lr = 1e200 }) }, { lr = 1e200 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
