-- expect: tests/bad/constrain_order.lua:5: param: constrain: min 1 is above max 0
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { constrain = { min = 1, max = 0 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
