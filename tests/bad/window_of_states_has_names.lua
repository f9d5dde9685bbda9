-- expect: tests/bad/window_of_states_has_names.lua:14: ss[4].c: there is no such state; there is h
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
    return ss[4].c
  end,
}
