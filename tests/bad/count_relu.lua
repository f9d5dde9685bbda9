-- expect: tests/bad/count_relu.lua:8: relu takes 1 argument, relu(x); it was given 2; leaky_relu(x, slope) has a slope
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = relu(p.W(x), 0.01)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
