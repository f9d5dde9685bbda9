-- expect: tests/bad/global_step.lua:10: h is assigned to a global in the step; write local h, and return as state what the next step is to see
h = 0 -- at the top of a file it may be

return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, U = { 8, 8 } },
  state = {},
  step = function(p, x)
    h = tanh(p.W(x) + h)
    return h
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
