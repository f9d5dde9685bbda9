-- expect: tests/bad/conv_options.lua:6: conv2d: the last argument is 2; it is a table such as { stride = 2, pad = 1 }
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b, 2), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
