-- expect: tests/bad/conv_fit.lua:6: conv2d: a window of {3, 3} does not fit into x, which is {2, 2, 6}, with a pad of {0, 0}
return model {
  input = real { 2, 2, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
