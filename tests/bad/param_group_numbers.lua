-- expect: tests/bad/param_group_numbers.lua:5: param: a table of parameters is given without options; param(..., { lr = 0.1 }) gives them to all parameters in it; numbers come behind their shape, param({ 2, 2 }, { ... })
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ { 1, 2 }, { 3, 4 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
