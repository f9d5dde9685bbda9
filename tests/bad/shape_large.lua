-- expect: tests/bad/shape_large.lua:2: params.W: the shape has 4.612e+18 elements; one example of a value has at most 268435456
return model {
  input = real(4),
  target = real(8),
  params = { W = { 2^31, 2^31 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
