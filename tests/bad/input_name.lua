-- expect: tests/bad/input_name.lua:8: x.spedd: there is no such input; did you mean speed?
return model {
  input = { speed = real(4), load = real(1) },
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x.spedd) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
