-- expect: tests/bad/backward_module.lua:3: nn.backward takes a module with a state, nn.backward(nn.gru(3, 16)), not one without
local params = {
  f = nn.backward(nn.linear(4, 3)),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return p.f(x), {}
  end,
  window = function(p, ys) return ys[4] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
