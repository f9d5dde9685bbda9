-- expect: tests/bad/spectral_not_called.lua:5: param: the initial value is a function; it is a number, a table of numbers, zeros, ones, uniform(a), normal(sd), glorot, orthogonal or spectral(radius); spectral takes a radius: spectral(0.9)
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 8 }, spectral) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
