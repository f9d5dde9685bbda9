-- expect: tests/bad/conv.lua:6: conv1d: x is {4}; it takes {channels, length}
return model {
  input = real(4),
  params = { W = { 8, 4, 3 } },
  step = function(p, x)
    return conv1d(x, p.W), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
