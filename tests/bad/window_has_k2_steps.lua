-- expect: tests/bad/window_has_k2_steps.lua:14: ys[5]: the window has 4 steps, 1 (the oldest) to 4
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
  tbptt = { k1 = 2, k2 = 4 },
  window = function(p, ys, ss)
    return ys[5]
  end,
}
