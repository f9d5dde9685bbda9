-- expect: tests/bad/param_group_third.lua:5: param: the options of a module, or of a table of parameters, are the second argument; there is a third
return model {
  input = real(4),
  target = real(8),
  params = { net = param(nn.linear(4, 8), { lr = 1 }, { lr = 2 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
