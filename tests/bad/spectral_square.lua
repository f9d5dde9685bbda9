-- expect: tests/bad/spectral_square.lua:5: param: spectral is for square matrices, not for {8, 4}
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, spectral(0.9)) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
