-- expect: tests/bad/schedule_step.lua:13: step: every is missing; it is the number of updates from one step to the next
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { schedule = step { gamma = 0.5 } },
}
