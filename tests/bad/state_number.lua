-- expect: tests/bad/state_number.lua:7: the step returned 0 as the next state h; it must be a value of shape {8}
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = 0 }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
