-- expect: tests/bad/conv_missing.lua:6: conv2d takes 2 to 4 arguments, conv2d(x, w [, b] [, { stride = 1, pad = 0 }]); it was given 1
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
