-- expect: tests/bad/foreign_module.lua:5: nn.Linear: there is no such module; write nn.linear(input, output [, { bias = true }])
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.Linear(4, 8) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
