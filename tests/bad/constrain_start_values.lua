-- expect: tests/bad/constrain_start_values.lua:5: params.W starts at -0.25, outside of its constraint, at least 0
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 2 }, { 0.5, -0.25 }, { constrain = { min = 0 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
