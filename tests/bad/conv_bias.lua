-- expect: tests/bad/conv_bias.lua:6: conv2d: the bias b is {3}; it must be {8}
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 3 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
