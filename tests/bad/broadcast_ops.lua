-- expect: tests/bad/broadcast_ops.lua:8: tanh(...) * sigmoid(...): tanh(...) is {8} but sigmoid(...) is {7}; shapes are matched from the right, and only a 1 stretches
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, U = { 7, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x)) * sigmoid(p.U(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
