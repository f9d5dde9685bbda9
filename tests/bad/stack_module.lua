-- expect: tests/bad/stack_module.lua:3: nn.stack takes a list of layers, nn.stack { nn.lstm(3, 16), nn.linear(16, 1) }, not module
local params = {
  f = nn.stack(nn.linear(4, 3)),
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
