-- expect: tests/bad/nn_conv_stride.lua:4: nn.conv1d: stride is a list of 2; it must be one number
return model {
  input = real { 2, 6, 6 },
  params = { conv = nn.conv1d(3, 8, 3, { stride = { 2, 2 } }) },
  step = function(p, x)
    return p.conv(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
