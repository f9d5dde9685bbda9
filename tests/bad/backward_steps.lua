-- expect: tests/bad/backward_steps.lua:10: nn.backward: its argument is x of shape {4}; it is a list of values of the window's steps, the oldest first
local params = {
  f = nn.backward(nn.gru(4, 3)),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return p.f(x), {}
  end,
  window = function(p, ys) return ys[4] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
