-- expect: tests/bad/state_group.lua:2: state.h is a table of parameters; parameters stand in params
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = param({ a = { 8 } }, { lr = 1 }) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
