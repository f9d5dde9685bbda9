-- expect: tests/bad/conv_three.lua:6: conv2d: stride is a list of 3; it must be one number, or two
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b, { stride = { 1, 1, 1 } }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
