-- expect: tests/bad/nn_dropout.lua:5: nn.lstm: dropout is between layers, and there is one; dropout(h, 0.5) in the step drops its output
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { dropout = 0.5 }) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
