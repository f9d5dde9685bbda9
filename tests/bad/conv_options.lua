-- expect: tests/bad/conv_options.lua:6: conv2d: argument 4 is 2; it is a table of options: conv2d(x, w [, b] [, { stride = 1, pad = 0 }])
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b, 2), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
