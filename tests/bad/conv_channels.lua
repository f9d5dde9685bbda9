-- expect: tests/bad/conv_channels.lua:6: conv2d: the weight W is {8, 2, 3, 3} but x is {3, 6, 6}; W takes 2 channels
return model {
  input = real { 3, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
