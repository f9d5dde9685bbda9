-- expect: tests/bad/init_values.lua:6: init: the shape is {8}, 8 numbers, but the initial value is {3}; it is nested like the shape, or one list
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = init({ 8 }, { 1, 2, 3 }) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
