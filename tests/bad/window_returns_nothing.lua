-- expect: tests/bad/window_returns_nothing.lua:13: the window returned nil as its output; it must be a value of the model or a table of such by name
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
    local y = ys[1]
  end,
}
