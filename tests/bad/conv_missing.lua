-- expect: tests/bad/conv_missing.lua:6: conv2d: argument 2 is nil; it must be a value of the model or a number
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
