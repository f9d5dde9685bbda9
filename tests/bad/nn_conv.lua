-- expect: tests/bad/nn_conv.lua:4: nn.conv2d has no field padding; did you mean pad?
return model {
  input = real { 2, 6, 6 },
  params = { conv = nn.conv2d(2, 8, 3, { padding = 1 }) },
  step = function(p, x)
    return p.conv(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
