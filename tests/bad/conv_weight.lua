-- expect: tests/bad/conv_weight.lua:6: conv2d: the weight W is {8, 2, 3}; it takes {out, in, height, width}
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3 } },
  step = function(p, x)
    return conv2d(x, p.W), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
