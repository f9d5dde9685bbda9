-- expect: tests/bad/nn_conv_size.lua:4: nn.conv2d: the size is a list of 1; it must be one number, or two
return model {
  input = real { 2, 6, 6 },
  params = { conv = nn.conv2d(2, 8, { 3 }) },
  step = function(p, x)
    return p.conv(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
