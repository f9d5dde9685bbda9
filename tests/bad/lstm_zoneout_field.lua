-- expect: tests/bad/lstm_zoneout_field.lua:5: nn.lstm: zoneout has no field hidden; its fields are h, c
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { zoneout = { hidden = 0.1 } }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
