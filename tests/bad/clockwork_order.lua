-- expect: tests/bad/clockwork_order.lua:5: nn.clockwork: periods[3] is 2; it must be a whole number from 5 to 8388608; periods are in order, the fastest group first
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.clockwork(4, 8, { periods = { 1, 4, 2, 8 } }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
