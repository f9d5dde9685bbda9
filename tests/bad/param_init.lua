-- expect: tests/bad/param_init.lua:5: param: the initial value is a function; it is a number, a table of numbers, zeros, ones, uniform(a), normal(sd), glorot, orthogonal or spectral(radius); uniform takes a bound: uniform(0.1)
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, uniform) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
