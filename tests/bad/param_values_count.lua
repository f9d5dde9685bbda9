-- expect: tests/bad/param_values_count.lua:5: param: the shape is {2, 2}, 4 numbers, but the initial value is {3}; it is nested like the shape, or one list
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 2, 2 }, { 1, 2, 3 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
