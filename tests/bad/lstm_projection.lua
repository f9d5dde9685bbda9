-- expect: tests/bad/lstm_projection.lua:5: nn.lstm: projection is 8 and the hidden size 8; it must be smaller
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { projection = 8 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
