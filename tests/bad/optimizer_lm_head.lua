-- expect: tests/bad/optimizer_lm_head.lua: a model with a head over its window learns by tbptt alone
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  window = function(p, ys) return ys[1] + ys[4] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lm {} },
}
