-- expect: tests/bad/stack_names.lua:3: nn.stack: elements 1 and 2 are both called l1
local params = {
  f = nn.stack { nn.linear(4, 3), { l1 = nn.linear(3, 3) } },
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
