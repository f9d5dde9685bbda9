-- expect: tests/bad/stack_two.lua:3: nn.stack: element 1 is a table; it is a module, a function of one value such as relu, or either under a name, { head = nn.linear(8, 2) }
local params = {
  f = nn.stack { { a = nn.linear(4, 3), b = nn.linear(3, 3) } },
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
