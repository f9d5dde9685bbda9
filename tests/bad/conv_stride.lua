-- expect: tests/bad/conv_stride.lua:6: conv2d: stride is 0; it must be a whole number from 1 to 16777216; a pair sets rows and columns apart
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b, { stride = 0 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
