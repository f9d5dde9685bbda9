-- expect: tests/bad/conv_bias_options.lua:6: conv2d: argument 3 is a table; it is the bias, {8}, or nil, and then come the options
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, { stride = 2 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
