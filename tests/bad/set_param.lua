-- expect: tests/bad/set_param.lua:7: p.W has been set; p cannot be changed
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    p.W = tanh(p.W)
    local h = p.W(x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
