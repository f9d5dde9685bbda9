-- expect: tests/bad/lstm_zoneout.lua:5: nn.lstm: zoneout is true; it must be a number from 0, and below 1, or { h = ..., c = ... }
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { zoneout = true }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
