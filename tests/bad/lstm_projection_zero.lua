-- expect: tests/bad/lstm_projection_zero.lua:5: nn.lstm: projection is 0; it must be a whole number from 1 to 16777216
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { projection = 0 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
