-- expect: tests/bad/foreign_norm.lua:5: nn.BatchNorm1d: there is no such module; its statistics run over the lanes, and a step is written for one example; layer_norm(x, gain, bias) is there
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.BatchNorm1d(8) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
