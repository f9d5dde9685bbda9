-- expect: tests/bad/clockwork_periods.lua:5: nn.clockwork: periods is 4; it must be a list of whole numbers, { 1, 2, 4, 8 }
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.clockwork(4, 8, { periods = 4 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
