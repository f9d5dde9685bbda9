-- expect: tests/bad/state_missing.lua:7: the step returned no next state h
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, {}
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
