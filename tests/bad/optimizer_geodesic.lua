-- expect: tests/bad/optimizer_geodesic.lua:13: lm: geodesic is 1; it must be true or false
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
  train = { optimizer = lm { geodesic = 1 } },
}
