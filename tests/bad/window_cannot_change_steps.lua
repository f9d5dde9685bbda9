-- expect: tests/bad/window_cannot_change_steps.lua:13: ys[1] has been set; ys cannot be changed
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
    ys[1] = ys[2]; return ys[1]
  end,
}
