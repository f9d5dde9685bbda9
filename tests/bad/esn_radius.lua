-- expect: tests/bad/esn_radius.lua:5: nn.esn: radius is 0; it must be a number above 0
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.esn(4, 8, { radius = 0 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
