-- expect: tests/bad/loss_missing.lua:2: loss is missing; it is mse, mae, huber, bce, cross_entropy, quantile { 0.1, 0.5, 0.9 } or a function(y, target)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
