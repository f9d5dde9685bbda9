-- expect: tests/bad/conv_image.lua:6: conv2d: x is {6, 6}; it takes {channels, height, width}
return model {
  input = real { 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
