-- expect: tests/bad/param_values_text.lua:5: param: the numbers have '2' at [2]; it must be a number
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 3 }, { 1, '2', 3 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
