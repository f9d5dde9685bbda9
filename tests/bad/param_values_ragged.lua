-- expect: tests/bad/param_values_ragged.lua:5: param: the numbers have rows of different lengths: the one at [2] has 1, those before it 2
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 2, 2 }, { { 1, 2 }, { 3 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
