-- expect: tests/bad/schedule_cycle_warmup.lua:13: one_cycle has no field warmup; its fields are total, peak, start, final
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
  train = { schedule = one_cycle { warmup = 10 } },
}
