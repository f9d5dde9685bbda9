-- expect: tests/bad/learned_constrained.lua:6: params.init.h starts at 0, outside of its constraint, at least 1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = learned({ 8 }, 0, { constrain = { min = 1 } }) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
