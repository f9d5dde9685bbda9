-- expect: tests/bad/shape_fraction.lua:2: params.W: dimension 2 of the shape is 4.5; it must be a whole number >= 1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4.5 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
