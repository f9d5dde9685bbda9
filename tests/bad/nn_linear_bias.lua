-- expect: tests/bad/nn_linear_bias.lua:5: nn.linear: argument 3 is false; it is a table of options: nn.linear(input, output [, { bias = true }])
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.linear(4, 8, false) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
