-- expect: tests/bad/shape_rank.lua:2: params.W: a shape has at most 4 dimensions; {1, 2, 3, 4, 5} has 5
return model {
  input = real(4),
  target = real(8),
  params = { W = { 1, 2, 3, 4, 5 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
