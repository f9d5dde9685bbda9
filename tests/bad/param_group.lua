-- expect: tests/bad/param_group.lua:5: param: a module is given without options; param(..., { lr = 0.1 }) gives them to all parameters in it
return model {
  input = real(4),
  target = real(8),
  params = { net = param(nn.linear(4, 8)) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
