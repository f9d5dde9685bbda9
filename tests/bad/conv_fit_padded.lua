-- expect: tests/bad/conv_fit_padded.lua:6: conv1d: a window of {9} does not fit into x, which is {2, 6}, with a pad of {1}
return model {
  input = real { 2, 6 },
  params = { W = { 4, 2, 9 } },
  step = function(p, x)
    return conv1d(x, p.W, nil, { pad = 1 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
