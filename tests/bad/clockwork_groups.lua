-- expect: tests/bad/clockwork_groups.lua:5: nn.clockwork: periods: 10 units do not divide into 4 equal groups, one for each period
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.clockwork(4, 10) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
