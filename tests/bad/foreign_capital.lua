-- expect: tests/bad/foreign_capital.lua:8: Tanh is not defined: write tanh(x)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = Tanh(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
