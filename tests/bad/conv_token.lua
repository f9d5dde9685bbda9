-- expect: tests/bad/conv_token.lua:6: conv2d: x is a token; embedding(W, x) turns it into a vector
return model {
  input = token(8),
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return conv2d(x, p.W), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
