-- expect: tests/bad/param_values_hole.lua:5: param: the numbers have a hole at 2
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 3 }, { 1, nil, 3 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
