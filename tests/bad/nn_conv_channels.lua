-- expect: tests/bad/nn_conv_channels.lua:6: conv2d: the weight conv.weight is {8, 3, 3, 3} but x is {2, 6, 6}; conv.weight takes 3 channels
return model {
  input = real { 2, 6, 6 },
  params = { conv = nn.conv2d(3, 8, 3) },
  step = function(p, x)
    return p.conv(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
