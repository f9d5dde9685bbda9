-- expect: tests/bad/window_shape_of_target.lua:2: mse: the output is {16} but the target is {8}
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
    return concat { ys[1], ss[4].h }
  end,
}
