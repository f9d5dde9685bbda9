-- expect: tests/bad/optimizer_lm_loss.lua:2: the loss is no sum of squares: it adds up a mul; lm and ekf need residuals, as mse or sum(square(y - target)) have them
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss = huber,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lm {} },
}
