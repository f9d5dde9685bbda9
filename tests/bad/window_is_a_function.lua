-- expect: tests/bad/window_is_a_function.lua:2: window is a table; it must be a function(p, ys, ss) that returns the output
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
  window = { 3 },
}
