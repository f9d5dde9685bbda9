-- expect: tests/bad/constrain_start.lua:5: params.W starts at 2, outside of its constraint, at least 0, at most 1
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, 2, { constrain = { min = 0, max = 1 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
