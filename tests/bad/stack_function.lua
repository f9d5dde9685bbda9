-- expect: tests/bad/stack_function.lua:10: nn.stack: element 2 returned nil; it returns a value
local params = {
  f = nn.stack { nn.linear(4, 3), function(x) end },
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
