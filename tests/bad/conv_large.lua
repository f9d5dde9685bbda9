-- expect: tests/bad/conv_large.lua:6: conv2d: 16777216 places of a window of 81 elements are too many; one example of a value has at most 268435456 elements
return model {
  input = real { 1, 4096, 4096 },
  params = { W = { 1, 1, 9, 9 } },
  step = function(p, x)
    return conv2d(x, p.W, nil, { pad = 4 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
