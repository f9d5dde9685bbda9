-- expect: tests/bad/lstm_zoneout_one.lua:5: nn.lstm: zoneout is 1; it must be a number from 0, and below 1
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { zoneout = 1 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
