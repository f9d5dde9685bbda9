-- expect: tests/bad/set_new_param.lua:8: p.V is set here; p cannot be changed
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    p.V = x
    return x, { h = x }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
