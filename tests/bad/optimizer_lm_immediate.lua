-- expect: tests/bad/optimizer_lm_immediate.lua: learn = 'immediate' and lm: take learn = 'tbptt' and k2 = 1
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4, learn = "immediate" },
  train = { optimizer = lm {} },
}
