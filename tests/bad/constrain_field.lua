-- expect: tests/bad/constrain_field.lua:5: param: constrain has no field maximum; its fields are min, max, max_norm
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { constrain = { maximum = 1 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
