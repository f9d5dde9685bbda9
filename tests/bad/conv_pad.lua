-- expect: tests/bad/conv_pad.lua:6: conv2d: pad: number 2 is -1; it must be a whole number from 0 to 16777216
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W, p.b, { pad = { 1, -1 } }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
