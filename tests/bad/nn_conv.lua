-- expect: tests/bad/nn_conv.lua:5: nn.conv2d is not among the modules of this version
return model {
  input = real(4),
  target = real(8),
  params = { conv = nn.conv2d(2, 8, 3) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
