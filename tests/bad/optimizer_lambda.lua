-- expect: tests/bad/optimizer_lambda.lua:13: lm: lambda is 0; it must be a number above 0
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lm { lambda = 0 } },
}
