-- expect: tests/bad/constrain_start_default.lua:2: params.gains.a starts at 0, outside of its constraint, at least 0.1
return model {
  input = real(4),
  target = real(8),
  params = {
    W = { 8, 4 },
    gains = param({ a = { 3 }, b = { 3 } }, { constrain = { min = 0.1 } }),
  },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
