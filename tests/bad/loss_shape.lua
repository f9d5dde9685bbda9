-- expect: tests/bad/loss_shape.lua:2: mse: the output is {8} but the target is {3}
return model {
  input = real(4),
  target = real(3),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
