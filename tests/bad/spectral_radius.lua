-- expect: tests/bad/spectral_radius.lua:5: spectral: the radius is 0; it must be a number above 0
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 8 }, spectral(0)) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
