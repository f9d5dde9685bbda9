-- expect: tests/bad/state_shape.lua:7: the step returned sum(...) of shape {} as the next state h, which is declared as {8}
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = sum(h) }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
